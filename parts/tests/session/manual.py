@pytest.mark.parametrize(("error", "status"), [(HTTPException(418), 418), (ValueError("a mistake"), 500)])
def test_endpoint_that_raises_stores_nothing(committing: TestClient, error: Exception, status: int) -> None:
    @app_of(committing).post("/mistake")
    async def mistake(session: SessionDep) -> None:
        await TeamRepository(session).create(TEAM)
        raise error

    assert committing.post("/mistake").status_code == status
    assert committing.get("/teams").json()["total"] == 0
    assert checked_out(committing) == 0


@pytest.mark.parametrize("failing", ["flush", pytest.param("statement", marks=needs_server)])  # postgresql
@pytest.mark.parametrize("failing", ["flush", "statement"])  # sqlite mysql
def test_caught_error_does_not_hide_lost_work(committing: TestClient, failing: str) -> None:
    again = insert(Team).values(**Team.model_validate(TEAM).model_dump(exclude={"id"}))

    @app_of(committing).post("/caught", status_code=201)
    async def create(session: SessionDep) -> None:
        teams = TeamRepository(session)
        await teams.create(TEAM)
        with suppress(IntegrityError):
            if failing == "flush":
                await teams.create(TEAM)
            else:
                await session.exec(again)
        await session.commit()

    status, total = 500, 0  # postgresql
    status, total = (500, 0) if failing == "flush" else (201, 1)  # sqlite mysql
    assert committing.post("/caught").status_code == status
    assert committing.get("/teams").json()["total"] == total
    assert checked_out(committing) == 0


def test_endpoint_without_commit_returns_500(committing: TestClient) -> None:
    app = app_of(committing)

    @app.post("/flushed", status_code=201)
    async def flushed(session: SessionDep) -> None:
        await TeamRepository(session).create(TEAM)

    @app.post("/added", status_code=201)
    async def added(session: SessionDep) -> None:
        session.add(Team.model_validate(TEAM))

    @app.post("/executed", status_code=201)
    async def executed(session: SessionDep) -> None:
        await session.exec(insert(Team).values(**TEAM.model_dump()))

    @app.post("/sent", status_code=201)
    async def sent(session: SessionDep) -> None:
        connection = await session.connection()
        await connection.execute(insert(Team).values(**TEAM.model_dump()))

    @app.post("/written-by-hand", status_code=201)
    async def written_by_hand(session: SessionDep) -> None:
        connection = await session.connection()
        await connection.execute(text("DELETE FROM team"))

    @app.post("/read", status_code=201)
    async def read(session: SessionDep) -> None:
        await TeamRepository(session).page(Paging())

    @app.post("/refused", status_code=201)
    async def refused(session: SessionDep) -> None:
        try:
            async with session.begin_nested():
                await session.exec(insert(Team).values(name=None))
        except DBAPIError:
            return

    @app.post("/too-early", status_code=201)
    async def committed_too_early(session: SessionDep) -> None:
        await session.commit()
        await TeamRepository(session).create(TEAM)

    for path in ("/flushed", "/added", "/executed", "/sent", "/written-by-hand", "/read", "/refused", "/too-early"):
        assert committing.post(path).status_code == 500, path
    assert committing.get("/teams").json()["total"] == 0


def test_endpoint_that_rolls_back_needs_no_commit(committing: TestClient) -> None:
    app = app_of(committing)

    @app.post("/rolled-back", status_code=204)
    async def rolled_back(session: SessionDep) -> None:
        await TeamRepository(session).create(TEAM)
        await session.rollback()

    @app.post("/unused", status_code=204)
    async def unused(session: SessionDep) -> None:
        pass

    for path in ("/rolled-back", "/unused"):
        assert committing.post(path).status_code == 204, path
    assert committing.get("/teams").json()["total"] == 0


@pytest.mark.parametrize("way", ["raises", "answers what its model refuses"])
def test_failure_after_commit_returns_500_and_row_stays(committing: TestClient, way: str) -> None:
    """The endpoint has committed before the answer is built, so it can't take the row back."""
    assert isinstance(committing.app, FastAPI)

    @committing.app.post("/late", status_code=201, response_model=int)
    async def create(session: SessionDep) -> object:
        await TeamRepository(session).create(TEAM)
        await session.commit()
        if way == "raises":
            raise ValueError
        return "not a number"

    assert committing.post("/late").status_code == 500
    assert committing.get("/teams").json()["total"] == 1
    assert checked_out(committing) == 0
