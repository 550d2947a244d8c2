@needs_server
def test_error_in_streamed_result_stores_nothing(accounts: TestClient) -> None:
    failing = text("SELECT 1 / (n - 150) FROM generate_series(1, 300) n").execution_options(yield_per=10)
    kinds = []

    async def work(session: AsyncSession) -> None:
        await AccountRepository(session).create(CHECKING)
        connection = await session.connection()
        try:
            async for _ in await connection.stream(failing):  # async
                pass  # async
            for _ in connection.execute(failing):  # sync
                pass  # sync
        except DBAPIError as error:
            kinds.append(classify(error))

    async def attempt() -> None:
        await run(accounts, work)

    with pytest.raises(TransactionLost):
        call(accounts, attempt)
    assert kinds == [Failure.BAD_DATA]
    assert list_all(accounts) == []


DEFAULTS = text(
    "SELECT name, setting FROM pg_settings"
    " WHERE name IN ('transaction_isolation', 'transaction_read_only', 'statement_timeout')"
)
OTHER_LEVEL: IsolationLevel = "REPEATABLE READ"
UNCHANGED = {"transaction_read_only"}
