@pytest.mark.parametrize("goes_on", [True, False])
def test_nothing_is_stored_after_an_error_that_has_ended_the_transaction(committing: TestClient, goes_on: bool) -> None:
    endless = text(
        "UPDATE team SET name = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)"
    )

    async def work(session: AsyncSession) -> None:
        await TeamRepository(session).create(TEAM)
        connection = await session.connection()
        with suppress(OperationalError):
            await connection.execute(endless)
        if goes_on:
            await TeamRepository(session).create(TEAM)

    async def attempt() -> None:
        await run(committing, work, statement_timeout=0.01)

    with pytest.raises(PendingRollbackError):
        call(committing, attempt)
    assert committing.get("/teams").json()["total"] == 0


def test_a_limit_for_one_transaction_is_gone_in_the_next(make_app: Callable[..., FastAPI]) -> None:
    count = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT max(i) FROM n")

    async def work(session: AsyncSession) -> int:
        connection = await session.connection()
        result = await connection.execute(count)
        return int(result.scalar_one())

    with TestClient(make_app(database_pool_size=1, database_max_overflow=0)) as client:

        async def limited() -> int:
            return await run(client, work, statement_timeout=0.001)

        async def unlimited() -> int:
            return await run(client, work)

        with pytest.raises(OperationalError, match="interrupted"):
            call(client, limited)
        assert call(client, unlimited) == 300_000
