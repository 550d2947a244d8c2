"""Each combination as a project: installed, linted, type-checked, tested and migrated."""

import re

import pytest

from tests.projects import TABLES, Project
from tests.servers import Database

MIGRATED = sorted(["alembic_version", *TABLES])


def test_ruff_check(project: Project) -> None:
    project.uv_run("ruff", "check")


def test_ruff_format(project: Project) -> None:
    project.uv_run("ruff", "format", "--check")


def test_mypy(project: Project) -> None:
    """The project's own configuration is strict."""
    project.uv_run("mypy")


@pytest.mark.slow
def test_suite_in_memory(project: Project) -> None:
    assert "passed" in project.uv_run("pytest", "--quiet")


def test_suite_on_server(project: Project, database: Database) -> None:
    """With a server, no test of the generated suite is skipped."""
    output = project.uv_run("pytest", "--quiet", "-rs", TEST_DATABASE_URL=database.url)
    assert "passed" in output
    assert not re.search(r"\d+ (skipped|deselected|xfailed)", output), output


def test_migrations(project: Project, database: Database) -> None:
    """Migrations upgrade, leave nothing to autogenerate, downgrade to an empty database, and upgrade again."""

    def alembic(*command: str) -> None:
        project.uv_run("alembic", *command, DATABASE_URL=database.url)

    alembic("upgrade", "head")
    assert database.tables() == MIGRATED
    alembic("check")
    alembic("downgrade", "base")
    assert database.tables() == ["alembic_version"]
    alembic("upgrade", "head")
    assert database.tables() == MIGRATED
