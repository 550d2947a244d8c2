"""The database of a request: how to find it, and how requests wait for a connection."""

from collections.abc import AsyncIterator
from contextlib import nullcontext

from fastapi.requests import HTTPConnection

from app.db.database import Database

_SESSION = "app.session"  # set in the ASGI scope when a request opens its session


def find_database(connection: HTTPConnection) -> Database:
    """Return the database of the application that serves a request or WebSocket, or of the one that mounts it.

    Raises:
        RuntimeError: the application's lifespan has not run.
    """
    for state in (connection.app.state, connection.state):
        database = getattr(state, "database", None)
        if isinstance(database, Database):
            return database
    raise RuntimeError("No database is open, because the lifespan has not run. In a test, use `with TestClient(app)`.")


async def get_database(connection: HTTPConnection) -> AsyncIterator[Database]:
    """Wait until the pool has a connection, and reserve it until the endpoint has returned. A WebSocket reserves none.

    Raises:
        Overloaded: no connection became free within the pool timeout.
    """
    database = find_database(connection)
    async with database.limit if connection.scope["type"] == "http" else nullcontext():
        yield database


def claim_session(connection: HTTPConnection) -> None:
    """Raise RuntimeError at a second session, because requests with two would deadlock when the pool is full."""
    if _SESSION in connection.scope:
        raise RuntimeError(
            f"{connection.url.path} opens a second session, but a request has one. In a dependency that only reads, "
            "take DatabaseDep and open a session for its query: `database.read_sessions()`."
        )
    connection.scope[_SESSION] = True
