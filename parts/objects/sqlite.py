"""What is specific to SQLite in a schema: objects that aren't tables, and how to drop everything."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text
from sqlmodel import SQLModel

INSPECTED = {
    "foreign key": "get_foreign_keys",
    "unique constraint": "get_unique_constraints",
    "check": "get_check_constraints",
}
"""What of a table is compared, and the inspector's method for it."""

_OPTIONS = re.compile(r"COLLATE\s+\W?\w+|STRICT|WITHOUT\s+ROWID|AUTOINCREMENT|ON\s+CONFLICT\s+\w+", re.IGNORECASE)
"""Parts of CREATE TABLE that SQLAlchemy's inspector doesn't show."""

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql > '' AND substr(name, 1, 7) <> 'sqlite_'"

ADVICE_ON_LOCKS = "Stop the program that writes, or wait for its end"


def schemas(_connection: Connection) -> list[str]:
    """Return the schemas of the models' tables."""
    return ["main"]


def hidden_tables(connection: Connection) -> set[str]:
    """Return the names of virtual tables, and of the tables in which they store their rows."""
    return set(connection.scalars(text("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')")))


def drop_objects(connection: Connection, kept: frozenset[str]) -> None:
    """Drop everything in the database but `kept`. Triggers and indexes go with their tables."""
    # Tables that refer to each other have no order, so check references at the end.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    # Views first, and virtual tables before the tables in which they store their rows.
    order = " AND type IN ('view', 'table') ORDER BY type DESC, sql LIKE 'CREATE VIRTUAL %' DESC, name"
    for kind, name, _, _ in connection.execute(text(_OBJECTS + order)).all():
        if name not in kept:
            connection.exec_driver_sql(f'DROP {kind} IF EXISTS "{name}"')


def other_objects(connection: Connection, _schema: str) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, name and definition of each object that SQLAlchemy's inspector doesn't compare."""
    for kind, name, table, sql in connection.execute(text(_OBJECTS)):
        if kind == "table" and sql.upper().startswith("CREATE VIRTUAL"):
            yield "virtual table", name, sql
        elif kind == "table":
            yield "options", name, " ".join(sorted(_OPTIONS.findall(sql))).upper()
        else:
            yield kind, name if kind == "view" else f"{table}.{name}", sql


fresh_objects = other_objects


@contextmanager
def fresh_tables(_connection: Connection) -> Iterator[tuple[Connection, dict[str, str]]]:
    """Create the models' tables in a database in memory.

    Yield a connection to them, and the name of each schema there by the one that it stands for.
    """
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
        yield connection, {"main": "main"}
    engine.dispose()


def lock_holders(_connection: Connection) -> list[str]:
    """Return nothing: SQLite doesn't know who holds its lock."""
    return []
