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
        await session.commit()

    status, total = 500, 0  # postgresql
    status, total = (500, 0) if failing == "flush" else (201, 1)  # sqlite mysql
    assert accounts.post("/caught").status_code == status
    assert len(list_all(accounts)) == total
    assert checked_out(accounts) == 0


def test_endpoint_without_commit_returns_500(accounts: TestClient) -> None:
    app = app_of(accounts)

    @app.post("/flushed", status_code=201)
    async def flushed(session: SessionDep) -> None:
        await AccountRepository(session).create(CHECKING)

    @app.post("/added", status_code=201)
    async def added(session: SessionDep) -> None:
        session.add(Account.model_validate(CHECKING))

    @app.post("/executed", status_code=201)
    async def executed(session: SessionDep) -> None:
        await session.exec(insert(Account).values(**CHECKING.model_dump()))

    @app.post("/sent", status_code=201)
    async def sent(session: SessionDep) -> None:
        connection = await session.connection()
        await connection.execute(insert(Account).values(**CHECKING.model_dump()))

    @app.post("/written-by-hand", status_code=201)
    async def written_by_hand(session: SessionDep) -> None:
        connection = await session.connection()
        await connection.execute(text("DELETE FROM tests_account"))

    @app.post("/read", status_code=201)
    async def read(session: SessionDep) -> None:
        await AccountRepository(session).page(Paging())

    @app.post("/refused", status_code=201)
    async def refused(session: SessionDep) -> None:
        try:
            async with session.begin_nested():
                await session.exec(insert(Account).values(name=None))
        except DBAPIError:
            return

    @app.post("/too-early", status_code=201)
    async def committed_too_early(session: SessionDep) -> None:
        await session.commit()
        await AccountRepository(session).create(CHECKING)

    for path in ("/flushed", "/added", "/executed", "/sent", "/written-by-hand", "/read", "/refused", "/too-early"):
        assert accounts.post(path).status_code == 500, path
    assert list_all(accounts) == []


def test_endpoint_that_rolls_back_needs_no_commit(accounts: TestClient) -> None:
    app = app_of(accounts)

    @app.post("/rolled-back", status_code=204)
    async def rolled_back(session: SessionDep) -> None:
        await AccountRepository(session).create(CHECKING)
        await session.rollback()

    @app.post("/unused", status_code=204)
    async def unused(session: SessionDep) -> None:
        pass

    for path in ("/rolled-back", "/unused"):
        assert accounts.post(path).status_code == 204, path
    assert list_all(accounts) == []


@pytest.mark.parametrize("way", ["raises", "answers what its model refuses"])
def test_failure_after_commit_returns_500_and_row_stays(accounts: TestClient, way: str) -> None:
    """The endpoint has committed before the answer is built, so it can't take the row back."""

    @app_of(accounts).post("/late", status_code=201, response_model=int)
    async def create(session: SessionDep) -> object:
        await AccountRepository(session).create(CHECKING)
        await session.commit()
        if way == "raises":
            raise ValueError
        return "not a number"

    assert accounts.post("/late").status_code == 500
    assert len(list_all(accounts)) == 1
    assert checked_out(accounts) == 0
