"""Commands use one database wherever they are started, and wherever the service is installed, or they refuse."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.combinations import EVERYDAY, Combination
from tests.projects import Project, Result, find_python, free_port, kill, open_client, wait_until_ready
from tests.servers import Database
from tests.test_projects import MIGRATED

pytestmark = pytest.mark.parametrize("combination", EVERYDAY[:2], ids=str, indirect=True)

OTHER = "sqlite:///other.db"
SERVE = ("uvicorn", "app.main:app", "--port", "0")
NOISE = re.compile(r"^(INFO|ERROR): |is not read")


class Commands:
    """The commands of an environment, started in a folder whose `.env` names another database."""

    def __init__(self, environment: Path, folder: Path) -> None:
        self.environment, self.folder = environment, Project(folder)
        folder.mkdir(parents=True)  # deeper than the project, so that a relative path means another file here
        (folder / ".env").write_text(f"DATABASE_URL={OTHER}\n")

    def try_to(self, command: str, *arguments: str, **variables: str) -> Result:
        result = self.folder.try_to(str(self.environment / "bin" / command), *arguments, **variables)
        assert "Traceback" not in result.output, result.output
        assert [path.name for path in self.folder.path.iterdir()] == [".env"]
        return result

    def run(self, command: str, *arguments: str, **variables: str) -> str:
        result = self.try_to(command, *arguments, **variables)
        assert result.status == 0, result.output
        return result.output

    def refuse(self, command: str, *arguments: str, **variables: str) -> str:
        """Check that a command fails, and return its one sentence."""
        result = self.try_to(command, *arguments, **variables)
        assert result.status != 0, result.output
        (sentence,) = [line for line in result.output.splitlines() if not NOISE.search(line)]
        return sentence

    @contextmanager
    def serve(self, **variables: str) -> Iterator[httpx2.Client]:
        port = free_port()
        command = ("run", "--entrypoint", "app.main:app", "--host", "127.0.0.1", "--port", str(port))
        process = self.folder.start(str(self.environment / "bin/fastapi"), *command, **variables)
        try:
            with open_client(port) as client:
                wait_until_ready(client, process)
                yield client
        finally:
            kill(process)


@pytest.fixture
def env_file(combination: Combination, project: Project, database: Database) -> Iterator[Path]:
    """The project's `.env`, which names the database, by a relative path if it is a file."""
    url = database.url
    if combination.database == "sqlite":
        url = "sqlite:///" + os.path.relpath(url.removeprefix("sqlite:///"), project.path)
    path = project.path / ".env"
    path.write_text(f"DATABASE_URL={url}\nTEST_DATABASE_URL={url}\n")
    yield path
    path.unlink()


def test_commands_in_other_folder(project: Project, env_file: Path, database: Database, tmp_path: Path) -> None:
    """They read the project's `.env` and migrations, and report the other `.env`."""
    commands = Commands(project.path / ".venv", tmp_path / "some/other/folder")
    output = commands.run("app", "db", "upgrade")
    assert f"{commands.folder.path}/.env is not read: the settings come from the environment and {env_file}" in output
    assert output.count("is not read") == 1
    assert database.tables() == MIGRATED
    assert commands.run("app", "db", "check").count("yes") == 3

    assert "No 'script_location'" in commands.refuse("alembic", "current")
    assert "(head)" in commands.run("alembic", "--config", str(project.path / "pyproject.toml"), "current")
    with commands.serve() as client:
        assert client.post("/missions", json={"name": "Save Gotham"}).status_code == 201
    assert database.execute("SELECT name FROM mission") == [("Save Gotham",)]

    test = f"{project.path}/tests/test_cli.py::test_database_is_upgraded_checked_and_reset"
    assert "1 passed" in commands.run("pytest", "--quiet", "-p", "no:cacheprovider", test)


@pytest.fixture
def wheel(combination: Combination, project: Project, tmp_path: Path) -> Path:
    """A fresh environment, in which the project's wheel is installed."""
    environment, python = tmp_path / "installed", find_python(combination.python)
    project.run("uv", "build", "--quiet", "--wheel", "--out-dir", str(tmp_path / "dist"))
    (file,) = (tmp_path / "dist").glob("*.whl")
    project.run("uv", "venv", "--quiet", "--python", python, str(environment))
    project.run("uv", "pip", "install", "--quiet", "--python", str(environment), str(file))
    return environment


@pytest.mark.slow
def test_commands_of_wheel(combination: Combination, wheel: Path, database: Database, tmp_path: Path) -> None:
    """The wheel has the migrations. Without a `.env` of its own it needs DATABASE_URL."""
    commands = Commands(wheel, tmp_path / "some/other/folder")
    for command in (("app", "db", "upgrade"), ("app", "db", "check"), SERVE):
        assert commands.refuse(*command).startswith("DATABASE_URL is required in the environment, because")
    assert "No 'script_location'" in commands.refuse("alembic", "current")
    if combination.database == "sqlite":
        assert "must be absolute" in commands.refuse("app", "db", "upgrade", DATABASE_URL=OTHER)

    variables = {"DATABASE_URL": database.url}
    output = commands.run("app", "db", "upgrade", **variables)
    assert f"{commands.folder.path}/.env is not read: the settings come from the environment alone" in output
    assert database.tables() == MIGRATED
    assert commands.run("app", "db", "check", **variables).count("yes") == 3
    with commands.serve(**variables) as client:
        assert client.post("/missions", json={"name": "Save Gotham"}).status_code == 201

    (migrations,) = wheel.glob("lib/*/site-packages/migrations")
    migrations.rename(wheel / "migrations")
    for command in (("app", "db", "upgrade"), ("app", "db", "check"), SERVE):
        assert commands.refuse(*command, **variables).startswith("The migrations are not installed in")
