@pytest.fixture
def failing_commit(accounts: TestClient) -> Iterator[dict[str, int]]:
    """Fields of an account whose COMMIT fails, because its connection is killed just before."""
    engine = database_of(accounts).engine.sync_engine

    def kill(connection: Connection) -> None:
        number = connection.exec_driver_sql("SELECT connection_id()").scalar()
        with connection.engine.connect() as other:
            other.exec_driver_sql(f"KILL {number}")

    event.listen(engine, "commit", kill)
    yield {}
    event.remove(engine, "commit", kill)
