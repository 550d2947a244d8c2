"""The sessions of a request: one that reads, and the unit of work, which commits when its block ends.

A dependency of scope "function" ends before the response is sent, so an error in it still reaches the client.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from app.db.database import Database
from app.db.errors import ReadOnlySession
from app.db.request import claim_session, get_database
from app.db.unit_of_work import UnitOfWork

DatabaseDep = Annotated[Database, Depends(get_database, scope="function")]


async def get_unit_of_work(database: DatabaseDep, connection: HTTPConnection) -> UnitOfWork:
    """Make the request's unit of work. It opens its session when its block begins."""
    claim_session(connection)
    return UnitOfWork(database.sessions)


async def get_read_session(database: DatabaseDep, connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Open the request's session for an endpoint that only reads: the database refuses what it writes.

    Raises:
        ReadOnlySession: the endpoint changed objects, which nothing would store.
    """
    claim_session(connection)
    async with aclosing(database.read_sessions()) as session:
        yield session
        if session.new or session.dirty or session.deleted:
            raise ReadOnlySession("Objects that were added, changed or deleted")


UnitOfWorkDep = Annotated[UnitOfWork, Depends(get_unit_of_work, scope="function")]
ReadSessionDep = Annotated[AsyncSession, Depends(get_read_session, scope="function")]
