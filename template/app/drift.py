"""Compares a database with the models: what a new database would have and this one lacks, and the reverse."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Enum, String, cast, func, inspect, select
from sqlalchemy.types import NullType, TypeEngine
from sqlmodel import SQLModel

from app.objects import INSPECTED, fresh_objects, fresh_tables, hidden_tables, other_objects, schemas
from app.schema import UNMANAGED, ignored_warnings

Objects = dict[tuple[str, str], str]
"""Definitions by kind and name, such as ("index", "vehicle.ix_vehicle_seats")."""

Others = Callable[[Connection, str], Iterable[tuple[str, str, str]]]
"""A function that returns the kind, name and definition of each object of a schema that is not part of a table."""


def differences(connection: Connection) -> list[str]:
    """Return a sentence for each object that the database and the models don't have in common.

    The server creates the models' tables for a moment, so both definitions are in its words. Nothing of them stays.
    """
    with ignored_warnings():
        return [*compare_with_models(connection)] or [*unknown_members(connection)]


def compare_with_models(connection: Connection) -> Iterator[str]:
    default, *_ = names = schemas(connection)
    ignored = UNMANAGED | hidden_tables(connection) | {"alembic_version"}
    inspector = inspect(connection)
    found = {}
    for schema in names:
        tables = [table for table in inspector.get_table_names(schema) if table not in ignored]
        found[schema] = describe(connection, schema, tables, other_objects)
    with fresh_tables(connection) as (fresh, copies):
        # Longer names first, because one may be the beginning of another.
        renamed = [*sorted(((copy, name) for name, copy in copies.items()), reverse=True), (f"{default}.", "")]
        for schema in names:
            models = [table for table in SQLModel.metadata.tables.values() if (table.schema or default) == schema]
            tables = [table.name for table in models if not table.is_view and table.name not in ignored]
            expected = describe(fresh, copies[schema], tables, fresh_objects)
            prefix = "" if schema == default else f"{schema}."
            yield from compare(
                replace_names(found[schema], renamed), replace_names(expected, renamed), prefix, frozenset(ignored)
            )


def describe(connection: Connection, schema: str, tables: list[str], others: Others) -> Objects:
    """Return the objects of a schema."""
    inspector = inspect(connection)
    found: dict[tuple[str, str], Any] = {}
    for table in tables:
        found["table", table] = ""
        found["primary key", table] = inspector.get_pk_constraint(table, schema)["constrained_columns"]
        for column in inspector.get_columns(table, schema):
            found["column", f"{table}.{column['name']}"] = column
        for kind, method in INSPECTED.items():
            for item in getattr(inspector, method)(table, schema):
                if not any(name.endswith("_prefix") for name in item.get("dialect_options", ())):  # such as FULLTEXT
                    found[kind, f"{table}.{item['name']}"] = item
        for key in inspector.get_foreign_keys(table, schema):
            found.pop(("index", f"{table}.{key['name']}"), None)  # some servers create it for the foreign key
    for kind, name, definition in others(connection, schema):
        found[kind, name] = definition
    return {key: written(definition, connection) for key, definition in found.items()}


def written(definition: Any, connection: Connection) -> str:
    """Return a definition of SQLAlchemy's inspector as text, without quotes, and without what has no value."""
    if isinstance(definition, NullType):
        return "of a type that SQLAlchemy doesn't know"
    if isinstance(definition, TypeEngine):
        return definition.compile(dialect=connection.dialect)
    if isinstance(definition, dict):
        pairs = [(key, written(definition[key], connection)) for key in sorted(definition) if key != "name"]
        return ", ".join(f"{key}: {value}" for key, value in pairs if value not in ("", "None", "False"))
    if isinstance(definition, list | tuple):
        return ", ".join(written(part, connection) for part in definition)
    return " ".join(str(definition).replace('"', "").replace("`", "").split())


def replace_names(objects: Objects, renamed: list[tuple[str, str]]) -> Objects:
    """Replace the names of schemas in definitions. A table that was renamed keeps the name of its sequence."""
    for key, definition in objects.items():
        for old, new in renamed:
            definition = definition.replace(old, new)
        objects[key] = re.sub(r"nextval\('[^']*'", "nextval('...'", definition)
    return objects


def compare(found: Objects, expected: Objects, prefix: str, ignored: frozenset[str]) -> Iterator[str]:
    """Yield a sentence for each difference, but none for the parts of a table that is missing or not in the models."""
    tables = {name for kind, name in found.keys() ^ expected.keys() if kind == "table"}
    for kind, name in sorted(found.keys() | expected.keys()):
        table = name.partition(".")[0]
        if (table in ignored and kind != "virtual table") or (kind != "table" and table in tables):
            continue
        what = f"The {kind} {prefix}{name}"
        if (kind, name) not in found:
            yield f"{what} is missing."
        elif (kind, name) not in expected:
            yield f"{what} is not in the models."
        elif found[kind, name] != expected[kind, name]:
            yield f"{what} is `{found[kind, name]}`, and in the models `{expected[kind, name]}`."


def unknown_members(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each column that stores values of no member of its enum. Such a row can't be read."""
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Enum):
                unknown = cast(column, String).not_in(column.type.enums)
                rows = connection.scalar(select(func.count()).select_from(table).where(unknown))
                if rows:
                    yield f"{rows} rows have a {table.name}.{column.name} that is no member of its enum."
