@needs_server
def test_deadlocked_transactions_both_succeed(committing: TestClient) -> None:
    one, two = create_hero(committing, "A", age=0)["id"], create_hero(committing, "B", age=0)["id"]
    both_hold_a_row = asyncio.Barrier(2)  # async
    both_hold_a_row = Barrier(2)  # sync
    attempts = []

    async def grow(session: AsyncSession, hero_id: int) -> None:
        hero = await session.get_one(Hero, hero_id, with_for_update=True)
        hero.age = (hero.age or 0) + 1
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

        await run(committing, work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda rows: call(committing, grow_both, *rows), [(one, two), (two, one)]))
    assert [hero["age"] for hero in committing.get("/heroes").json()["items"]] == [2, 2]
    assert len(attempts) > 2


@needs_server
def test_locked_row_is_read_again(committing: TestClient) -> None:
    team_id = create_team(committing)["id"]

    async def work(session: AsyncSession) -> tuple[str, str]:
        seen = await TeamRepository(session).get(team_id)
        async with transaction(database_of(committing).sessions) as other:
            await TeamRepository(other).update(team_id, TeamUpdate(name="Renamed"))
        seen.headquarters = "Elsewhere"
        await TeamRepository(session).get(team_id, lock=True)
        return seen.name, seen.headquarters

    async def attempt() -> tuple[str, str]:
        return await run(committing, work)

    assert call(committing, attempt) == ("Renamed", "Elsewhere")
