"""Engine listeners: log slow statements, and explain refused writes."""

import logging
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, ExceptionContext, event

from app.db.errors import Failure, ReadOnlySession, classify

logger = logging.getLogger(__name__)


def watch_statements(engine: Engine, slow: float | None) -> None:
    """Log statements that take longer than `slow` seconds, without their parameters, and explain refused writes."""
    _explain_refused_writes(engine)
    if slow is not None:
        _log_slow_statements(engine, slow)


def _log_slow_statements(engine: Engine, slow: float) -> None:
    def timed(execute: Callable[..., None]) -> Callable[..., bool]:
        def run(cursor: Any, statement: str, *rest: Any) -> bool:
            started = time.perf_counter()
            try:
                execute(cursor, statement, *rest)
            finally:
                duration = time.perf_counter() - started
                if duration > slow:
                    logger.warning("Slow statement, %.3f s: %s", duration, statement)
            return True

        return run

    # Listeners before and after a statement would cost more, because each checkout looks them up.
    for name in ("do_execute", "do_executemany", "do_execute_no_params"):
        event.listen(engine, name, timed(getattr(engine.dialect, name)))


def _explain_refused_writes(engine: Engine) -> None:
    """Raise ReadOnlySession for a write in a read session or in AUTOCOMMIT, which is a programming error.

    In other sessions, the server is a standby or was made read-only. Invalidate its connections, so that new ones reach
    the current primary.
    """

    @event.listens_for(engine, "handle_error")
    def handle(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        if error is None or context.connection is None or classify(error) is not Failure.READ_ONLY:
            return
        options = context.connection.get_execution_options()
        if options.get("read_only") or options.get("isolation_level") == "AUTOCOMMIT":
            raise ReadOnlySession(" ".join((context.statement or "").split())[:100]) from context.original_exception
        context.is_disconnect = True
