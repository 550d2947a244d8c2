"""A primary and a replica made for a test: two clusters of PostgreSQL, or two MariaDB servers."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from glob import glob
from pathlib import Path

import pymysql
import pytest

from tests.projects import free_port, kill
from tests.servers import Database


def as_user(name: str, *command: str) -> list[str]:
    """Return the command, run as another user if this one is root, because database servers refuse to run as root."""
    become = ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups"] if os.geteuid() == 0 else []
    return [*become, *command]


class Server:
    """A server whose data lies in a folder of the user that runs it.

    `lead` starts it as a primary, `follow` as a replica. `pause` stops replay. `set_read_only` refuses or allows
    writes. `stop` doesn't shut down cleanly.
    """

    user: str

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.number = number
        self.port = free_port()

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs; fail the test if it fails."""
        done = subprocess.run(
            as_user(self.user, find_program(program), *arguments),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            pytest.fail(f"{program} failed: {done.stderr}", pytrace=False)


class PostgreSQL(Server):
    user = "postgres"

    @property
    def database(self) -> Database:
        return Database(f"postgresql://postgres@127.0.0.1:{self.port}/postgres")

    def lead(self) -> None:
        self.run("initdb", "-D", str(self.folder), "-U", "postgres", "-A", "trust", "-N")
        self.start()

    def follow(self, primary: Server) -> None:
        copy = ("-D", str(self.folder), "-R", "-X", "stream", "-c", "fast", "-d", primary.database.url)
        self.run("pg_basebackup", *copy)
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self.run("pg_ctl", "-D", str(self.folder), "-o", options, "-l", f"{self.folder}.log", "-w", "start")

    def stop(self) -> None:
        if (self.folder / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop")

    def set_read_only(self, only_read: bool) -> None:
        """Change the server's default, and end the sessions that began with the old one."""
        writing = Database(f"{self.database.url}?options=-c%20default_transaction_read_only%3Doff")
        writing.execute(f"ALTER SYSTEM SET default_transaction_read_only = {only_read}")
        writing.execute("SELECT pg_reload_conf()")
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        writing.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def demote(self) -> None:
        """Restart as a standby without a primary."""
        self.run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "stop")
        (self.folder / "standby.signal").touch()
        self.start()

    def promote(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder), "-w", "promote")

    def pause(self) -> None:
        self.database.execute("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        self.database.execute("SELECT pg_wal_replay_resume()")


class MariaDB(Server):
    user = "mysql"
    process: subprocess.Popen[str] | None = None

    @property
    def database(self) -> Database:
        return Database(f"mysql://root@127.0.0.1:{self.port}/test")

    @property
    def _server(self) -> Database:
        return Database(f"mysql://root@127.0.0.1:{self.port}/")

    def lead(self) -> None:
        self._install()
        self.start()
        self._server.execute("CREATE DATABASE test")

    def follow(self, primary: Server) -> None:
        self._install()
        self.start()
        source = f"MASTER_HOST = '127.0.0.1', MASTER_PORT = {primary.port}, MASTER_USER = 'root'"
        self._server.execute(f"CHANGE MASTER TO {source}, MASTER_USE_GTID = slave_pos")
        self._server.execute("START SLAVE")

    def _install(self) -> None:
        options = ("--auth-root-authentication-method=normal", "--skip-test-db")
        self.run("mariadb-install-db", "--no-defaults", f"--datadir={self.folder}", *options)

    def start(self) -> None:
        options = [
            f"--datadir={self.folder}",
            # A starting server deletes temporary files there, also those of another server.
            f"--tmpdir={self.folder}",
            f"--port={self.port}",
            f"--socket={self.folder}.socket",
            f"--pid-file={self.folder}.pid",
            f"--server-id={self.number}",
            "--bind-address=127.0.0.1",
            "--log-bin=changes",
            "--innodb-buffer-pool-size=16M",
        ]
        command = as_user(self.user, find_program("mariadbd"), "--no-defaults", *options)
        with open(f"{self.folder}.log", "a") as log:
            self.process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, start_new_session=True, text=True)
        deadline = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"mariadbd did not start: {Path(f'{self.folder}.log').read_text()}", pytrace=False)
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            self._server.execute("SELECT 1")
        except pymysql.Error:
            return False
        return True

    def stop(self) -> None:
        if self.process is not None:
            kill(self.process)

    def set_read_only(self, only_read: bool) -> None:
        self._server.execute(f"SET GLOBAL read_only = {only_read}")

    def pause(self) -> None:
        self._follow_after(3600)

    def resume(self) -> None:
        self._follow_after(0)

    def _follow_after(self, seconds: int) -> None:
        """Delay replication instead of stopping it, because a stopped replica doesn't report its lag."""
        for statement in ("STOP SLAVE", f"CHANGE MASTER TO MASTER_DELAY = {seconds}", "START SLAVE"):
            self._server.execute(statement)


KINDS: dict[str, type[Server]] = {"postgresql": PostgreSQL, "mysql": MariaDB}


@contextmanager
def open_primary(kind: str) -> Iterator[Server]:
    """Create and start a server; remove it afterwards."""
    folder = Path("/tmp") / f"test_replication_{free_port()}"  # its owner is another user
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, KINDS[kind].user)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        primary = KINDS[kind](folder / "primary", 1)
        stack.callback(primary.stop)
        primary.lead()
        yield primary


@contextmanager
def primary_and_replica(kind: str) -> Iterator[tuple[Server, Server]]:
    """Create and start both; remove them afterwards."""
    with open_primary(kind) as primary, ExitStack() as stack:
        replica = KINDS[kind](primary.folder.parent / "replica", 2)
        stack.callback(replica.stop)
        replica.follow(primary)
        yield primary, replica


def find_program(name: str) -> str:
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin"])
    found = sorted(glob(f"/usr/lib/postgresql/*/bin/{name}")) or [shutil.which(name, path=path)]
    if found[-1] is None:
        pytest.fail(f"{name} is not installed; Debian has it in postgresql or mariadb-server-core.", pytrace=False)
    return found[-1]
