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


def test_read_only_database_returns_503_until_writable(committing: TestClient) -> None:
    database = database_of(committing)

    async def set_read_only(value: str) -> None:
        """Change the database's default, and end the sessions that began with the old one."""
        engine = open_migration_engine(database.settings)
        async with engine.begin() as connection:
            await connection.execute(text("SET TRANSACTION READ WRITE"))
            name = database.engine.dialect.identifier_preparer.quote(str(database.engine.url.database))
            await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}"))
            await connection.execute(OTHER_SESSIONS)
        await engine.dispose()

    team = create_team(committing)
    call(committing, set_read_only, "on")
    try:
        answers = [committing.delete(f"/teams/{team['id']}") for _ in range(3)]
        ready = committing.get("/health/ready")
        reading = committing.get("/teams")
    finally:
        call(committing, set_read_only, "off")
    assert [answer.status_code for answer in answers] == [503] * 3
    assert answers[-1].json()["type"] == ready.json()["type"] == "urn:problem:read-only"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert (ready.status_code, reading.json()["items"]) == (503, [team])
    # The first request may get a connection whose session has ended.
    assert [committing.get("/health/ready").status_code for _ in range(2)][-1] == 200
    assert committing.delete(f"/teams/{team['id']}").status_code == 204


@pytest.mark.parametrize("way", ["refused value", "stream"])  # async
@pytest.mark.parametrize("way", ["refused value"])  # sync
def test_failed_read_leaves_connection_usable(make_app: Callable[..., FastAPI], way: str) -> None:
    app = make_app(database_pool_size=1)

    async def read() -> None:
        async with app.state.database.read_sessions() as session:
            if way == "stream":  # async
                await session.stream(select(Hero))  # async
            await session.exec(select(Hero).where(Hero.age == 2**70))

    with TestClient(app) as client:
        client.get("/heroes")
        with pytest.raises(DBAPIError):
            call(client, read)
        assert client.delete(f"/teams/{create_team(client)['id']}").status_code == 204
