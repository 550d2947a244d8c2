@needs_server
@pytest.mark.parametrize("continues", [True, False])
def test_caught_error_of_lost_transaction_stores_nothing(accounts: TestClient, continues: bool) -> None:
    one, two = create_account(accounts, "A")["id"], create_account(accounts, "B")["id"]
    both_hold_a_row = asyncio.Barrier(2)  # async
    both_hold_a_row = Barrier(2)  # sync
    attempts = []

    async def lock_both(first: int, second: int) -> None:
        async def work(session: AsyncSession) -> None:
            attempts.append(session)
            repository = AccountRepository(session)
            await repository.create(AccountCreate(name=f"Before {first}"))
            await session.get_one(Account, first, with_for_update=True)
            if len(attempts) <= 2:
                await both_hold_a_row.wait()
            with suppress(OperationalError):
                await session.get_one(Account, second, with_for_update=True)
            if continues:
                await repository.create(AccountCreate(name=f"After {first}"))

        await run(accounts, work)

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(call, accounts, lock_both, *rows) for rows in [(one, two), (two, one)]]
    errors = [error for error in (run.exception() for run in runs) if error is not None]
    assert [type(error) for error in errors] == [PendingRollbackError]
    assert len(list_all(accounts)) == (4 if continues else 3)


DEFAULTS = text(
    "SHOW VARIABLES WHERE Variable_name IN ('autocommit', 'tx_isolation', 'transaction_isolation',"
    " 'max_statement_time', 'max_execution_time', 'innodb_lock_wait_timeout')"
)
OTHER_LEVEL: IsolationLevel = "READ COMMITTED"
UNCHANGED = {"autocommit"}
