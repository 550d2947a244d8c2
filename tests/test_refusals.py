"""Each combination refuses unusable settings in one sentence, before it does anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.combinations import Combination
from tests.projects import Project

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("untouched")]

SECRET = "s3cret-pw"
SERVE = ("uvicorn", "app.main:app", "--port", "0")
WAIT = ("app", "db", "wait", "--timeout", "1")


@pytest.fixture
def untouched(project: Project) -> Iterator[None]:
    """Check that the test leaves no file behind."""
    before = listing(project.path)
    yield
    assert listing(project.path) == before


def test_malformed_url_is_refused(project: Project) -> None:
    refuses(project, SERVE, "DATABASE_URL", DATABASE_URL=f"//user:{SECRET}@somewhere:port")


def test_url_of_other_database_is_refused(project: Project) -> None:
    refuses(project, WAIT, "DATABASE_URL", DATABASE_URL=f"oracle://user:{SECRET}@somewhere/test")


def test_production_without_url_is_refused(project: Project) -> None:
    refuses(project, SERVE, "DATABASE_URL", ENVIRONMENT="production")


@pytest.mark.parametrize("command", [SERVE, WAIT], ids=["serve", "wait"])
def test_unreachable_database_is_reported(combination: Combination, project: Project, command: tuple[str, ...]) -> None:
    url = f"{combination.database}://user:{SECRET}@127.0.0.1:1/test"
    if combination.database == "sqlite":
        url = "sqlite:////nowhere/test.db"
    refuses(project, command, "DATABASE_URL", DATABASE_URL=url, DATABASE_CONNECT_TIMEOUT="1")


def refuses(project: Project, command: tuple[str, ...], name: str, **environment: str) -> None:
    """Check that a command fails with one sentence that names the variable and hides the password."""
    result = project.try_to("uv", "run", "--no-sync", *command, **environment)
    said = [line for line in result.output.splitlines() if not line.startswith("INFO:")]
    assert result.status != 0, result.output
    assert "Traceback" not in result.output
    assert SECRET not in result.output
    assert len([line for line in said if name in line]) == 1, result.output
    assert len(said) <= 2, result.output


def listing(root: Path) -> set[str]:
    """Return all files of a project except caches."""
    ignored = {".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    return {str(path) for path in root.rglob("*") if not ignored & set(path.relative_to(root).parts)}
