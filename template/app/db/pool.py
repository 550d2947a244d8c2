"""The options of the connection pool, and a limit on requests that matches its size."""

import sys
from typing import Any

import anyio
from sqlalchemy import NullPool, Pool, QueuePool

from app.settings import Settings


class Overloaded(Exception):
    """No connection became free within the pool timeout; answered with 503."""


def pool_options(settings: Settings) -> dict[str, Any]:
    """Return the engine's arguments for its pool."""
    if settings.database_pool == "null":
        return {"poolclass": NullPool}
    return {
        "pool_size": settings.database_pool_size,
        "max_overflow": settings.database_max_overflow,
        "pool_timeout": settings.database_pool_timeout,
        "pool_recycle": settings.database_pool_recycle,
        # Reuse the connection used last, so that the others stay idle and can be closed.
        "pool_use_lifo": True,
    }


class SessionLimit:
    """Admits as many requests as the pool has connections. The others wait, at most for the pool timeout.

        async with database.limit:
            ...

    A request that was admitted finds a connection, unless sessions outside of requests use it. In a sync service,
    requests that wait inside the pool hold the threads that other requests need to finish: with the pool alone, 64 of
    100 concurrent requests failed.
    """

    def __init__(self, pool: Pool, timeout: float) -> None:
        # A NullPool has no limit.
        size = pool.size() + pool._max_overflow if isinstance(pool, QueuePool) else sys.maxsize
        self._slots = anyio.Semaphore(size)
        self._timeout = timeout

    async def __aenter__(self) -> None:
        """Enter, or wait until another request leaves.

        Raises:
            Overloaded: none left within the pool timeout.
        """
        try:
            self._slots.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(self._timeout):
                return await self._slots.acquire()
            raise Overloaded from None

    async def __aexit__(self, *_: object) -> None:
        self._slots.release()
