@pytest.mark.parametrize(("error", "status"), [(HTTPException(418), 418), (ValueError("a mistake"), 500)])
def test_endpoint_that_raises_stores_nothing(accounts: TestClient, error: Exception, status: int) -> None:
    @app_of(accounts).post("/mistake")
    async def mistake(uow: UnitOfWorkDep) -> None:
        async with uow:
            await AccountRepository(uow.session).create(CHECKING)
            raise error

    assert accounts.post("/mistake").status_code == status
    assert list_all(accounts) == []
    assert checked_out(accounts) == 0


@pytest.mark.parametrize("failing", ["flush", pytest.param("statement", marks=needs_server)])  # postgresql
@pytest.mark.parametrize("failing", ["flush", "statement"])  # sqlite mysql
def test_caught_error_does_not_hide_lost_work(accounts: TestClient, failing: str) -> None:
    again = insert(Account).values(**Account.model_validate(CHECKING).model_dump(exclude={"id"}))

    @app_of(accounts).post("/caught", status_code=201)
    async def create(uow: UnitOfWorkDep) -> None:
        async with uow:
            await AccountRepository(uow.session).create(CHECKING)
            with suppress(IntegrityError):
                if failing == "flush":
                    await AccountRepository(uow.session).create(CHECKING)
                else:
                    await uow.session.exec(again)

    status, total = 500, 0  # postgresql
    status, total = (500, 0) if failing == "flush" else (201, 1)  # sqlite mysql
    assert accounts.post("/caught").status_code == status
    assert len(list_all(accounts)) == total
    assert checked_out(accounts) == 0


def test_unit_of_work_spans_repositories(accounts: TestClient) -> None:
    uow = UnitOfWork(database_of(accounts).sessions)

    async def open_both(parent: str, child: str) -> None:
        async with uow:
            opened = await AccountRepository(uow.session).create(AccountCreate(name=parent))
            await AccountRepository(uow.session).create(AccountCreate(name=child, parent_id=opened.id))

    call(accounts, open_both, "Family", "Checking")
    with pytest.raises(IntegrityError):
        call(accounts, open_both, "Business", "Checking")
    assert [account["name"] for account in list_all(accounts)] == ["Family", "Checking"]
    assert checked_out(accounts) == 0


def test_nested_unit_of_work_raises(accounts: TestClient) -> None:
    uow = UnitOfWork(database_of(accounts).sessions)

    async def nest() -> None:
        async with uow:
            await AccountRepository(uow.session).create(CHECKING)
            async with uow:
                pass

    with pytest.raises(RuntimeError, match="nested"):
        call(accounts, nest)
    assert list_all(accounts) == []


@pytest.mark.parametrize("way", ["raises", "answers what its model refuses"])
def test_failure_after_commit_returns_500_and_row_stays(accounts: TestClient, way: str) -> None:
    """The block has committed before the answer is built, so it can't take the row back."""

    @app_of(accounts).post("/late", status_code=201, response_model=int)
    async def create(uow: UnitOfWorkDep) -> object:
        async with uow:
            await AccountRepository(uow.session).create(CHECKING)
        if way == "raises":
            raise ValueError
        return "not a number"

    assert accounts.post("/late").status_code == 500
    assert len(list_all(accounts)) == 1
    assert checked_out(accounts) == 0
