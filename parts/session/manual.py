"""The session dependencies of a request. The endpoint commits; a missing commit is answered with 500.

The dependencies have scope "function", so they end before the response is sent and the client receives their errors.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import closing  # sync
from contextlib import aclosing  # async
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from app.db.database import Database
from app.db.errors import ReadOnlySession
from app.db.request import claim_session, get_database
from app.db.threads import ExitInThread  # sync

DatabaseDep = Annotated[Database, Depends(get_database, scope="function")]


class Uncommitted(Exception):
    """An endpoint returned with an open transaction."""


async def get_session(database: DatabaseDep, connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Open the request's session. The endpoint must end its transaction by commit() or rollback(), even after a read.

    Raises:
        Uncommitted: the transaction was still open. It is rolled back.
    """
    claim_session(connection)
    async with aclosing(database.sessions()) as session:  # async
    async with ExitInThread(database.sessions()) as session:  # sync
        yield session
        if session.in_transaction():
            path = connection.url.path
            raise Uncommitted(f"{path} returned without commit() or rollback(). Its transaction was rolled back.")


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
