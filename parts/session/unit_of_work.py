"""The session dependencies of a request: a read session, and a unit of work, which commits when its block ends.

The dependencies have scope "function", so they end before the response is sent and the client receives their errors.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing  # async
from contextlib import closing  # sync
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
    """Create the request's unit of work. It opens a session when a block begins."""
    claim_session(connection)
    return UnitOfWork(database.sessions)


UnitOfWorkDep = Annotated[UnitOfWork, Depends(get_unit_of_work, scope="function")]
