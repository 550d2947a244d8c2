"""Every statement of an engine: slow ones are logged, and refused writes are explained."""

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

    # The events before and after a statement cost more: each connection taken from the pool looks their listeners up.
    for name in ("do_execute", "do_executemany", "do_execute_no_params"):
        event.listen(engine, name, timed(getattr(engine.dialect, name)))


def _explain_refused_writes(engine: Engine) -> None:
    """Tell why the database refused a write.

    In a session that only reads, the program is at fault: ReadOnlySession is raised. Otherwise the server is, because
    it has become a standby or was made read-only. Its connections are given up, so that the next ones find the server
    that takes writes now.
    """

    @event.listens_for(engine, "handle_error")
    def handle(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        if error is None or context.connection is None or classify(error) is not Failure.READ_ONLY:
            return
        if context.connection.get_execution_options().get("read_only"):
            raise ReadOnlySession(" ".join((context.statement or "").split())[:100]) from context.original_exception
        context.is_disconnect = True
