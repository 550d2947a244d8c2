OTHER_SESSIONS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_statement_prepared_before_migration_fails_once(make_app: Callable[..., FastAPI]) -> None:
    app = make_app()
    note = text("SELECT * FROM note")

    @app.get("/note")
    async def read_note(session: ReadSessionDep) -> None:
        connection = await session.connection()
        await connection.execute(note)

    with TestClient(app) as client:

        async def migrate(statement: str) -> None:
            # On another connection, because the driver notices changes made on its own.
            engine = open_migration_engine(database_of(client).settings)
            async with engine.begin() as connection:
                await connection.execute(text(statement))
            await engine.dispose()

        call(client, migrate, "CREATE TABLE note (text varchar(10))")
        before = [client.get("/note").status_code for _ in range(10)]
        call(client, migrate, "ALTER TABLE note ALTER COLUMN text TYPE varchar(20)")
        after = [client.get("/note").status_code for _ in range(10)]
        call(client, migrate, "DROP TABLE note")
    assert before == [200] * 10
    assert after == [503] + [200] * 9


def test_read_only_database_returns_503_until_writable(accounts: TestClient) -> None:
    database = database_of(accounts)

    async def set_read_only(value: str) -> None:
        """Change the database's default, and end the sessions that began with the old one."""
        engine = open_migration_engine(database.settings)
        async with engine.begin() as connection:
            await connection.execute(text("SET TRANSACTION READ WRITE"))
            name = database.engine.dialect.identifier_preparer.quote(str(database.engine.url.database))
            await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}"))
            await connection.execute(OTHER_SESSIONS)
        await engine.dispose()

    account = create_account(accounts)
    call(accounts, set_read_only, "on")
    try:
        answers = [accounts.delete(f"{ACCOUNTS}/{account['id']}") for _ in range(3)]
        ready = accounts.get("/health/ready")
        reading = accounts.get(ACCOUNTS)
    finally:
        call(accounts, set_read_only, "off")
    assert [answer.status_code for answer in answers] == [503] * 3
    assert answers[-1].json()["type"] == ready.json()["type"] == "urn:problem:read-only"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert (ready.status_code, reading.json()["items"]) == (503, [account])
    # The first request may get a connection whose session has ended.
    assert [accounts.get("/health/ready").status_code for _ in range(2)][-1] == 200
    assert accounts.delete(f"{ACCOUNTS}/{account['id']}").status_code == 204


@pytest.mark.parametrize("way", ["refused value", "stream"])  # async
@pytest.mark.parametrize("way", ["refused value"])  # sync
def test_failed_read_leaves_connection_usable(serve: Callable[..., TestClient], way: str) -> None:
    client = serve(database_pool_size=1)

    async def read() -> None:
        async with database_of(client).read_sessions() as session:
            if way == "stream":  # async
                await session.stream(select(Account))  # async
            await session.exec(select(Account).where(Account.balance == 2**70))

    client.get(ACCOUNTS)
    with pytest.raises(DBAPIError):
        call(client, read)
    assert client.delete(f"{ACCOUNTS}/{create_account(client)['id']}").status_code == 204
