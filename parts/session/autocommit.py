"""The sessions of a request. Its work is committed here, when the endpoint has returned.

A dependency of scope "function" ends before the response is sent, so a commit that fails still reaches the client, and
a 2xx answer means that the work is stored. With the default scope the answer would already be out.
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


async def get_session(database: DatabaseDep, connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Open the request's session. Commit when the endpoint returns, and roll back when it raises.

    An endpoint that returns a response with a status of 4xx has returned. To roll back, raise an exception.
    """
    claim_session(connection)
    async with aclosing(database.sessions()) as session:
        yield session
        await session.commit()


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
