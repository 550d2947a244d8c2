@pytest.fixture
def failing_commit(accounts: TestClient) -> Iterator[dict[str, int]]:
    """Fields of an account whose COMMIT fails, because foreign keys are checked only then."""
    engine = database_of(accounts).engine.sync_engine

    def defer(connection: Connection) -> None:
        if not connection.get_execution_options().get("read_only"):
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")

    event.listen(engine, "begin", defer)
    yield {"parent_id": 4711}
    event.remove(engine, "begin", defer)
