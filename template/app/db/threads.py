"""How an async dependency ends a sync session, which may wait for the database."""

from contextlib import AbstractContextManager
from typing import Any

from anyio import CapacityLimiter, to_thread
from sqlmodel import Session


class ExitInThread:
    """Enters a session in the event loop, because that sends nothing, and exits it in a thread.

        async with ExitInThread(database.sessions()) as session:
            ...

    The thread isn't one of those that run endpoints. They may all be waiting for a lock that this session holds.
    """

    def __init__(self, block: AbstractContextManager[Session]) -> None:
        self._block = block

    async def __aenter__(self) -> Session:
        return self._block.__enter__()

    async def __aexit__(self, *error: Any) -> None:
        # Not cancelled with the request, because FastAPI shields the end of a dependency.
        await to_thread.run_sync(self._block.__exit__, *error, limiter=CapacityLimiter(1))
