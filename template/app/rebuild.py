"""Keeps what Alembic would lose when it alters a table of SQLite.

SQLite alters little, so Alembic copies the rows into a new table, which replaces the old one. It reads the old one by
SQLAlchemy, which reads no trigger, no index on an expression and only some parts of CREATE TABLE. Here they are kept as
SQL, and a migration that would lose something is refused. It is one transaction, so nothing of it remains.
"""

import re
from typing import Any

from alembic.ddl.sqlite import SQLiteImpl
from alembic.util import CommandError
from sqlalchemy import CheckConstraint, Connection, Table, text
from sqlalchemy.exc import DBAPIError

_QUOTED = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|/\*.*?\*/""", re.DOTALL)

_UNREAD = ("COLLATE", "AUTOINCREMENT", "ON CONFLICT")
"""Parts of CREATE TABLE that SQLAlchemy doesn't read."""

_STATEMENTS_WITH_TRIGGERS = """
WITH triggered AS (
    SELECT name, (SELECT group_concat(printf('"%w" = "%w"', c.name, c.name)) FROM pragma_table_info(t.name) c) AS kept
    FROM sqlite_master t WHERE type = 'table' AND name IN (SELECT tbl_name FROM sqlite_master WHERE type = 'trigger')
)
SELECT printf('EXPLAIN INSERT INTO "%w" DEFAULT VALUES', name) FROM triggered
UNION ALL SELECT printf('EXPLAIN UPDATE "%w" SET %s', name, kept) FROM triggered
UNION ALL SELECT printf('EXPLAIN DELETE FROM "%w"', name) FROM triggered
"""
"""Statements that read the triggers of each table, and change nothing."""


class KeepingImpl(SQLiteImpl):
    """Alembic's operations on SQLite. Alembic takes the class that was defined last for a dialect."""

    __dialect__ = "sqlite"

    def correct_for_autogen_constraints(
        self, conn_unique_constraints: Any, conn_indexes: Any, metadata_unique_constraints: Any, metadata_indexes: Any
    ) -> None:
        """Compare indexes on expressions by name. Alembic would leave them out of each new revision."""
        statement = text("SELECT name FROM sqlite_master WHERE type = 'index'")
        known = set(_connection(self).scalars(statement)) - {index.name for index in conn_indexes}
        for index in list(metadata_indexes):
            if index.name in known:
                metadata_indexes.discard(index)

    def prep_table_for_batch(self, batch_impl: Any, table: Table) -> None:
        """Called before the new table is created."""
        connection = _connection(self)
        self._old_sql = _sql_of(connection, table.name)
        self._may_lose = not batch_impl.reflected or len(batch_impl.columns) < len(table.columns)
        checks = [item for item in table.constraints if isinstance(item, CheckConstraint) and item.name]
        stated = any(isinstance(argument, CheckConstraint) for argument in batch_impl.table_args)
        if batch_impl.reflected and not stated and _count("CHECK", self._old_sql) > len(checks):
            raise CommandError(f"{table.name} has a CHECK without a name, which would be lost. See `table_args`.")
        statement = "SELECT name, sql FROM sqlite_master WHERE tbl_name = :table AND type <> 'table' AND sql > ''"
        read = {index.name for index in table.indexes if index.dialect_options["sqlite"]["where"] is None}
        dropped = {index.name for index in table.indexes} - batch_impl.indexes.keys()
        self._kept = {
            name: sql
            for name, sql in connection.execute(text(statement), {"table": table.name})
            if name not in read | dropped
        }
        for name in self._kept:
            batch_impl.indexes.pop(name, None)
        for name, column in batch_impl.columns.items():
            if column.computed is not None:
                batch_impl.column_transfers[name].pop("expr", None)  # SQLite computes it, and refuses a value

    def rename_table(self, old_table_name: str, new_table_name: str, schema: str | None = None) -> None:
        """Called when the rows are copied and the old table is dropped, but also by a migration."""
        if not old_table_name.startswith("_alembic_tmp_"):
            super().rename_table(old_table_name, new_table_name, schema)
            return
        connection = _connection(self)
        # Otherwise SQLite refuses, because views refer to a table that isn't there.
        connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
        super().rename_table(old_table_name, new_table_name, schema)
        connection.exec_driver_sql("PRAGMA legacy_alter_table = OFF")
        new_sql = _sql_of(connection, new_table_name)
        lost = [part for part in _UNREAD if _count(part, new_sql) < _count(part, self._old_sql)]
        if lost and not self._may_lose:
            raise CommandError(f"{new_table_name} would lose {', '.join(lost)}. Alter it in SQL, or pass `copy_from`.")
        for name, sql in self._kept.items():
            try:
                connection.exec_driver_sql(sql)
            except DBAPIError as error:
                raise CommandError(
                    f"{name} of {new_table_name} doesn't fit the altered table: {error.orig}. "
                    "Drop it before the table is altered, and create it again after."
                ) from None


def check_views_and_triggers(connection: Connection) -> None:
    """Raise CommandError if a view or trigger names a missing table or column."""
    connection.exec_driver_sql("CREATE TABLE _checked (id INTEGER)")
    try:
        connection.exec_driver_sql("ALTER TABLE _checked RENAME TO _checked_too")  # reads the whole schema
        connection.exec_driver_sql("DROP TABLE _checked_too")
        for statement in connection.scalars(text(_STATEMENTS_WITH_TRIGGERS)).all():
            connection.exec_driver_sql(statement)
    except DBAPIError as error:
        raise CommandError(
            f"A view or trigger doesn't fit: {error.orig}. The migration was rolled back. In it, drop the view or "
            "trigger first, and create it again at the end."
        ) from None


def _connection(impl: SQLiteImpl) -> Connection:
    assert impl.connection is not None
    return impl.connection


def _sql_of(connection: Connection, table: str) -> str:
    """Return a table's CREATE TABLE without strings, quoted names and comments."""
    statement = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    return _QUOTED.sub("", connection.scalar(statement, {"table": table}) or "")


def _count(part: str, sql: str) -> int:
    words = r"\s+".join(part.split())
    return len(re.findall(rf"\b{words}\b", sql, re.IGNORECASE))
