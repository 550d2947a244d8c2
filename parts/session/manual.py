"""The sessions of a request. The endpoint commits, and one that forgets to is answered 500.

A dependency of scope "function" ends before the response is sent, so an error in it still reaches the client.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from app.db.database import Database
from app.db.errors import ReadOnlySession
from app.db.request import claim_session, get_database

DatabaseDep = Annotated[Database, Depends(get_database, scope="function")]


class Uncommitted(Exception):
    """An endpoint returned within a transaction."""


async def get_session(database: DatabaseDep, connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Open the request's session. The endpoint ends its transaction by commit() or rollback(), also one that only read.

    Raises:
        Uncommitted: it didn't; the transaction is rolled back.
    """
    claim_session(connection)
    async with aclosing(database.sessions()) as session:
        yield session
        if session.in_transaction():
            raise Uncommitted("The endpoint returned without commit() or rollback(); nothing was stored.")


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
