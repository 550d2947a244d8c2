@pytest.mark.parametrize("continues", [True, False])
def test_caught_error_of_lost_transaction_stores_nothing(accounts: TestClient, continues: bool) -> None:
    endless = text(
        "UPDATE tests_account"
        " SET name = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)"
    )

    async def work(session: AsyncSession) -> None:
        await AccountRepository(session).create(CHECKING)
        connection = await session.connection()
        with suppress(OperationalError):
            await connection.execute(endless)
        if continues:
            await AccountRepository(session).create(CHECKING)

    async def attempt() -> None:
        await run(accounts, work, statement_timeout=0.01)

    with pytest.raises(PendingRollbackError):
        call(accounts, attempt)
    assert list_all(accounts) == []


def test_statement_timeout_ends_with_transaction(serve: Callable[..., TestClient]) -> None:
    count = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT max(i) FROM n")

    async def work(session: AsyncSession) -> int:
        connection = await session.connection()
        result = await connection.execute(count)
        return int(result.scalar_one())

    client = serve(database_pool_size=1, database_max_overflow=0)

    async def limited() -> int:
        return await run(client, work, statement_timeout=0.001)

    async def unlimited() -> int:
        return await run(client, work)

    with pytest.raises(OperationalError, match="interrupted"):
        call(client, limited)
    assert call(client, unlimited) == 300_000
