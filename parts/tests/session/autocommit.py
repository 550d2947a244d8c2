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

    status, total = 500, 0  # postgresql
    status, total = (500, 0) if failing == "flush" else (201, 1)  # sqlite mysql
    assert committing.post("/caught").status_code == status
    assert committing.get("/teams").json()["total"] == total
    assert checked_out(committing) == 0
