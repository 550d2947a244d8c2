PARENT = "fk_tests_account_parent_id_tests_account"


@pytest.fixture
def failing_commit(accounts: TestClient) -> dict[str, int]:
    """Fields of an account whose COMMIT fails, because foreign keys are checked only then."""

    async def alter(deferrable: str) -> None:
        async with database_of(accounts).engine.begin() as connection:
            await connection.execute(text(f"ALTER TABLE tests_account ALTER CONSTRAINT {PARENT} {deferrable}"))

    call(accounts, alter, "DEFERRABLE INITIALLY DEFERRED")
    return {"parent_id": 4711}
