"""The connection pool: its size, its figures, and the limit that admits no more requests than it has connections."""

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


def pool_figures(pool: Pool) -> dict[str, str | int | None]:
    """Return what the pool holds now; None where its class keeps no such figure.

    `overflow` counts the connections beyond `size`, `limit` is the most there can be.
    SQLAlchemy's own `overflow()` is negative until the pool has filled.
    """
    figures: dict[str, str | int | None] = dict.fromkeys(
        ("size", "checked_in", "checked_out", "overflow", "total", "limit")
    )
    if isinstance(pool, QueuePool):
        checked_in, checked_out = pool.checkedin(), pool.checkedout()
        figures |= {
            "size": pool.size(),
            "checked_in": checked_in,
            "checked_out": checked_out,
            "overflow": max(0, pool.overflow()),
            "total": checked_in + checked_out,
            "limit": pool_limit(pool),
        }
    return {"pool": type(pool).__name__, **figures}


def pool_limit(pool: Pool) -> int | None:
    """Return the most connections that the pool opens, or None if it has no limit."""
    return pool.size() + pool._max_overflow if isinstance(pool, QueuePool) else None


def is_full(pool: Pool) -> bool:
    """Return whether every connection that the pool may open is in use."""
    return isinstance(pool, QueuePool) and pool.checkedout() == pool_limit(pool)


class SessionLimit:
    """Admits as many requests as the pool has connections. The others wait here, at most for the pool timeout.

        async with database.limit:
            ...

    Waiting here costs no thread. A request that waited inside the pool would hold one, and then others find none: with
    the pool alone and the usual session dependency, 64 of 100 concurrent sync requests fail.

    Args:
        size: how many may be inside at once; None for no limit.
        timeout: how long one waits, in seconds.
    """

    def __init__(self, size: int | None, timeout: float) -> None:
        self._semaphore = anyio.Semaphore(size) if size is not None else None
        self._timeout = timeout

    async def __aenter__(self) -> None:
        """Enter, or wait for another to leave.

        Raises:
            Overloaded: no other left in time.
        """
        if self._semaphore is None:
            return
        try:
            self._semaphore.acquire_nowait()
        except anyio.WouldBlock:
            await self._wait(self._semaphore)

    async def __aexit__(self, *_: object) -> None:
        if self._semaphore is not None:
            self._semaphore.release()

    async def _wait(self, semaphore: anyio.Semaphore) -> None:
        try:
            with anyio.fail_after(self._timeout):
                await semaphore.acquire()
        except TimeoutError:
            raise Overloaded from None
