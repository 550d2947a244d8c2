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
OTHER_LEVEL: IsolationLevel = "READ COMMITTED"
UNCHANGED = {"autocommit"}
