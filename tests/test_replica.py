"""A primary and a replica behind one service."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.combinations import COMBINATIONS, Combination
from tests.projects import Project
from tests.proxy import open_proxy
from tests.replication import primary_and_replica
from tests.servers import Database, new_database
from tests.test_service import created

SERVERS = [
    combination
    for combination in COMBINATIONS
    if combination.database != "sqlite" and combination.session_strategy == "unit_of_work"
]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("combination", SERVERS, ids=str, indirect=True)
def test_replica(combination: Combination, project: Project) -> None:
    """Reads go to the replica, writes to the primary; lag is reported, and reads do without a dead replica."""
    with primary_and_replica(combination.database) as (primary, replica):
        urls = {"DATABASE_URL": primary.database.url, "DATABASE_REPLICA_URL": replica.database.url}
        settings = {"DATABASE_CONNECT_TIMEOUT": "2", "DATABASE_POOL_SIZE": "2", "DATABASE_MAX_OVERFLOW": "0"}
        with project.serve(tracebacks=True, **urls, **settings) as client:

            def total() -> int:
                response = client.get("/heroes")
                return response.json()["total"] if response.status_code == 200 else -1

            def status() -> dict[str, object]:
                return client.get("/health/ready").json()["replica"]

            created(client, "/heroes", name="Batman", secret_name="x")
            wait_for(lambda: total() == 1)
            wait_for(lambda: status() == {"status": "up", "lag": 0.0})

            # A paused replica shows the old rows, which proves that it serves the reads.
            replica.pause()
            created(client, "/heroes", name="Robin", secret_name="x")
            assert primary.database.execute("SELECT count(*) FROM hero") == [(2,)]
            assert total() == 1
            wait_for(lambda: status()["status"] == "up" and status()["lag"] > 0)
            replica.resume()
            wait_for(lambda: total() == 2)

            replica.stop()
            wait_for(lambda: total() == 2 and status() == {"status": "down", "lag": None})
            created(client, "/heroes", name="Batgirl", secret_name="x")
            assert [total() for _ in range(5)] == [3] * 5

            replica.start()
            wait_for(lambda: status()["status"] == "up", seconds=40)
            wait_for(lambda: total() == 3)


@pytest.mark.parametrize("combination", SERVERS, ids=str, indirect=True)
def test_reads_survive_failed_replica(project: Project, database: Database, tmp_path: Path) -> None:
    """Reads do without a replica that is gone or silent, and return to it; the service stays ready.

    The replica here is a database with other rows, so that a response shows where it was read.
    """
    kind = urlsplit(database.url).scheme
    with new_database(kind, "replica", tmp_path) as other, open_proxy(other) as proxy:
        project.uv_run("app", "db", "upgrade", DATABASE_URL=other.url)
        # The primary's URL may have parameters that the replica's lacks, and no port.
        primary = re.sub(":(5432|3306)/", "/", database.url)
        settings = {
            "DATABASE_URL": f"{primary}?sslmode=prefer" if kind == "postgresql" else primary,
            "DATABASE_REPLICA_URL": proxy.url,
            "DATABASE_CONNECT_TIMEOUT": "2",
            "DATABASE_STATEMENT_TIMEOUT": "1",
        }
        with project.serve(**settings | {"DATABASE_REPLICA_URL": f"{other.url}?nonsense=1"}) as client:
            assert client.get("/health/ready").json()["replica"]["status"] == "down"
        with project.serve(tracebacks=True, **settings) as client:
            created(client, "/heroes", name="Batman", secret_name="x")

            def total() -> int:
                response = client.get("/heroes")
                return response.json()["total"] if response.status_code == 200 else -1

            def status() -> str:
                started = time.monotonic()
                response = client.get("/health/ready")
                assert response.status_code == 200
                assert time.monotonic() - started < 8
                return response.json()["replica"]["status"]

            assert (total(), status()) == (0, "up")
            for fail, heal in ((proxy.refuse, proxy.accept_again), (proxy.hold, proxy.release)):
                fail()
                assert status() == "down"
                wait_for(lambda: total() == 1 and status() == "down")
                assert [total() for _ in range(5)] == [1] * 5
                heal()
                wait_for(lambda: total() == 0 and status() == "up", seconds=40)


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.2)
