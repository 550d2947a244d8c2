@needs_server
@pytest.mark.parametrize("continues", [True, False])
def test_caught_error_of_lost_transaction_stores_nothing(committing: TestClient, continues: bool) -> None:
    one, two = create_hero(committing, "A")["id"], create_hero(committing, "B")["id"]
    both_hold_a_row = asyncio.Barrier(2)  # async
    both_hold_a_row = Barrier(2)  # sync
    attempts = []

    async def lock_both(first: int, second: int) -> None:
        async def work(session: AsyncSession) -> None:
            attempts.append(session)
            teams = TeamRepository(session)
            await teams.create(TeamCreate(name=f"Before {first}", headquarters="Sharp Tower"))
            await session.get_one(Hero, first, with_for_update=True)
            if len(attempts) <= 2:
                await both_hold_a_row.wait()
            with suppress(OperationalError):
                await session.get_one(Hero, second, with_for_update=True)
            if continues:
                await teams.create(TeamCreate(name=f"After {first}", headquarters="Sharp Tower"))

        await run(committing, work)

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(call, committing, lock_both, *rows) for rows in [(one, two), (two, one)]]
    errors = [error for error in (run.exception() for run in runs) if error is not None]
    assert [type(error) for error in errors] == [PendingRollbackError]
    assert committing.get("/teams").json()["total"] == (2 if continues else 1)


DEFAULTS = text(
    "SHOW VARIABLES WHERE Variable_name IN ('autocommit', 'tx_isolation', 'transaction_isolation',"
    " 'max_statement_time', 'max_execution_time', 'innodb_lock_wait_timeout')"
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
            await run(client, fail, isolation_level="READ COMMITTED", statement_timeout=7)

        before = call(client, plain)
        for _ in range(20):
            changed = call(client, special)
            assert {name for name in before if changed[name] == before[name]} == {"autocommit"}
            with pytest.raises(ValueError):  # noqa: PT011  raised above, without a message
                call(client, failing)
            client.get("/heroes")
            assert call(client, plain) == before
