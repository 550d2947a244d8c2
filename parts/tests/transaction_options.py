@needs_server
def test_transaction_options_end_with_transaction(serve: Callable[..., TestClient]) -> None:
    async def look(session: AsyncSession) -> dict[str, str]:
        connection = await session.connection()
        result = await connection.execute(DEFAULTS)
        return dict(list(result))

    async def fail(session: AsyncSession) -> None:
        await look(session)
        raise ValueError

    client = serve(database_pool_size=1, database_max_overflow=0)

    async def plain() -> dict[str, str]:
        return await run(client, look)

    async def special() -> dict[str, str]:
        return await run(client, look, isolation_level="SERIALIZABLE", statement_timeout=7)

    async def failing() -> None:
        await run(client, fail, isolation_level=OTHER_LEVEL, statement_timeout=7)

    before = call(client, plain)
    for _ in range(20):
        changed = call(client, special)
        assert {name for name in before if changed[name] == before[name]} == UNCHANGED
        with pytest.raises(ValueError):  # noqa: PT011  raised above, without a message
            call(client, failing)
        client.get(ACCOUNTS)
        assert call(client, plain) == before
