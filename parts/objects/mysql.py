"""What is specific to MySQL in a schema: objects that aren't tables, how to drop everything, and who holds locks."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

INSPECTED = {
    "unique constraint": "get_unique_constraints",
    "check": "get_check_constraints",
    "index": "get_indexes",
}
"""What of a table is compared, and the inspector's method for it. `other_objects` has the foreign keys."""

_OBJECTS = """
SELECT 1 AS step, CASE table_type WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
    table_name AS name
FROM information_schema.tables WHERE table_schema = DATABASE()
UNION ALL
SELECT 2, routine_type, routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()
UNION ALL
SELECT 3, 'EVENT', event_name FROM information_schema.events WHERE event_schema = DATABASE()
ORDER BY step, kind, name
"""
"""What `drop_objects` drops, in this order. A table's triggers go with it."""

_REFERENCES = """
SELECT DISTINCT concat(table_schema, '.', table_name) FROM information_schema.key_column_usage
WHERE referenced_table_schema = DATABASE() AND table_schema <> DATABASE()
"""

_TRIGGERS = """
SELECT event_object_table AS `table`, trigger_name AS name,
    concat(action_timing, ' ', event_manipulation, ' ', action_statement) AS definition
FROM information_schema.triggers WHERE trigger_schema = DATABASE()
"""

_CREATE_TRIGGER = re.compile(
    r"CREATE TRIGGER\s+`?(\w+)`?\s+(\w+\s+\w+)\s+ON\s+`?(\w+)`?\s+FOR EACH ROW\s+(.*)", re.IGNORECASE | re.DOTALL
)

_LOCK_HOLDERS = """
SELECT concat('process ', p.id, ' (', user, ' at ', host, ', since ', trx_started, '): ', coalesce(info, command))
FROM information_schema.innodb_trx JOIN information_schema.processlist p ON p.id = trx_mysql_thread_id
WHERE p.id <> connection_id() ORDER BY trx_started LIMIT 3
"""

ADVICE_ON_LOCKS = "End the transaction that holds it by `KILL PROCESS`, or wait for its end"


def schemas(connection: Connection) -> list[str]:
    """Return the schemas of the models' tables."""
    return [connection.scalar(text("SELECT DATABASE()")) or ""]


def hidden_tables(_connection: Connection) -> set[str]:
    """Return nothing: each table is one of the models or of another program."""
    return set()


def drop_objects(connection: Connection, kept: frozenset[str]) -> None:
    """Drop everything in the database but `kept`.

    MySQL commits each statement, so all tables are dropped by one, which locks all of them first.

    Raises:
        CommandError: another database refers to a table. Nothing was dropped.
    """
    references = connection.scalars(text(_REFERENCES)).all()
    if references:
        raise CommandError(f"Nothing was dropped, because {', '.join(references)} refers to this database.")
    objects: dict[str, list[str]] = {}
    for _, kind, name in connection.execute(text(_OBJECTS)):
        if name not in kept:
            objects.setdefault(kind, []).append(f"`{name}`")
    connection.exec_driver_sql("SET foreign_key_checks = 0")
    try:
        for kind, names in objects.items():
            for dropped in [", ".join(names)] if kind in ("TABLE", "VIEW") else names:
                connection.execute(text(f"DROP {kind} {dropped}".replace(":", r"\:")))
    finally:
        connection.exec_driver_sql("SET foreign_key_checks = 1")


def other_objects(connection: Connection, schema: str) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, name and definition of each object that is not part of a table."""
    inspector = inspect(connection)
    for table in inspector.get_table_names(schema):
        for key in inspector.get_foreign_keys(table, schema):
            options = key["options"].get("ondelete", ""), key["options"].get("onupdate", "")
            yield _foreign_key(table, key["name"], key["constrained_columns"], key["referred_table"], *options)
    for view in inspector.get_view_names(schema):
        yield "view", view, ""
    for trigger in connection.execute(text(_TRIGGERS)):
        yield "trigger", f"{trigger.table}.{trigger.name}", trigger.definition


def fresh_objects(connection: Connection, _schema: str) -> Iterator[tuple[str, str, str]]:
    """Yield what `other_objects` would yield for a database that has just been created."""
    for table in SQLModel.metadata.tables.values():
        for key in table.foreign_key_constraints:
            name = str(connection.dialect.identifier_preparer.format_constraint(key)).replace("`", "")
            options = key.ondelete or "", key.onupdate or ""
            yield _foreign_key(table.name, name, key.column_keys, key.referred_table.name, *options)
        if table.is_view:
            yield "view", table.name, ""
    statements: list[Any] = []
    mock = MockConnection(connection.dialect, lambda statement, *_: statements.append(statement))
    SQLModel.metadata.create_all(mock, checkfirst=False)
    for statement in statements:
        if trigger := _CREATE_TRIGGER.fullmatch(str(statement.compile(dialect=connection.dialect)).strip()):
            name, timing, on, action = trigger.groups()
            yield "trigger", f"{on}.{name}", f"{timing.upper()} {action}"


def _foreign_key(
    table: str, name: str | None, columns: Sequence[str], referred: str, ondelete: str, onupdate: str
) -> tuple[str, str, str]:
    options = " ".join(
        f"{event} {action}"
        for event, action in (("ON DELETE", ondelete), ("ON UPDATE", onupdate))
        if action.upper() not in ("", "RESTRICT", "NO ACTION")
    )
    return "foreign key", f"{table}.{name}", f"{', '.join(columns)} to {referred} {options}"


@contextmanager
def fresh_tables(connection: Connection) -> Iterator[tuple[Connection, dict[str, str]]]:
    """Create the models' tables as temporary ones, which have no foreign keys, and drop them at the end.

    They hide the other tables from this connection. Yield it, and the name of each schema by that which it stands for.
    """
    tables = [table for table in SQLModel.metadata.tables.values() if not table.is_view]
    create = [str(CreateTable(table, []).compile(dialect=connection.dialect)) for table in tables]
    try:
        for table, statement in zip(tables, create, strict=True):
            unpartitioned = statement.partition("PARTITION BY")[0]
            connection.exec_driver_sql(unpartitioned.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1))
            for index in table.indexes:
                if not index.dialect_options["mysql"]["prefix"]:  # a temporary table has no FULLTEXT index
                    connection.execute(CreateIndex(index))
        yield connection, {schema: schema for schema in schemas(connection)}
    finally:
        for table in tables:
            connection.exec_driver_sql(f"DROP TEMPORARY TABLE IF EXISTS `{table.name}`")


def lock_holders(connection: Connection) -> list[str]:
    """Describe the three oldest transactions, if this user may see them."""
    try:
        return [str(row) for row in connection.scalars(text(_LOCK_HOLDERS))]
    except DBAPIError:  # it needs the privilege PROCESS
        return []
