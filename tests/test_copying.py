"""`app db copy` moves a hundred thousand rows between databases."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.combinations import EVERYDAY
from tests.projects import Project, find_python, kill
from tests.rendering import render
from tests.servers import Database, new_database

pytestmark = pytest.mark.slow

ROWS = 100_000
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
PACKAGES = {"sqlite": [], "postgresql": ["--with", "psycopg[binary]"], "mysql": ["--with", "pymysql"]}
"""How docs/updating.md adds the driver of the source database."""


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Project]]:
    """One project for each database, sync and async among them."""
    made = {}
    for combination in EVERYDAY:
        project = Project(render(tmp_path_factory.mktemp("copy") / "project", **combination.answers).path)
        project.install(find_python(combination.python))
        made[combination.database] = project
    yield made
    for project in made.values():
        project.remove()


@pytest.fixture(scope="module")
def filled(projects: dict[str, Project], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database that is only read."""
    with new_database("sqlite", "source", tmp_path_factory.mktemp("source")) as database:
        projects["sqlite"].uv_run("app", "db", "seed", "--heroes", str(ROWS), DATABASE_URL=database.url)
        yield database


def copy_command(source: Database) -> list[str]:
    kind = urlsplit(source.url).scheme
    url = source.url.replace(kind, DRIVERS[kind], 1)
    return ["uv", "run", "--no-sync", *PACKAGES[kind], "app", "db", "copy", "--from", url]


@pytest.mark.parametrize(
    "journey", [("postgresql", "mysql", "sqlite"), ("mysql", "postgresql", "sqlite")], ids="-".join
)
def test_copies_between_databases_keep_all_rows(
    projects: dict[str, Project], filled: Database, tmp_path: Path, journey: tuple[str, ...]
) -> None:
    """Each copy keeps every row. Afterwards new ids follow the copied ones, and foreign keys hold."""
    source, content, rows = filled, fingerprint(filled), ROWS
    with ExitStack() as databases:
        for kind in journey:
            target = databases.enter_context(new_database(kind, "target", tmp_path))
            projects[kind].uv_run("app", "db", "upgrade", DATABASE_URL=target.url)
            output = projects[kind].run(*copy_command(source), DATABASE_URL=target.url)
            assert f"hero: {rows}" in output.splitlines()
            assert fingerprint(target) == content

            rows += 1
            projects[kind].uv_run("app", "db", "seed", "--heroes", str(rows), DATABASE_URL=target.url)
            assert target.execute("SELECT max(id) FROM hero") == [(rows,)]
            if kind == "sqlite":
                assert target.execute("PRAGMA foreign_key_check") == []
            else:
                with pytest.raises(Exception, match=r"(?i)foreign key"):
                    target.execute("DELETE FROM team")
            source, content = target, fingerprint(target)


def test_killed_copy_stores_nothing_and_can_be_repeated(
    projects: dict[str, Project], filled: Database, tmp_path: Path
) -> None:
    with new_database("postgresql", "target", tmp_path) as target:
        projects["postgresql"].uv_run("app", "db", "upgrade", DATABASE_URL=target.url)
        process = projects["postgresql"].start(*copy_command(filled), DATABASE_URL=target.url)
        try:
            wait_until_writing(target)
        finally:
            kill(process)
        assert target.execute("SELECT count(*) FROM hero") == [(0,)]
        output = projects["postgresql"].run(*copy_command(filled), DATABASE_URL=target.url)
        assert f"hero: {ROWS}" in output.splitlines()


def wait_until_writing(database: Database) -> None:
    """Wait until another connection has uncommitted rows of heroes."""
    deadline = time.monotonic() + 60
    held = "SELECT count(*) FROM pg_locks WHERE relation = 'hero'::regclass AND mode = 'RowExclusiveLock'"
    while database.execute(held) == [(0,)]:
        assert time.monotonic() < deadline, "nothing is written"
        time.sleep(0.02)


def fingerprint(database: Database) -> dict[str, str]:
    """Return a digest of each table's rows, timestamps to the microsecond included."""
    digests = {}
    for table, columns in {
        "team": "id, name, headquarters, created_at, updated_at",
        "mission": "id, name, created_at, updated_at",
        "hero": "id, name, secret_name, age, team_id, created_at, updated_at",
    }.items():
        digest = hashlib.sha256()
        for row in database.execute(f"SELECT {columns} FROM {table} ORDER BY id"):
            *values, created, updated = row
            digest.update(repr((values, moment(created), moment(updated))).encode())
        digests[table] = digest.hexdigest()
    return digests


def moment(value: datetime | str) -> str:
    """Format an instant that a driver returns as text, as a naive datetime in UTC, or with an offset."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (
        (instant.astimezone(UTC) if instant.tzinfo else instant).replace(tzinfo=None).isoformat(timespec="microseconds")
    )
