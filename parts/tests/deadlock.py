@needs_server
def test_deadlocked_transactions_both_succeed(accounts: TestClient) -> None:
    one, two = create_account(accounts, "A")["id"], create_account(accounts, "B")["id"]
    both_hold_a_row = asyncio.Barrier(2)  # async
    both_hold_a_row = Barrier(2)  # sync
    attempts = []

    async def grow(session: AsyncSession, account_id: int) -> None:
        account = await session.get_one(Account, account_id, with_for_update=True)
        account.balance += 1
        await session.flush()

    async def grow_both(first: int, second: int) -> None:
        async def work(session: AsyncSession) -> None:
            attempts.append(session)
            await grow(session, first)
            if len(attempts) <= 2:
                await both_hold_a_row.wait()
            # The deadlock's victim loses its savepoint too.
            async with session.begin_nested():
                await grow(session, second)

        await run(accounts, work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda rows: call(accounts, grow_both, *rows), [(one, two), (two, one)]))
    assert [account["balance"] for account in list_all(accounts)] == [2, 2]
    assert len(attempts) > 2


@needs_server
def test_locked_row_is_read_again(accounts: TestClient) -> None:
    account_id = create_account(accounts)["id"]

    async def work(session: AsyncSession) -> tuple[str, int]:
        seen = await AccountRepository(session).get(account_id)
        async with transaction(database_of(accounts).sessions) as other:
            await AccountRepository(other).update(account_id, AccountUpdate(name="Renamed"))
        seen.balance = 7
        await AccountRepository(session).get(account_id, lock=True)
        return seen.name, seen.balance

    async def attempt() -> tuple[str, int]:
        return await run(accounts, work)

    assert call(accounts, attempt) == ("Renamed", 7)
