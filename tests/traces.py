"""Patterns that belong to some combinations and must not occur in the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch

from tests.combinations import Combination


@dataclass(frozen=True)
class Trace:
    """A pattern that only some combinations may contain."""

    pattern: str
    combinations: tuple[str, ...]
    """Globs over combinations."""
    except_in: dict[str, str] = field(default_factory=dict)
    """Globs over files that may contain it in the others too, with the reason."""

    def find(self, combination: Combination, files: dict[str, str]) -> Iterator[str]:
        """Yield the places where the pattern must not occur, as `file:line: text`."""
        if any(fnmatch(str(combination), glob) for glob in self.combinations):
            return
        for name, text in files.items():
            if any(fnmatch(name, glob) for glob in self.except_in):
                continue
            for number, line in enumerate(text.splitlines(), 1):
                if re.search(self.pattern, line):
                    yield f"{name}:{number}: {line.strip()}"


ANY_DRIVER = {"tests/test_settings.py": "a URL may name any driver"}

TRACES = [
    # Databases and their drivers.
    Trace(
        r"(?i)(?<!aio)(?<!tests run on )(?<!test, on )sqlite(?! in memory)|\bpragma\b",
        ("sqlite-*",),
        {
            "tests/*": "without a server the tests run on SQLite",
            "docs/testing.md": "without a server the tests run on SQLite",
            "docs/migrations.md": "without a server the tests run on SQLite",
            "app/objects.py": "without a server the tests run on SQLite",
            "app/copy.py": "the other database may be a file",
        },
    ),
    Trace(
        r"(?i)aiosqlite",
        ("sqlite-async-*",),
        {"pyproject.toml": "the driver of async tests in memory", "tests/*": "async tests in memory"},
    ),
    Trace(r"(?i)aiosqlite", ("*-async-*",), ANY_DRIVER),
    Trace(r"(?i)postgres|psycopg|asyncpg", ("postgresql-*",)),
    Trace(r"(?i)psycopg", ("postgresql-sync-*",), ANY_DRIVER),
    Trace(r"(?i)asyncpg", ("postgresql-async-*",), ANY_DRIVER),
    Trace(r"(?i)mysql|mariadb|asyncmy", ("mysql-*",)),
    Trace(r"(?i)pymysql", ("mysql-sync-*",), ANY_DRIVER),
    Trace(r"(?i)asyncmy", ("mysql-async-*",), ANY_DRIVER),
    # Sync and async.
    Trace(
        r"\basync (def|for|with)\b|\bawait\b|AsyncIterator|asynccontextmanager",
        ("*-async-*",),
        {
            "app/main.py": "a lifespan is async in every application",
            "app/problems.py": "exception handlers that run without a thread",
            "app/db/pool.py": "requests wait for a connection without a thread",
            "app/db/request.py": "requests wait for a connection without a thread",
            "app/middleware.py": "middleware is async in every application",
            "app/db/session.py": "a session is opened without a thread",
            "app/db/threads.py": "a session is opened without a thread",
            "app/routes/health.py": "answers while all threads are busy",
            "tests/test_dependencies.py": "a WebSocket's endpoint is async in every application",
            "tests/test_overload.py": "a WebSocket's endpoint is async in every application",
            "tests/test_proof.py": "a WebSocket's endpoint is async in every application",
            "tests/proof.py": "an ASGI application is async",
        },
    ),
    Trace(r"Async(Session|Engine|Connection|ExitStack|AdaptedQueuePool)|async_sessionmaker", ("*-async-*",)),
    Trace(
        r"create_async_engine|sync_engine|sync_session|(?<!to_thread\.)run_sync\(_|sqlalchemy\[asyncio\]|sqlalchemy\.ext\.asyncio",
        ("*-async-*",),
    ),
    Trace(r"to_thread|CapacityLimiter", ("*-sync-*",), {"tests/*": "a test that waits for another thread"}),
    Trace(
        r"\bcreate_engine\b|\bsessionmaker\b",
        ("*-sync-*",),
        {
            "app/copy.py": "the other database is read without async",
            "app/objects.py": "a database in memory",
            "tests/test_proof.py": "an engine that is refused",
        },
    ),
    # Session strategies.
    Trace(r"UnitOfWork|(?i:unit.of.work)|\buow\b", ("*-unit_of_work",)),
    Trace(
        r"(?i)auto.?commit",
        ("*-autocommit",),
        {
            "app/db/engine.py": "the driver's own mode, in which reads open no transaction",
            "app/db/statements.py": "the driver's own mode",
            "docs/migrations.md": "the driver's own mode",
            "tests/test_read_sessions.py": "the driver's own mode",
            "tests/test_transactions.py": "the driver's own mode",
        },
    ),
    Trace(r"(?i)uncommitted", ("*-manual",), {"tests/support.py": "an isolation level"}),
    Trace(
        r"session\.commit\(\)",
        ("*-manual",),
        {
            "app/db/session.py": "where auto-commit commits",
            "app/db/database.py": "the end of a transaction that is a block",
            "tests/*": "tests that write through a session of their own",
        },
    ),
    Trace(r"\bSessionDep\b|\bget_session\b", ("*-manual", "*-autocommit")),
]
