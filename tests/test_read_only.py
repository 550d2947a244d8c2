"""A server stops accepting writes and accepts them again; the service needs no restart."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.combinations import COMBINATIONS, Combination
from tests.projects import Project
from tests.replication import Server, open_primary
from tests.servers import Database
from tests.test_replica import wait_for
from tests.test_service import created, refused

SERVERS = [
    combination
    for combination in COMBINATIONS
    if combination.database != "sqlite" and combination.session_strategy == "autocommit"
]
SETTINGS = {"DATABASE_CONNECT_TIMEOUT": "2", "DATABASE_POOL_SIZE": "3"}

pytestmark = pytest.mark.slow


@pytest.fixture
def server(combination: Combination) -> Iterator[Server]:
    """A server for one test, because read-only mode applies to all of its databases."""
    with open_primary(combination.database) as server:
        yield server


@pytest.fixture
def database(combination: Combination, server: Server) -> Database:
    """The server's database, for a user without admin rights, because MariaDB's read_only exempts admins."""
    if combination.database == "mysql":
        server.database.execute("CREATE USER service@127.0.0.1")
        server.database.execute("GRANT ALL ON test.* TO service@127.0.0.1")
        return Database(server.database.url.replace("root@", "service@"))
    return server.database


def check_only_reads(client: httpx2.Client) -> None:
    """Check that reads succeed, and that writes and readiness return 503 with the reason."""
    wait_for(lambda: client.get("/heroes").status_code == 200)
    wait_for(lambda: "read-only" in client.post("/heroes", json={"name": "Robin", "secret_name": "x"}).text)
    for _ in range(4):
        answer = client.post("/heroes", json={"name": "Robin", "secret_name": "x"})
        refused(answer, 503)
        assert (answer.json()["type"], int(answer.headers["Retry-After"])) == ("urn:problem:read-only", 1)
        assert client.get("/heroes").json()["total"] == 1
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["type"]) == (503, "urn:problem:read-only")


def check_writes_again(client: httpx2.Client) -> None:
    wait_for(lambda: client.get("/health/ready").status_code == 200)
    created(client, "/heroes", name="Robin", secret_name="x")
    assert client.get("/heroes").json()["total"] == 2
    assert client.get("/health/database").json()["checked_out"] == 0


@pytest.mark.parametrize("combination", SERVERS, ids=str, indirect=True)
def test_service_survives_read_only_server(project: Project, server: Server, database: Database) -> None:
    with project.serve(tracebacks=True, DATABASE_URL=database.url, **SETTINGS) as client:
        created(client, "/heroes", name="Batman", secret_name="x")
        server.set_read_only(True)
        check_only_reads(client)
        server.set_read_only(False)
        check_writes_again(client)


POSTGRESQL = [combination for combination in SERVERS if combination.database == "postgresql"]


@pytest.mark.parametrize("combination", POSTGRESQL, ids=str, indirect=True)
def test_service_survives_demotion_to_standby(project: Project, server: Server, database: Database) -> None:
    with project.serve(tracebacks=True, DATABASE_URL=database.url, **SETTINGS) as client:
        created(client, "/heroes", name="Batman", secret_name="x")
        server.demote()
        check_only_reads(client)
        server.promote()
        check_writes_again(client)
