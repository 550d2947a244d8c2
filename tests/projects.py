"""A rendered project in its own environment: runs commands and serves the application."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from glob import glob
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

from tests.servers import Database

FOREIGN = ("CI", "VIRTUAL_ENV", "ENVIRONMENT", "PORT")
# PYTHON… includes PYTHONDONTWRITEBYTECODE, which makes every start of a service compile all of its libraries.
FOREIGN_PREFIXES = ("COPIER_", "DATABASE_", "PYTEST_", "PYTHON", "TEST_", "UV_PROJECT", "UVICORN_")

TABLES = ("transfer", "assignment", "hero", "mission", "team")
"""The example's tables, children before parents."""

BYTECODE = Path(__file__).parents[1] / ".pytest_cache" / "bytecode"
"""Bytecode of the projects' environments, by version of Python, kept for the next run."""

STOPPED = {0, -signal.SIGTERM, 128 + signal.SIGTERM}
"""Exit statuses of a server after SIGTERM; uvicorn shuts down and then sends itself the signal again."""


@cache
def find_python(version: str) -> str:
    """Return the path of a Python of this version, including pyenv's, or the version if none is found."""
    folders = glob(os.path.expanduser(f"{os.environ.get('PYENV_ROOT', '~/.pyenv')}/versions/{version}.*/bin"))
    path = os.pathsep.join([*folders, os.environ["PATH"]])
    command = ["uv", "python", "find", "--no-project", "--no-python-downloads", "--system", version]
    found = subprocess.run(command, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False)
    return found.stdout.strip() or version


def clean_environment(**variables: str) -> dict[str, str]:
    """Return this process's environment with these variables, and without those that would affect a project.

    The path excludes this process's own commands, because a project that lacks a dependency must not find it there.
    """
    path = [folder for folder in os.environ["PATH"].split(os.pathsep) if not folder.startswith(sys.prefix)]
    variables = {"PATH": os.pathsep.join(path), **variables}
    return variables | {
        name: value
        for name, value in os.environ.items()
        if name not in variables and name not in FOREIGN and not name.startswith(FOREIGN_PREFIXES)
    }


@dataclass(frozen=True)
class Result:
    """The exit status of a command, and its output on both streams."""

    status: int
    output: str


@dataclass(frozen=True)
class Project:
    path: Path

    def install(self, python: str) -> None:
        """Create the project's environment from its pyproject.toml."""
        self.run("uv", "sync", "--quiet", "--python", python)
        link_bytecode(BYTECODE, self.path / ".venv")

    def uv_run(self, *command: str, **environment: str) -> str:
        """Run a command in the project's environment and return its output."""
        return self.run("uv", "run", "--no-sync", *command, **environment)

    def run(self, *command: str, **environment: str) -> str:
        """Run a command and return its output; fail the test, with the output, if it fails."""
        result = self.try_to(*command, **environment)
        if result.status != 0:
            print(result.output)  # noqa: T201  pytest shows it with the failure
            pytest.fail(f"`{' '.join(command)}` ended with status {result.status}", pytrace=False)
        return result.output

    def try_to(self, *command: str, **environment: str) -> Result:
        """Run a command and return its result; fail the test only if it doesn't end."""
        process = self.start(*command, **environment)
        try:
            output, _ = process.communicate(timeout=600)
        except subprocess.TimeoutExpired:
            pytest.fail(f"`{' '.join(command)}` did not end.", pytrace=False)
        finally:
            kill(process)
        return Result(process.returncode, output)

    def start(self, *command: str, stdout: int = subprocess.PIPE, **environment: str) -> subprocess.Popen[str]:
        """Start a command in its own process group, with stderr redirected to stdout."""
        return subprocess.Popen(
            command,
            cwd=self.path,
            env=clean_environment(**environment),
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def serve(self, *, tracebacks: bool = False, **environment: str) -> Iterator[httpx2.Client]:
        """Serve the application on a free port until the block ends; it must stop on SIGTERM then.

        Allow tracebacks only if the test breaks connections; SQLAlchemy logs them when it closes such connections.
        """
        port = free_port()
        command = ["uv", "run", "--no-sync", "fastapi", "run", "--host", "127.0.0.1", "--port", str(port)]
        with tempfile.TemporaryFile("w+") as log:
            process = self.start(*command, stdout=log.fileno(), **environment)
            try:
                with open_client(port) as client:
                    wait_until_ready(client, process)
                    yield client
                process.terminate()
                status = process.wait(timeout=30)
            finally:
                kill(process)
                log.seek(0)
                output = log.read()
                print(output)  # noqa: T201  pytest shows it with a failure
        assert status in STOPPED
        assert "Finished server process" in output
        assert tracebacks or "Traceback" not in output

    def remove(self) -> None:
        link_bytecode(self.path / ".venv", BYTECODE)
        shutil.rmtree(self.path, ignore_errors=True)


def link_bytecode(source: Path, target: Path) -> None:
    """Link one environment's bytecode into another, so that packages are compiled once and not in each project.

    Python uses it only if the source has the same size and time, which packages from uv's cache keep. Python never
    changes it in place.
    """
    for folder in source.glob("lib/*/site-packages/**/__pycache__"):
        place = target / folder.relative_to(source)
        # A folder alone would make a package importable that the environment lacks.
        if target == BYTECODE or place.parent.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            for file in folder.glob("*.pyc"):
                (place / file.name).unlink(missing_ok=True)
                # Another worker was faster, or it is another file system: the project compiles its own.
                with suppress(OSError):
                    os.link(file, place / file.name)


class Service(NamedTuple):
    """A running service and its database."""

    client: httpx2.Client
    database: Database


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def open_client(port: int) -> httpx2.Client:
    # The server closes idle connections after five seconds; the client must be first, or its request may be lost.
    limits = httpx2.Limits(keepalive_expiry=2)
    return httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits, trust_env=False)


def wait_until_ready(client: httpx2.Client, process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Wait until the readiness endpoint returns 200."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"The server did not become ready; its status is {process.poll()}.", pytrace=False)


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a process and its children, if they still run."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
