@needs_server
def test_error_in_streamed_result_stores_nothing(committing: TestClient) -> None:
    failing = text("SELECT 1 / (n - 150) FROM generate_series(1, 300) n").execution_options(yield_per=10)
    kinds = []

    async def work(session: AsyncSession) -> None:
        await TeamRepository(session).create(TEAM)
        connection = await session.connection()
        try:
            async for _ in await connection.stream(failing):  # async
                pass  # async
            for _ in connection.execute(failing):  # sync
                pass  # sync
        except DBAPIError as error:
            kinds.append(classify(error))

    async def attempt() -> None:
        await run(committing, work)

    with pytest.raises(TransactionLost):
        call(committing, attempt)
    assert kinds == [Failure.BAD_DATA]
    assert committing.get("/teams").json()["total"] == 0


DEFAULTS = text(
    "SELECT name, setting FROM pg_settings"
    " WHERE name IN ('transaction_isolation', 'transaction_read_only', 'statement_timeout')"
)


@needs_server
def test_transaction_options_end_with_transaction(make_app: Callable[..., FastAPI]) -> None:
    async def look(session: AsyncSession) -> dict[str, str]:
        connection = await session.connection()
        result = await connection.execute(DEFAULTS)
        return dict(list(result))

    async def fail(session: AsyncSession) -> None:
        await look(session)
        raise ValueError

    with TestClient(make_app(database_pool_size=1, database_max_overflow=0)) as client:

        async def plain() -> dict[str, str]:
            return await run(client, look)

        async def special() -> dict[str, str]:
            return await run(client, look, isolation_level="SERIALIZABLE", statement_timeout=7)

        async def failing() -> None:
            await run(client, fail, isolation_level="REPEATABLE READ", statement_timeout=7)

        before = call(client, plain)
        for _ in range(20):
            changed = call(client, special)
            assert {name for name in before if changed[name] == before[name]} == {"transaction_read_only"}
            with pytest.raises(ValueError):  # noqa: PT011  raised above, without a message
                call(client, failing)
            client.get("/heroes")
            assert call(client, plain) == before
