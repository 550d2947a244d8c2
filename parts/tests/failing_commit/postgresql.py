@pytest.fixture
def failing_commit(committing: TestClient) -> Iterator[dict[str, int]]:
    """Fields of a hero whose COMMIT fails, because foreign keys are checked only then."""

    async def alter(deferrable: str) -> None:
        async with database_of(committing).engine.begin() as connection:
            await connection.execute(text(f"ALTER TABLE hero ALTER CONSTRAINT fk_hero_team_id_team {deferrable}"))

    call(committing, alter, "DEFERRABLE INITIALLY DEFERRED")
    yield {"team_id": 4711}
    call(committing, alter, "NOT DEFERRABLE")
