"""Compares a database with the models: what a new database would have and this one lacks, and the reverse."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Enum, String, func, inspect, select, type_coerce
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from app.objects import INSPECTED, fresh_objects, fresh_tables, other_objects, schemas
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
    found = {
        schema: describe(connection, schema, inspect(connection).get_table_names(schema), other_objects)
        for schema in names
    }
    expected = {}
    with fresh_tables(connection) as (fresh, copies):
        for schema, copy in copies.items():
            tables = [
                table.name
                for table in SQLModel.metadata.tables.values()
                if (table.schema or default) == schema and not table.is_view
            ]
            expected[schema] = describe(fresh, copy, tables, fresh_objects)
            for key, definition in expected[schema].items():
                for name in sorted(copies, key=lambda name: copies[name], reverse=True):
                    definition = definition.replace(copies[name], name)
                expected[schema][key] = definition
    for schema in names:
        yield from compare(found[schema], expected[schema], "" if schema == default else f"{schema}.")


def describe(connection: Connection, schema: str, tables: list[str], others: Others) -> Objects:
    """Return the objects of a schema."""
    inspector = inspect(connection)
    found: dict[tuple[str, str], Any] = {}
    for table in tables:
        found["table", table] = ""
        found["primary key", table] = inspector.get_pk_constraint(table, schema)
        for column in inspector.get_columns(table, schema):
            found["column", f"{table}.{column['name']}"] = column
        for kind, method in INSPECTED.items():
            for item in getattr(inspector, method)(table, schema):
                found[kind, f"{table}.{item['name']}"] = item
        for key in inspector.get_foreign_keys(table, schema):
            found.pop(("index", f"{table}.{key['name']}"), None)  # some servers create it for the foreign key
    for kind, name, definition in others(connection, schema):
        found[kind, name] = definition
    return {key: written(definition, connection).replace(f"{schema}.", "") for key, definition in found.items()}


def written(definition: Any, connection: Connection) -> str:
    """Return a definition of SQLAlchemy's inspector as text, without quotes, and without what has no value."""
    if isinstance(definition, TypeEngine):
        return definition.compile(dialect=connection.dialect)
    if isinstance(definition, dict):
        pairs = [(key, written(definition[key], connection)) for key in sorted(definition) if key != "name"]
        return ", ".join(f"{key}: {value}" for key, value in pairs if value not in ("", "None", "False"))
    if isinstance(definition, list | tuple):
        return ", ".join(written(part, connection) for part in definition)
    return " ".join(str(definition).replace('"', "").replace("`", "").split())


def compare(found: Objects, expected: Objects, prefix: str) -> Iterator[str]:
    """Yield a sentence for each difference, but none for the parts of a table that is missing or not in the models."""
    tables = {name for kind, name in found.keys() ^ expected.keys() if kind == "table"}
    for kind, name in sorted(found.keys() | expected.keys()):
        table = name.partition(".")[0]
        if table in UNMANAGED or table == "alembic_version" or (kind != "table" and table in tables):
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
                unknown = type_coerce(column, String).not_in(column.type.enums)
                rows = connection.scalar(select(func.count()).select_from(table).where(unknown))
                if rows:
                    yield f"{rows} rows have a {table.name}.{column.name} that is no member of its enum."
