"""Databases for tests on real servers, and connections that bypass the project under test."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql
import pytest

VARIABLES = {"postgresql": "TEST_POSTGRESQL_URL", "mysql": "TEST_MYSQL_URL"}
STANDARD_URLS = {"postgresql": "postgresql://postgres@127.0.0.1:5432/postgres", "mysql": "mysql://root@127.0.0.1:3306/"}


@dataclass(frozen=True)
class Database:
    """A database, by the URL that a user would write."""

    url: str

    def connect(self) -> Any:
        """Open a DB-API connection in autocommit mode; its driver may differ from the project's."""
        parts = urlsplit(self.url)
        if parts.scheme == "sqlite":
            return sqlite3.connect(parts.path.removeprefix("/"), timeout=30, isolation_level=None)
        if parts.scheme == "postgresql":
            return psycopg.connect(self.url, autocommit=True, connect_timeout=5)
        return pymysql.connect(
            host=parts.hostname,
            port=parts.port or 3306,
            user=unquote(parts.username or "root"),
            password=unquote(parts.password or ""),
            database=parts.path.strip("/") or None,
            connect_timeout=5,
            autocommit=True,
        )

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement on a new connection; return the rows, if any."""
        with closing(self.connect()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def tables(self) -> list[str]:
        """Return the names of all tables, in order."""
        kind = urlsplit(self.url).scheme
        if kind == "sqlite":
            rows = self.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        else:
            schema = "current_schema()" if kind == "postgresql" else "database()"
            rows = self.execute(f"SELECT table_name FROM information_schema.tables WHERE table_schema = {schema}")
        return sorted(name for (name,) in rows)


@contextmanager
def new_database(kind: str, label: str, directory: Path) -> Iterator[Database]:
    """Create an empty database, and drop it afterwards; SQLite's is a file in the directory.

    Without a server, the test is skipped or fails (see `require_server`).
    """
    name = f"test_{label.replace('-', '_')}_{secrets.token_hex(4)}"
    if kind == "sqlite":
        yield Database(f"sqlite:///{directory}/{name}.db")
        return
    server = require_server(kind)
    server.execute(f"CREATE DATABASE {name}" + (" TEMPLATE template0" if kind == "postgresql" else ""))
    try:
        yield Database(urlsplit(server.url)._replace(path=f"/{name}").geturl())
    finally:
        server.execute(f"DROP DATABASE {name}" + (" WITH (FORCE)" if kind == "postgresql" else ""))


def require_server(kind: str) -> Database:
    """Return the server's maintenance database.

    A server that doesn't answer fails the test if CI=true or the server's variable is set, and skips it otherwise.
    """
    server = Database(os.environ.get(VARIABLES[kind], STANDARD_URLS[kind]))
    reason = _why_unusable(server)
    if reason is None:
        return server
    message = f"No {kind} server for the tests: start one on 127.0.0.1, or set {VARIABLES[kind]}. ({reason})"
    if os.environ.get("CI") == "true" or VARIABLES[kind] in os.environ:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@cache
def _why_unusable(server: Database) -> str | None:
    try:
        server.execute("SELECT 1")
    except (psycopg.Error, pymysql.Error) as error:
        return str(error).strip()
    return None
