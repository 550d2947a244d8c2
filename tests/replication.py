"""A primary and a streaming standby, two PostgreSQL clusters made for a test."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pytest

from tests.projects import free_port
from tests.servers import Database


def as_postgres(*command: str) -> list[str]:
    """Return a command that runs as the user postgres, because PostgreSQL and PgBouncer refuse to run as root."""
    become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return [*become, *command]


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server and its data."""

    folder: Path
    port: int

    @property
    def database(self) -> Database:
        return Database(f"postgresql://postgres@127.0.0.1:{self.port}/postgres")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        _run("pg_ctl", "-D", str(self.folder), "-o", options, "-l", f"{self.folder}.log", "-w", "start")

    def stop(self) -> None:
        _run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop")


@contextmanager
def primary_and_standby() -> Iterator[tuple[Cluster, Cluster]]:
    """Make and start both; remove them afterwards."""
    folder = Path("/tmp") / f"test_replication_{free_port()}"  # its owner is another user
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    primary, standby = (Cluster(folder / name, free_port()) for name in ("primary", "standby"))
    running = []
    try:
        _run("initdb", "-D", str(primary.folder), "-U", "postgres", "-A", "trust", "-N")
        primary.start()
        running.append(primary)
        _run("pg_basebackup", "-D", str(standby.folder), "-R", "-X", "stream", "-c", "fast", "-d", primary.database.url)
        standby.start()
        running.append(standby)
        yield primary, standby
    finally:
        for cluster in running:
            stop = _command("pg_ctl", "-D", str(cluster.folder), "-m", "immediate", "stop")
            subprocess.run(stop, capture_output=True, check=False)
        shutil.rmtree(folder)


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        _command(program, *arguments),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"{program} failed: {done.stderr}", pytrace=False)


def _command(program: str, *arguments: str) -> list[str]:
    found = sorted(glob(f"/usr/lib/postgresql/*/bin/{program}")) or [shutil.which(program)]
    if found[-1] is None:
        pytest.fail(f"{program} is not installed; Debian's package postgresql has it.", pytrace=False)
    return as_postgres(found[-1], *arguments)
