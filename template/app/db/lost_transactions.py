"""A transaction that an error has ended stays lost, although its connection would take further statements."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, PoolProxiedConnection, event

from app.db.errors import TransactionLost

LOST = "lost"
"""The key of the error that has ended the transaction, in the connection's `info`."""


def refuse_lost_transactions(engine: Engine, ended: Callable[[PoolProxiedConnection], bool]) -> None:
    """Raise the error that has ended a transaction again at each further statement of it, and refuse its COMMIT.

    On the connection as it is then, each statement would be a transaction of its own.

    Args:
        engine: the engine to watch.
        ended: tells, after an error, whether the connection's transaction has ended. If asking fails, the connection is
            given up.
    """

    def refuse(_cursor: Any, _statement: str, *rest: Any) -> None:
        connection = rest[-1].root_connection
        if connection.in_transaction() and (lost := connection.info.get(LOST)):
            raise lost

    for name in ("do_execute", "do_executemany", "do_execute_no_params"):
        event.listen(engine, name, refuse)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.info.pop(LOST, None)

    @event.listens_for(engine, "commit")
    def commit(connection: Connection) -> None:
        if lost := connection.info.get(LOST):
            raise TransactionLost("An error had ended this transaction before commit(); nothing was stored.") from lost

    @event.listens_for(engine, "handle_error")
    def handle(context: ExceptionContext) -> None:
        connection = context.connection
        if context.execution_context is None or connection is None or context.is_disconnect:
            return
        if connection.get_execution_options().get("read_only") or LOST in connection.info:
            return
        try:
            if ended(connection.connection):
                connection.info[LOST] = context.original_exception
        except Exception:
            context.is_disconnect = True
        except BaseException as error:
            # Interrupted while it waited: the answer would be taken for that to the next statement.
            connection.invalidate(error)
            raise
