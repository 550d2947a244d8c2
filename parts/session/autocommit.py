"""The session dependencies of a request. They commit when the endpoint has returned.

The dependencies have scope "function", so they end before the response is sent. The client receives the error of a
failed commit, and a 2xx response means that the work is stored.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import closing  # sync
from contextlib import aclosing  # async
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from app.db.database import Database  # async
from app.db.database import Database, transaction  # sync
from app.db.errors import ReadOnlySession
from app.db.request import claim_session, get_database
from app.db.threads import ExitInThread  # sync

DatabaseDep = Annotated[Database, Depends(get_database, scope="function")]


async def get_session(database: DatabaseDep, connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Open the request's session. Commit when the endpoint returns, and roll back when it raises.

    Returning a 4xx response also commits. To roll back, raise an exception.
    """
    claim_session(connection)
    async with aclosing(database.sessions()) as session:  # async
    async with ExitInThread(transaction(database.sessions)) as session:  # sync
        yield session
        await session.commit()  # async


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
