"""What is specific to PostgreSQL in a schema: objects that aren't tables, how to drop all, and who holds locks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects.postgresql.base import PGInspector
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

INSPECTED: dict[str, str] = {}
"""What of a table SQLAlchemy's inspector shows well enough: nothing but columns and primary keys."""

_SCRATCH = "app_check"
"""The schema in which `fresh_tables` creates the models' tables. It exists only in a transaction."""

_OBJECTS = """
WITH n AS (SELECT oid FROM pg_namespace WHERE nspname = :schema),
    c AS (SELECT * FROM pg_class WHERE relnamespace IN (SELECT oid FROM n) AND NOT relispartition)
SELECT 'trigger' AS kind, concat(relname, '.', tgname) AS name,
    concat(pg_get_triggerdef(t.oid), CASE WHEN tgenabled <> 'O' THEN ' NOT ENABLED' END) AS definition
FROM pg_trigger t JOIN c ON c.oid = tgrelid WHERE NOT tgisinternal AND tgparentid = 0
UNION ALL
SELECT CASE contype WHEN 'f' THEN 'foreign key' WHEN 'u' THEN 'unique constraint' WHEN 'c' THEN 'check'
    ELSE 'exclusion constraint' END, concat(relname, '.', conname), pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN c ON c.oid = conrelid WHERE contype IN ('c', 'f', 'u', 'x')
UNION ALL
SELECT 'index', concat(c.relname, '.', i.relname),
    concat(pg_get_indexdef(i.oid), CASE WHEN NOT indisvalid THEN ' INVALID' END)
FROM pg_index JOIN pg_class i ON i.oid = indexrelid JOIN c ON c.oid = indrelid
WHERE c.relkind IN ('r', 'p', 'm')
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid AND contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'view', relname, pg_get_viewdef(c.oid) FROM c WHERE relkind IN ('v', 'm')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
UNION ALL
SELECT 'sequence', relname, '' FROM c
WHERE relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype IN ('a', 'i'))
UNION ALL
SELECT 'domain', typname, format_type(typbasetype, typtypmod) FROM pg_type y
WHERE typnamespace IN (SELECT oid FROM n) AND typtype = 'd'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = y.oid AND deptype = 'e')
UNION ALL
SELECT 'function', concat(proname, '(', pg_get_function_identity_arguments(p.oid), ')'),
    CASE WHEN prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE '' END
FROM pg_proc p WHERE pronamespace IN (SELECT oid FROM n)
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype IN ('e', 'i'))
"""

_HIDDEN = """
SELECT relname FROM pg_class c
WHERE relispartition OR EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
"""

_DROPS = """
SELECT 1 AS step, relname AS name, format(
    'DROP %s %I.%I',
    CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
        WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
    nspname, relname
) AS statement
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = ANY(:schemas) AND relkind IN ('v', 'm', 'f', 'S', 'r', 'p') AND NOT relispartition
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND relkind = 'S' AND deptype IN ('a', 'i'))
UNION ALL
SELECT 2, proname, format('DROP ROUTINE %I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid))
FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
WHERE nspname = ANY(:schemas) AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype IN ('e', 'i'))
UNION ALL
SELECT 3, typname, format('DROP TYPE %I.%I', nspname, typname)
FROM pg_type y JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_class c ON c.oid = typrelid
WHERE nspname = ANY(:schemas) AND (typtype IN ('d', 'e', 'r') OR relkind = 'c')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = y.oid AND deptype = 'e')
UNION ALL
SELECT 4, nspname, format('DROP SCHEMA %I', nspname) FROM pg_namespace
WHERE nspname = ANY(:schemas) AND nspname <> current_schema() AND pg_has_role(nspowner, 'USAGE')
ORDER BY 1, 2
"""

_FOREIGN_KEYS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace
WHERE contype = 'f' AND nspname = ANY(:schemas) AND conparentid = 0
"""

_LOCK_HOLDERS = r"""
SELECT format(
    'process %s (%s, %s since %s) on %s: %s',
    pid, coalesce(nullif(application_name, ''), usename), state, to_char(xact_start, 'HH24\:MI\:SS'), tables,
    left(regexp_replace(query, '\s+', ' ', 'g'), 80)
)
FROM pg_stat_activity JOIN (
    SELECT pid, string_agg(DISTINCT relation::regclass::text, ', ') AS tables
    FROM pg_locks JOIN pg_class c ON c.oid = relation
    WHERE granted AND relkind IN ('r', 'p') AND relnamespace <> 'pg_catalog'::regnamespace
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    GROUP BY pid
) AS locks USING (pid)
WHERE pid <> pg_backend_pid()
ORDER BY xact_start LIMIT 3
"""

ADVICE_ON_LOCKS = "End the transaction that holds it by `SELECT pg_terminate_backend(PROCESS)`, or wait for its end"


def schemas(connection: Connection) -> list[str]:
    """Return the schemas of the models' tables. The first one is the default."""
    default = connection.scalar(text("SELECT current_schema()"))
    return [default or "public", *sorted({table.schema for table in SQLModel.metadata.tables.values() if table.schema})]


def hidden_tables(connection: Connection) -> set[str]:
    """Return the names of partitions, which belong to their table, and of what belongs to an extension."""
    return set(connection.scalars(text(_HIDDEN)))


def create_schemas(connection: Connection) -> None:
    """Create the schemas of the models' tables that don't exist."""
    if connection.dialect.name != "postgresql":
        return  # SQLite replaces the server in tests
    for schema in schemas(connection)[1:]:
        connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')


def drop_objects(connection: Connection, kept: frozenset[str]) -> None:
    """Drop everything in the models' schemas but `kept`, and what belongs to an extension.

    Raises:
        CommandError: something outside depends on an object. Roll back.
    """
    names = {"schemas": schemas(connection)}
    for statement in connection.scalars(text(_FOREIGN_KEYS), names).all():
        connection.execute(text(statement.replace(":", r"\:")))
    statements = [row.statement for row in connection.execute(text(_DROPS), names) if row.name not in kept]
    while statements:
        refused = []
        for statement in statements:
            try:
                with connection.begin_nested():
                    connection.execute(text(statement.replace(":", r"\:")))
            except DBAPIError as error:
                driver_error: Any = error.driver_exception
                if driver_error.sqlstate != "2BP01":  # other objects depend on it
                    raise
                detail = driver_error.detail  # async
                detail = driver_error.diag.message_detail  # sync
                refused.append(statement)
        if len(refused) == len(statements):
            raise CommandError(f"Nothing was dropped, because a {detail}.")
        statements = refused


def other_objects(connection: Connection, schema: str) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, name and definition of each object that SQLAlchemy's inspector doesn't compare."""
    for row in connection.execute(text(_OBJECTS), {"schema": schema}):
        yield row.kind, row.name, row.definition
    inspector = inspect(connection)
    assert isinstance(inspector, PGInspector)
    for enum in inspector.get_enums(schema):
        yield "type", enum["name"], ", ".join(sorted(enum["labels"]))


fresh_objects = other_objects


@contextmanager
def fresh_tables(connection: Connection) -> Iterator[tuple[Connection, dict[str, str]]]:
    """Create the models' tables in schemas of their own, which are rolled back at the end.

    Yield a connection to them, and the name of each of these schemas by the one that it stands for.
    """
    default, *others = schemas(connection)
    copies = {default: _SCRATCH, **{schema: f"{_SCRATCH}_{schema}" for schema in others}}
    path = connection.scalar(text("SELECT current_setting('search_path')"))
    with connection.begin_nested() as savepoint:
        for copy in copies.values():
            connection.exec_driver_sql(f'CREATE SCHEMA "{copy}"')
        connection.exec_driver_sql(f'SET LOCAL search_path = "{_SCRATCH}", {path}')
        connection.execution_options(schema_translate_map=copies)
        try:
            SQLModel.metadata.create_all(connection, checkfirst=False)
        finally:
            connection.execution_options(schema_translate_map=None)
        yield connection, copies
        savepoint.rollback()


def lock_holders(connection: Connection) -> list[str]:
    """Describe the three oldest transactions that hold locks on tables."""
    return [str(row) for row in connection.scalars(text(_LOCK_HOLDERS))]
