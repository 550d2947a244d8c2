"""The generated pages, followed to the letter: their guides and their code, beside the example and without it."""

import re
import secrets
import shutil
import textwrap
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from copier import run_copy, run_update

from tests.combinations import EVERYDAY, Combination
from tests.projects import Project, find_python
from tests.recipes import blocks, follow, section
from tests.rendering import REPOSITORY
from tests.servers import Database, new_database

OTHERS = [
    Combination("sqlite", "sync", "manual"),
    Combination("postgresql", "sync", "autocommit"),
    Combination("mysql", "async", "unit_of_work"),
]
"""With those of every day, where the guide is followed without the example, each strategy sync and async."""

pytestmark = pytest.mark.slow

SERVERS = [combination for combination in EVERYDAY if combination.database != "sqlite"]
EXAMPLE = {"hero", "mission", "team", "assignment", "transfer"}
LINES = """# ruff: noqa: DTZ005  a bad example
from datetime import datetime
from typing import Any

from fastapi import BackgroundTasks
from fastapi.responses import JSONResponse

from app.models.base import utc_now
from app.repositories.base import Conflict


def use(tasks: BackgroundTasks, notify: Any, session: object, database: object) -> object:
""".lstrip()
"""What surrounds the lines that AGENTS.md sets side by side."""
ZZ = ("tests/test_zz_page_0.py", "tests/test_zz_page_1.py")
LATER = '\n\nLATER = "said by a later version of the template"\n'


class Template:
    """A copy of the template that has releases of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("copier.yml", "parts", "template"):
            copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy
            path.mkdir(exist_ok=True)
            copy(REPOSITORY / name, path / name)

    def release(self, tag: str) -> None:
        commit_everything(self.path)
        Project(self.path).run("git", "tag", tag)


def commit_everything(path: Path) -> None:
    author = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    project = Project(path)
    project.run("git", "init", "--quiet")
    project.run("git", "add", "--all")
    project.run("git", *author, "commit", "--quiet", "--message", "A commit")


@pytest.fixture
def template(tmp_path: Path) -> Template:
    template = Template(tmp_path / "template")
    template.release("1.0.0")
    return template


@pytest.fixture
def fresh(combination: Combination, template: Template, tmp_path: Path) -> Project:
    """A project of this test's own, which it may change."""
    project = Project(tmp_path / "project")
    run_copy(str(template.path), project.path, data=combination.answers, defaults=True, quiet=True)
    project.install(find_python(combination.python))
    commit_everything(project.path)
    return project


@pytest.mark.parametrize("combination", OTHERS, ids=str, indirect=True)
def test_pages_are_followed(fresh: Project, combination: Combination, database: Database, tmp_path: Path) -> None:
    follow_pages(fresh, combination, database, tmp_path)
    assert {"trip", "vehicle", *EXAMPLE} < set(database.tables())
    assert " vehicle {" in (fresh.path / "README.md").read_text()


def follow_pages(project: Project, combination: Combination, database: Database, directory: Path) -> None:
    """Do what the pages say, in the order of the README, and check that their code is sound and does what they say."""
    pages, server = project.path / "docs", {"DATABASE_URL": database.url}
    follow(project, (pages / "tables.md").read_text(), **server)
    follow(project, (pages / "relations.md").read_text(), **server)
    models = project.path / "app/models/__init__.py"
    vehicle = "from app.models.vehicle import Vehicle\n"
    imported = models.read_text().replace(vehicle, f"from app.models.trip import Trip\n{vehicle}")
    models.write_text(imported.replace('"Vehicle"]', '"Trip", "Vehicle"]'))
    project.uv_run("alembic", "revision", "--autogenerate", "--message", "trips", **server)
    project.uv_run("app", "db", "upgrade", **server)
    project.uv_run("alembic", "check", **server)
    project.uv_run("python", "-m", "tests.diagram")

    files = ("app/repositories/vehicles.py", "app/routes/vehicles.py", "tests/test_vehicles.py")
    follow(project, section(project.path / "AGENTS.md", "Code to copy"), only=files, replace=True)
    for page in ("sessions", "streams"):
        code = "\n\n".join(blocks((pages / f"{page}.md").read_text()))
        (project.path / f"app/routes/page_{page}.py").write_text(code)
    (project.path / "app/page_migrations.py").write_text(blocks((pages / "migrations.md").read_text())[0])
    for number, code in enumerate(blocks((pages / "testing.md").read_text())):
        # Last, because the bad test leaves something behind.
        (project.path / f"tests/test_zz_page_{number}.py").write_text(code)
    (lines,) = blocks(section(project.path / "AGENTS.md", "Good and bad"))
    (project.path / "tests/page_agents.py").write_text(LINES + textwrap.indent(lines, "    "))
    for command in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        project.uv_run(*command)

    checks = (REPOSITORY / "tests/pages/checks.py").read_text()
    if combination.concurrency == "sync":
        checks = checks.replace("async ", "").replace("await ", "")
    (project.path / "tests/test_pages.py").write_text(checks)
    project.uv_run("mypy")
    project.uv_run("pytest", "--quiet", "tests/test_vehicles.py", "tests/test_pages.py", *ZZ)
    with new_database(combination.database, "pages", directory) as test:
        project.uv_run("pytest", "--quiet", TEST_DATABASE_URL=test.url)
    project.uv_run("python", "-m", "app.routes.page_streams", **server)
    assert database.execute("SELECT name FROM vehicle") == [("Bus",)]


@pytest.mark.parametrize("combination", EVERYDAY, ids=str, indirect=True)
def test_a_project_is_started_empty(
    fresh: Project, template: Template, combination: Combination, database: Database, tmp_path: Path
) -> None:
    """Without the example the project is sound, takes an update, and its pages still say what is true."""
    fresh.uv_run("python", "start_empty.py")
    commit_everything(fresh.path)
    code = {name: text for name, text in sources(fresh.path).items() if name.endswith(".py")}
    assert [name for name, text in code.items() if re.search(r"Hero\b(?! Service)|Mission|Team|Transfer", text)] == []
    pages = {name: text for name, text in sources(fresh.path).items() if name.endswith(".md")}
    assert [name for name, text in pages.items() if re.search(r"(?i)\b(?!hero.service)(hero|mission|team)", text)] == []

    for changed in ("app/problems.py", "app/settings.py.jinja", "app/models/hero.py"):
        with (template.path / "template" / changed).open("a") as file:
            file.write(LATER)
    template.release("1.1.0")
    run_update(fresh.path, defaults=True, overwrite=True, quiet=True)
    assert fresh.run("git", "status", "--porcelain").split("\n")[:3] == [
        " M .copier-answers.yml",
        " M app/problems.py",
        " M app/settings.py",
    ]
    for name in ("app/problems.py", "app/settings.py"):
        assert LATER in (fresh.path / name).read_text()

    for command in (["ruff", "check"], ["ruff", "format", "--check"], ["alembic", "check"], ["pytest", "--quiet"]):
        fresh.uv_run(*command, DATABASE_URL=database.url, TEST_DATABASE_URL=database.url)
    follow_pages(fresh, combination, database, tmp_path)
    assert database.tables() == ["alembic_version", "trip", "vehicle"]


@pytest.mark.parametrize("combination", EVERYDAY, ids=str, indirect=True)
def test_a_project_that_was_changed_is_not_emptied(fresh: Project) -> None:
    main = fresh.path / "app/main.py"
    main.write_text(main.read_text().replace("(health, heroes, missions, teams)", "(health, heroes)"))
    before = sources(fresh.path)
    result = fresh.try_to("uv", "run", "--no-sync", "python", "start_empty.py")
    assert (result.status, "app/main.py" in result.output) == (1, True)
    assert sources(fresh.path) == before


def sources(path: Path) -> dict[str, str]:
    names = Project(path).run("git", "ls-files").split()
    return {name: (path / name).read_text() for name in names if (path / name).exists()}


@pytest.mark.parametrize("combination", SERVERS, ids=str, indirect=True)
def test_the_suite_passes_as_compose_and_ci_run_it(project: Project, database: Database) -> None:
    """The account of development has a password that production refuses, and no rights beyond its own database."""
    user = f"t{secrets.token_hex(4)}"
    parts = urlsplit(database.url)
    if parts.scheme == "postgresql":
        database.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'development'")
        database.execute(f"ALTER DATABASE {parts.path[1:]} OWNER TO {user}")
    else:
        database.execute(f"CREATE USER '{user}'@'%' IDENTIFIED BY 'development'")
        database.execute(f"GRANT ALL ON {parts.path[1:]}.* TO '{user}'@'%'")
    try:
        url = parts._replace(netloc=f"{user}:development@{parts.hostname}:{parts.port or 3306}").geturl()
        assert "skipped" not in project.uv_run("pytest", "--quiet", TEST_DATABASE_URL=url)
    finally:
        if parts.scheme == "postgresql":
            database.execute(f"REASSIGN OWNED BY {user} TO CURRENT_USER")
        database.execute(f"DROP {'ROLE' if parts.scheme == 'postgresql' else 'USER'} {user}")
