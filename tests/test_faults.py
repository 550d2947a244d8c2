"""Faults of production: connections are cut, a server is gone or silent, requests collide."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx2
import pytest

from tests.combinations import COMBINATIONS, Combination
from tests.projects import Project, Service
from tests.proxy import open_proxy
from tests.servers import Database
from tests.test_service import created, refused

SERVERS = [combination for combination in COMBINATIONS if combination.database != "sqlite"]
UNDER_LOAD = [combination for combination in COMBINATIONS if combination.session_strategy == "autocommit"]

pytestmark = pytest.mark.slow


def test_one_of_forty_concurrent_transfers_succeeds(service: Service) -> None:
    """The other transfers are refused, and one is logged."""
    client = service.client
    teams = [created(client, "/teams", name=f"Team {n}", headquarters="x")["id"] for n in range(41)]
    hero = created(client, "/heroes", name="Batman", secret_name="x", team_id=teams[0])["id"]

    def transfer(team: int) -> int:
        body = {"from_team_id": teams[0], "to_team_id": team}
        return client.post(f"/heroes/{hero}/transfer", json=body).status_code

    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(transfer, teams[1:]))
    assert answers.count(200) == 1
    assert set(answers) <= {200, 409, 503}
    (entry,) = client.get(f"/heroes/{hero}/transfers").json()
    assert entry["to_team_id"] == client.get(f"/heroes/{hero}").json()["team_id"] == teams[1 + answers.index(200)]


@pytest.mark.parametrize("combination", SERVERS, ids=str, indirect=True)
def test_service_recovers_from_network_faults(project: Project, database: Database) -> None:
    """Connections are cut, the server is gone, silent, and back; the service recovers each time."""
    settings = {
        "DATABASE_POOL_SIZE": "3",
        "DATABASE_MAX_OVERFLOW": "0",
        "DATABASE_POOL_TIMEOUT": "2",
        "DATABASE_CONNECT_TIMEOUT": "2",
        "DATABASE_STATEMENT_TIMEOUT": "1",
    }
    with (
        open_proxy(database) as proxy,
        project.serve(tracebacks=True, DATABASE_URL=proxy.url, **settings) as served,
        # Without keep-alive, because a request on a connection that the server is closing fails.
        httpx2.Client(
            base_url=served.base_url,
            timeout=60,
            trust_env=False,
            limits=httpx2.Limits(max_keepalive_connections=0),
        ) as client,
        ThreadPoolExecutor(60) as threads,
    ):

        def read(_number: int = 0) -> httpx2.Response:
            return client.get("/heroes")

        created(client, "/heroes", name="Batman", secret_name="x")
        list(threads.map(read, range(20)))

        # Cut while idle: the check before use replaces the connections.
        proxy.cut()
        time.sleep(1.5)
        assert [read().status_code for _ in range(5)] == [200] * 5
        assert created(client, "/heroes", name="Robin", secret_name="x")

        # Cut a moment after use: each connection of the pool may fail once.
        list(threads.map(read, range(20)))
        proxy.cut()
        answers = [read().status_code for _ in range(8)]
        assert set(answers) <= {200, 503}
        assert answers[-4:] == [200] * 4

        # Gone: the service answers within the connect timeout.
        proxy.refuse()
        read()
        started = time.monotonic()
        gone = read()
        refused(gone, 503)
        assert int(gone.headers["Retry-After"]) > 0
        refused(client.get("/health/ready"), 503)
        assert time.monotonic() - started < 2 * 2 + 5
        assert client.get("/health/live").status_code == 200

        # Back.
        proxy.accept_again()
        wait_until_answered(client)
        assert read().json()["total"] == 2

        # Silent, with many more clients than connections: all are answered within 30 seconds.
        list(threads.map(read, range(20)))
        proxy.hold()
        started = time.monotonic()
        silent = list(threads.map(read, range(60)))
        assert [answer.status_code for answer in silent] == [503] * 60
        assert time.monotonic() - started < 30
        refused(client.get("/health/ready"), 503)

        # Whole again.
        proxy.release()
        wait_until_answered(client)
        assert [answer.status_code for answer in threads.map(read, range(60))] == [200] * 60
        figures = client.get("/health/database").json()
        assert figures["checked_out"] == 0
        assert figures["total"] <= 3


@pytest.mark.parametrize("combination", SERVERS, ids=str, indirect=True)
def test_silent_server_is_given_up(combination: Combination, project: Project) -> None:
    """A server that accepts connections and never replies is given up after the connect timeout, also by migrations."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = {
            "DATABASE_URL": f"{combination.database}://nobody@127.0.0.1:{silent.getsockname()[1]}/test",
            "DATABASE_CONNECT_TIMEOUT": "2",
            "DATABASE_STATEMENT_TIMEOUT": "300",
        }
        for command in ("app db check", "alembic current"):
            started = time.monotonic()
            assert project.try_to("uv", "run", "--no-sync", *command.split(), **settings).status != 0
            assert time.monotonic() - started < 30


@pytest.mark.parametrize("combination", UNDER_LOAD, ids=str, indirect=True)
def test_stop_under_load_loses_no_answered_write(project: Project, database: Database) -> None:
    """After SIGTERM the service finishes the requests it has accepted, and everything answered 201 is stored."""
    stored: list[str] = []

    def write(worker: int, url: httpx2.URL) -> None:
        with httpx2.Client(base_url=url, timeout=60, trust_env=False) as client, suppress(httpx2.TransportError):
            for number in range(10_000):
                name = f"Hero {worker} {number}"
                if client.post("/heroes", json={"name": name, "secret_name": "x"}).status_code == 201:
                    stored.append(name)

    with ThreadPoolExecutor(8) as threads:
        with project.serve(DATABASE_URL=database.url) as client:
            writing = [threads.submit(write, worker, client.base_url) for worker in range(8)]
            while len(stored) < 50:
                time.sleep(0.05)
        for future in writing:
            future.result(60)
    found = {name for (name,) in database.execute("SELECT name FROM hero")}
    assert set(stored) <= found
    # A connection may be closed between commit and response; that is at most one request for each client.
    assert len(found) - len(stored) <= 8


def wait_until_answered(client: httpx2.Client) -> None:
    """Wait until reads succeed again, without a restart."""
    deadline = time.monotonic() + 20
    while client.get("/heroes").status_code != 200:
        assert time.monotonic() < deadline, "The service did not recover."
        time.sleep(0.2)
