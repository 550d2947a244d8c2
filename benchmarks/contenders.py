"""The services that are compared, each with its own environment and database."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from copier import run_copy

from tests.projects import Project, find_python, free_port, kill
from tests.rendering import REPOSITORY
from tests.servers import Database

PYTHON = "3.12"
"""The Python of all contenders; the published generator needs at least this."""


HANDWRITTEN = (
    *("asyncpg", "fastapi", "greenlet", "httptools"),
    *("psycopg[binary]", "sqlmodel", "uvicorn", "uvloop"),
)

HERO = '{"name": "{unique}", "secret_name": "A person", "age": 30, "team_id": 1}'

Request = tuple[str, str, str]
"""Method, path and body, with placeholders that `benchmarks.client` fills."""

HEROES: dict[str, Request] = {
    "get": ("GET", "/heroes/{number}", ""),
    "list": ("GET", "/heroes?offset=0&limit=20", ""),
    "create": ("POST", "/heroes", HERO),
}
DUMMIES: dict[str, Request] = {
    "list": ("GET", "/api/dummy/?offset=0&limit=20", ""),
    "create": ("PUT", "/api/dummy/", '{"name": "{unique}"}'),
}


@dataclass(frozen=True, eq=False)
class Contender:
    """A service: its folder, its Python, and the requests to send."""

    name: str
    directory: Path
    python: Path
    app: str
    environment: dict[str, str]
    requests: dict[str, Request] = field(default_factory=lambda: HEROES)
    options: tuple[str, ...] = ()

    @contextmanager
    def serve(self, workers: int = 1, **environment: str) -> Iterator[int]:
        """Serve on a free port until the block ends."""
        port = free_port()
        command = [str(self.python), "-m", "uvicorn", self.app, "--port", str(port), "--workers", str(workers)]
        project = Project(self.directory)
        with open(self.directory / "server.log", "a") as log:
            process = project.start(
                *command,
                *("--no-access-log", "--log-level", "warning", *self.options),
                stdout=log.fileno(),
                **self.environment | environment,
            )
            try:
                self._wait(port, process)
                yield port
                process.terminate()
                process.wait(30)
            finally:
                kill(process)

    def on_h11(self) -> "Contender":
        """Return the contender as uvicorn serves it without extras: on asyncio's event loop, with h11."""
        return replace(self, options=(*self.options, "--loop", "asyncio", "--http", "h11"))

    def _wait(self, port: int, process: subprocess.Popen[str]) -> None:
        _, path, _ = self.requests["list"]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return
            time.sleep(0.1)
        sys.exit(f"{self.name} did not start:\n{(self.directory / 'server.log').read_text()}")


def run(*command: str | Path, directory: Path, **environment: str) -> str:
    """Run a command without this process's environment, and return its output; exit if it fails."""
    result = Project(directory).try_to(*map(str, command), **environment)
    if result.status != 0:
        sys.exit(f"`{' '.join(map(str, command))}` failed:\n{result.output}")
    return result.output


def our_project(workspace: Path, concurrency: str, version: str = "HEAD") -> Path:
    """Render and install the PostgreSQL service with the default session strategy, from here or from a commit."""
    path = workspace / f"ours-{concurrency}-{version}"
    answers = {"database": "postgresql", "concurrency": concurrency, "session_strategy": "autocommit"}
    run_copy(str(REPOSITORY), path, data=answers, defaults=True, vcs_ref=version, quiet=True)
    Project(path).install(find_python(PYTHON))
    return path


def our_contender(name: str, path: Path, database: Database) -> Contender:
    # As many connections as in production and in the floor's pool; development has fewer than the clients need.
    environment = {"DATABASE_URL": database.url, "DATABASE_SSL": "disable", "DATABASE_POOL_SIZE": "10"}
    # Ours always returns the relations too.
    requests = HEROES | {"row": HEROES["get"]}
    return Contender(name, path, path / ".venv/bin/python", "app.main:app", environment, requests)


def handwritten(workspace: Path, databases: dict[str, Database]) -> list[Contender]:
    """Return the contenders of `benchmarks.apps`, which share one environment."""
    python = workspace / "handwritten/bin/python"
    if not python.exists():
        run("uv", "venv", "--quiet", "--python", find_python(PYTHON), python.parents[1], directory=workspace)
        run("uv", "pip", "install", "--quiet", "--python", python, *HANDWRITTEN, directory=workspace)
    return [
        Contender(
            name,
            workspace,
            python,
            f"benchmarks.apps.{name}:app",
            {"DATABASE_URL": databases[name].url, "PGSSLMODE": "disable"},
            requests=HEROES | {"row": ("GET", "/rows/{number}", "")},
            options=("--app-dir", str(REPOSITORY)),
        )
        for name in ("floor", "tutorial", "plain")
    ]


def published(workspace: Path, database: Database, rows: int) -> Contender:
    """Generate a service with `fastapi_template` from PyPI; its list has no total, and its create returns no body."""
    generator = workspace / "generator/bin/fastapi_template"
    path = workspace / "rival"
    python = find_python(PYTHON)
    if not path.exists():
        run("uv", "venv", "--quiet", "--python", python, generator.parents[1], directory=workspace)
        run("uv", "pip", "install", "--quiet", "--python", generator.parent / "python", "fastapi_template==6.1.2",
            directory=workspace)  # fmt: skip
        features = ("--api-type", "rest", "--db", "postgresql", "--orm", "sqlalchemy", "--ci", "none")
        run(generator, "--name", "rival", *features, "--migrations", "--dummy", "--routers", "--quiet",
            directory=workspace, UV_PYTHON=python, UV_PYTHON_DOWNLOADS="never")  # fmt: skip
        run("uv", "sync", "--quiet", "--python", python, directory=path)
    parts = urlsplit(database.url)
    environment = {
        "RIVAL_DB_HOST": parts.hostname or "",
        "RIVAL_DB_PORT": str(parts.port or 5432),
        "RIVAL_DB_USER": parts.username or "postgres",
        "RIVAL_DB_PASS": parts.password or "unused",
        "RIVAL_DB_BASE": parts.path.strip("/"),
        "PGSSLMODE": "disable",
        "PATH": os.pathsep.join([str(path / ".venv/bin"), os.environ["PATH"]]),
    }
    run(path / ".venv/bin/alembic", "upgrade", "head", directory=path, **environment)
    database.execute(f"INSERT INTO dummy_model (name) SELECT 'Hero ' || n FROM generate_series(1, {rows}) AS n")
    database.execute("VACUUM ANALYZE")
    return Contender(
        "fastapi_template",
        path,
        path / ".venv/bin/python",
        "rival.web.application:get_app",
        environment,
        DUMMIES,
        options=("--factory",),
    )
