"""The connection pool, and the limit that admits no more requests than it has connections."""

import sys
from typing import Any

import anyio
from sqlalchemy import NullPool, Pool, QueuePool

from app.settings import Settings


class Overloaded(Exception):
    """No connection became free within the pool timeout; answered 503."""


def pool_options(settings: Settings) -> dict[str, Any]:
    """Return the arguments that shape an engine's pool."""
    if settings.database_pool == "null":
        return {"poolclass": NullPool}
    return {
        "pool_size": settings.database_pool_size,
        "max_overflow": settings.database_max_overflow,
        "pool_timeout": settings.database_pool_timeout,
        "pool_recycle": settings.database_pool_recycle,
        # The connection used last is used next, so those that a quiet hour doesn't need grow old and close.
        "pool_use_lifo": True,
    }


class SessionLimit:
    """Admits as many requests as the pool has connections. The others wait here, at most for the pool timeout.

        async with database.limit:
            ...

    Waiting here costs no thread. A request that waited inside the pool would hold one, and then others find none: with
    the pool alone and the usual session dependency, 64 of 100 concurrent sync requests fail.
    """

    def __init__(self, pool: Pool, timeout: float) -> None:
        size = pool.size() + pool._max_overflow if isinstance(pool, QueuePool) else sys.maxsize
        self._places = anyio.Semaphore(size)
        self._timeout = timeout

    async def __aenter__(self) -> None:
        """Enter, or wait for another to leave.

        Raises:
            Overloaded: none left in time.
        """
        try:
            self._places.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(self._timeout):
                return await self._places.acquire()
            raise Overloaded from None

    async def __aexit__(self, *_: object) -> None:
        self._places.release()
