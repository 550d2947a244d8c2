"""How a request reaches the database: through its application, and when the pool has a connection for it."""

from collections.abc import AsyncIterator

from fastapi.requests import HTTPConnection

from app.db.database import Database

_SESSION = "app.session"  # set in the ASGI scope of a request that has had its session


def find_database(connection: HTTPConnection) -> Database:
    """Return the database of the application that serves a request or WebSocket, or that it is mounted in.

    Raises:
        RuntimeError: the application's lifespan has not run.
    """
    for state in (connection.state, connection.app.state):
        database = getattr(state, "database", None)
        if isinstance(database, Database):
            return database
    raise RuntimeError("No database is open, because the lifespan has not run. In a test, use `with TestClient(app)`.")


async def get_database(connection: HTTPConnection) -> AsyncIterator[Database]:
    """Wait until the pool has a connection for this request, and keep it reserved until the endpoint has returned.

    Raises:
        Overloaded: no connection became free within the pool timeout; answered 503.
    """
    database = find_database(connection)
    async with database.limit:
        yield database


def claim_session(connection: HTTPConnection) -> None:
    """Raise RuntimeError if the request has had a session: requests with two would wait for each other under load."""
    if _SESSION in connection.scope:
        raise RuntimeError(
            "A request has one session. Let a dependency that only reads take DatabaseDep and open a session "
            "for its query: `database.read_sessions()`."
        )
    connection.scope[_SESSION] = True
