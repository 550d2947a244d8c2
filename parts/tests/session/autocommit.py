@pytest.mark.parametrize(("error", "status"), [(HTTPException(418), 418), (ValueError("a mistake"), 500)])
def test_endpoint_that_raises_stores_nothing(accounts: TestClient, error: Exception, status: int) -> None:
    @app_of(accounts).post("/mistake")
    async def mistake(session: SessionDep) -> None:
        await AccountRepository(session).create(CHECKING)
        raise error

    assert accounts.post("/mistake").status_code == status
    assert list_all(accounts) == []
    assert checked_out(accounts) == 0


@pytest.mark.parametrize("failing", ["flush", pytest.param("statement", marks=needs_server)])  # postgresql
@pytest.mark.parametrize("failing", ["flush", "statement"])  # sqlite mysql
def test_caught_error_does_not_hide_lost_work(accounts: TestClient, failing: str) -> None:
    again = insert(Account).values(**Account.model_validate(CHECKING).model_dump(exclude={"id"}))

    @app_of(accounts).post("/caught", status_code=201)
    async def create(session: SessionDep) -> None:
        repository = AccountRepository(session)
        await repository.create(CHECKING)
        with suppress(IntegrityError):
            if failing == "flush":
                await repository.create(CHECKING)
            else:
                await session.exec(again)

    status, total = 500, 0  # postgresql
    status, total = (500, 0) if failing == "flush" else (201, 1)  # sqlite mysql
    assert accounts.post("/caught").status_code == status
    assert len(list_all(accounts)) == total
    assert checked_out(accounts) == 0
