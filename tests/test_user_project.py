"""A user's project switches every answer; the generated tests and its own pass after each switch."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.combinations import Combination
from tests.projects import Project, find_python
from tests.recipes import follow
from tests.servers import new_database
from tests.updates import commit, lay_out, make_project, unmerged, update
from tests.user import EDITS

pytestmark = pytest.mark.slow

WRITTEN_FOR_ANSWERS = ("app/repositories/vehicles.py", "app/routes/vehicles.py")
"""The user's own code that awaits or commits, and must be rewritten for other answers."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template")
    lay_out(path)
    commit(path)
    return path


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Iterator[Project]:
    """A project with tables, migrations, endpoints, settings, tests and a dependency of the user's own."""
    project = make_project(template, tmp_path / "project", Combination("sqlite", "async", "autocommit"))
    project.install(find_python("3.12"))
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/development.db"}
    follow(project, (project.path / "docs/tables.md").read_text(), **database)

    project.run("uv", "add", "--quiet", "humanize")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", (project.path / "pyproject.toml").read_text(), re.M | re.S)
    assert listed
    assert "humanize" in listed[1].splitlines()[-1]  # not next to the driver, which changes
    by_hand = {name: change for name, change in EDITS.changes.items() if name != "pyproject.toml"}
    EDITS._replace(changes=by_hand).make(project)
    project.uv_run("alembic", "revision", "--autogenerate", "--message", "gadgets", **database)
    project.uv_run("python", "-m", "tests.diagram")
    commit(project.path, "Our own work")
    yield project
    project.remove()


def test_project_survives_switching_every_answer(project: Project, tmp_path: Path) -> None:
    """The type checker finds the code to rewrite; all other code stays as it is."""
    switch(project, database="postgresql")
    check_project(project, tmp_path, "postgresql")

    switch(project, concurrency="sync")
    assert set(files_with_errors(project)) == set(WRITTEN_FOR_ANSWERS)
    rewrite(project)
    check_project(project, tmp_path, "postgresql")

    switch(project, session_strategy="unit_of_work")
    assert "app/routes/vehicles.py" in files_with_errors(project)
    rewrite(project)
    check_project(project, tmp_path, "postgresql")

    switch(project, database="mysql")
    check_project(project, tmp_path, "mysql")


def switch(project: Project, **answer: str) -> None:
    update(project, **answer)
    assert unmerged(project.path) == []
    project.run("uv", "sync", "--quiet")
    commit(project.path, f"Switch to {answer}")


def rewrite(project: Project) -> None:
    """Rewrite the user's endpoints and queries for the new answer, as in the project's guide."""
    for name in WRITTEN_FOR_ANSWERS:
        (project.path / name).unlink()
    guide = (project.path / "docs/tables.md").read_text()
    follow(project, guide, only=(*WRITTEN_FOR_ANSWERS, "app/db/unit_of_work.py"))
    commit(project.path, "Follow")


def files_with_errors(project: Project) -> list[str]:
    output = project.try_to("uv", "run", "--no-sync", "mypy").output
    return [line.partition(":")[0] for line in output.splitlines() if ": error:" in line]


def check_project(project: Project, directory: Path, database: str) -> None:
    """Lint, type-check and test the project, with a server."""
    project.uv_run("ruff", "check")
    project.uv_run("ruff", "format", "--check")
    project.uv_run("mypy")
    with new_database(database, "user", directory) as new:
        output = project.uv_run("pytest", "--quiet", "-rs", TEST_DATABASE_URL=new.url)
        assert "passed" in output
        assert "skipped" not in output
