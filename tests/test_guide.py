"""The generated README's guide, followed to the letter: a table of one's own, beside the example and without it."""

import re
import secrets
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from copier import run_copy, run_update

from tests.combinations import EVERYDAY, Combination
from tests.projects import Project, find_python
from tests.recipes import follow, section
from tests.rendering import REPOSITORY
from tests.servers import Database

OTHERS = [
    Combination("sqlite", "sync", "manual"),
    Combination("postgresql", "sync", "autocommit"),
    Combination("mysql", "async", "unit_of_work"),
]
"""With those of every day, where the guide is followed without the example, each strategy sync and async."""

pytestmark = pytest.mark.slow

SERVERS = [combination for combination in EVERYDAY if combination.database != "sqlite"]
EXAMPLE = {"hero", "mission", "team", "assignment", "transfer"}
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
def test_a_table_is_added_as_the_readme_says(fresh: Project, database: Database) -> None:
    follow(fresh, section(fresh.path / "README.md", "Add a table"), DATABASE_URL=database.url)
    assert {"vehicle", *EXAMPLE} < set(database.tables())
    assert " vehicle {" in (fresh.path / "README.md").read_text()


@pytest.mark.parametrize("combination", EVERYDAY, ids=str, indirect=True)
def test_a_project_is_started_empty(fresh: Project, template: Template, database: Database) -> None:
    """Without the example the project is sound, takes an update, and its README still tells how to add a table."""
    fresh.uv_run("python", "start_empty.py")
    commit_everything(fresh.path)
    code = {name: text for name, text in sources(fresh.path).items() if name.endswith(".py")}
    assert [name for name, text in code.items() if re.search(r"Hero\b(?! Service)|Mission|Team|Transfer", text)] == []

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
    follow(fresh, section(fresh.path / "README.md", "Add a table"), DATABASE_URL=database.url)
    assert database.tables() == ["alembic_version", "vehicle"]


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
