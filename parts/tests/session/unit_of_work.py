@pytest.mark.parametrize(("error", "status"), [(HTTPException(418), 418), (ValueError("a mistake"), 500)])
def test_endpoint_that_raises_stores_nothing(committing: TestClient, error: Exception, status: int) -> None:
    @app_of(committing).post("/mistake")
    async def mistake(uow: UnitOfWorkDep) -> None:
        async with uow:
            await uow.teams.create(TEAM)
            raise error

    assert committing.post("/mistake").status_code == status
    assert committing.get("/teams").json()["total"] == 0
    assert checked_out(committing) == 0


@pytest.mark.parametrize("failing", ["flush", pytest.param("statement", marks=needs_server)])  # postgresql
@pytest.mark.parametrize("failing", ["flush", "statement"])  # sqlite mysql
def test_caught_error_does_not_hide_lost_work(committing: TestClient, failing: str) -> None:
    again = insert(Team).values(**Team.model_validate(TEAM).model_dump(exclude={"id"}))

    @app_of(committing).post("/caught", status_code=201)
    async def create(uow: UnitOfWorkDep) -> None:
        async with uow:
            await uow.teams.create(TEAM)
            with suppress(IntegrityError):
                if failing == "flush":
                    await uow.teams.create(TEAM)
                else:
                    await uow.session.exec(again)

    status, total = 500, 0  # postgresql
    status, total = (500, 0) if failing == "flush" else (201, 1)  # sqlite mysql
    assert committing.post("/caught").status_code == status
    assert committing.get("/teams").json()["total"] == total
    assert checked_out(committing) == 0


def test_unit_of_work_spans_repositories(committing: TestClient) -> None:
    uow = UnitOfWork(database_of(committing).sessions)

    async def recruit(name: str) -> None:
        async with uow:
            team = await uow.teams.create(TEAM.model_copy(update={"name": name}))
            await uow.heroes.create(DEADPOND.model_copy(update={"team_id": team.id}))

    call(committing, recruit, "Preventers")
    with pytest.raises(IntegrityError):
        call(committing, recruit, "Z-Force")
    assert [team["name"] for team in committing.get("/teams").json()["items"]] == ["Preventers"]
    assert committing.get("/heroes").json()["total"] == 1
    assert checked_out(committing) == 0


def test_nested_unit_of_work_raises(committing: TestClient) -> None:
    uow = UnitOfWork(database_of(committing).sessions)

    async def nest() -> None:
        async with uow:
            await uow.teams.create(TEAM)
            async with uow:
                pass

    with pytest.raises(RuntimeError, match="nested"):
        call(committing, nest)
    assert committing.get("/teams").json()["total"] == 0


@pytest.mark.parametrize("way", ["raises", "answers what its model refuses"])
def test_failure_after_commit_returns_500_and_row_stays(committing: TestClient, way: str) -> None:
    """The block has committed before the answer is built, so it can't take the row back."""
    assert isinstance(committing.app, FastAPI)

    @committing.app.post("/late", status_code=201, response_model=int)
    async def create(uow: UnitOfWorkDep) -> object:
        async with uow:
            await uow.teams.create(TEAM)
        if way == "raises":
            raise ValueError
        return "not a number"

    assert committing.post("/late").status_code == 500
    assert committing.get("/teams").json()["total"] == 1
    assert checked_out(committing) == 0
