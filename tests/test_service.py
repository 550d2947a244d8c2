"""Each combination as a running service, with a real server process, socket and database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import httpx2
import pytest

from tests.combinations import COMBINATIONS
from tests.projects import Project, Service, kill
from tests.servers import Database
from tests.test_projects import MIGRATED

DEFERRING = [combination for combination in COMBINATIONS if combination.database == "postgresql"]
"""Only PostgreSQL can check a foreign key at COMMIT; elsewhere the generated suite makes a commit fail."""

MISSING = 2**40
"""An id that no row has."""

LIFESPAN = """
import asyncio

from app.main import app

async def main():
    async with app.router.lifespan_context(app):
        print("started")

print("imported", flush=True)
input()
asyncio.run(main())
"""


def test_contract(service: Service) -> None:
    """The example's endpoints answer as specified."""
    client = service.client
    team = created(client, "/teams", name="Justice League", headquarters="Watchtower")
    hero = created(client, "/heroes", name="Batman", secret_name="Bruce Wayne", age=35, team_id=team["id"])
    mission = created(client, "/missions", name="Save Gotham")
    assert "secret_name" not in hero

    refused(client.post("/heroes", json={"name": "Batman", "secret_name": "Someone else"}), 409)
    refused(client.post("/heroes", json={"name": "Robin", "secret_name": "Dick Grayson", "team_id": MISSING}), 422)
    refused(client.post("/heroes", json={"name": "", "secret_name": "Nobody"}), 422)
    refused(client.get(f"/heroes/{MISSING}"), 404)
    refused(client.delete(f"/teams/{team['id']}"), 409)

    assert client.get("/heroes").json() == {"items": [hero], "total": 1, "offset": 0, "limit": 20}
    assert client.get("/heroes", params={"name": "Robin"}).json()["items"] == []
    assert client.get(f"/heroes/{hero['id']}").json()["team"]["name"] == "Justice League"
    assert client.patch(f"/heroes/{hero['id']}", json={"age": 36}).json()["age"] == 36
    assignment = f"/missions/{mission['id']}/heroes/{hero['id']}"
    for role in ("driver", "leader"):
        assert client.put(assignment, json={"role": role}).json()["role"] == role
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/database").json()["checked_out"] == 0

    for path in (assignment, f"/heroes/{hero['id']}", f"/teams/{team['id']}"):
        assert client.delete(path).status_code == 204
    assert client.get("/heroes").json()["total"] == 0


def test_write_is_visible_once_answered(service: Service) -> None:
    """Another connection sees a write as soon as it is answered."""
    with closing(service.database.connect()) as connection, closing(connection.cursor()) as cursor:
        for number in range(50):
            created(service.client, "/heroes", name=f"Hero {number}", secret_name="x")
            cursor.execute("SELECT count(*) FROM hero")
            assert cursor.fetchone()[0] == number + 1


def test_migrations_after_first_start_change_nothing(project: Project, service: Service) -> None:
    """After the first start has created the tables, an upgrade changes nothing."""
    created(service.client, "/heroes", name="Batman", secret_name="Bruce Wayne")
    for command in (["upgrade", "head"], ["check"]):
        project.uv_run("alembic", *command, DATABASE_URL=service.database.url)
    assert service.database.execute("SELECT name FROM hero") == [("Batman",)]


def test_concurrent_starts_create_tables_once(project: Project, database: Database) -> None:
    """Four processes that start on the same empty database create its tables and stamp it once."""
    command = ("uv", "run", "--no-sync", "python", "-c", LIFESPAN)
    processes = [project.start(*command, DATABASE_URL=database.url) for _ in range(4)]
    try:
        for process in processes:
            assert process.stdout.readline() == "imported\n", process.stdout.read()
        for process in processes:
            process.stdin.write("\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=60)[0] for process in processes]
        assert [process.returncode for process in processes] == [0] * 4, outputs
        assert all(output.endswith("started\n") for output in outputs), outputs
    finally:
        for process in processes:
            kill(process)
    assert database.tables() == MIGRATED
    assert len(database.execute("SELECT version_num FROM alembic_version")) == 1


def test_hundred_concurrent_requests_succeed(service: Service) -> None:
    """A hundred concurrent requests on fifteen connections succeed within the pool timeout."""
    client, barrier = service.client, Barrier(100)

    def create(number: int) -> int:
        barrier.wait()
        return client.post("/heroes", json={"name": f"Hero {number}", "secret_name": "x"}).status_code

    def read(_number: int) -> int:
        barrier.wait()
        return client.get("/heroes").status_code

    with ThreadPoolExecutor(100) as threads:
        assert list(threads.map(create, range(100))) == [201] * 100
        assert list(threads.map(read, range(100))) == [200] * 100
    figures = client.get("/health/database").json()
    assert (figures["checked_out"], figures["limit"]) == (0, 15)
    assert service.database.execute("SELECT count(*) FROM hero") == [(100,)]


@pytest.mark.parametrize("combination", DEFERRING, ids=str, indirect=True)
def test_failed_commit_returns_error_and_stores_nothing(service: Service) -> None:
    """A constraint that is checked at COMMIT fails."""
    alter = "ALTER TABLE hero ALTER CONSTRAINT fk_hero_team_id_team"
    service.database.execute(f"{alter} DEFERRABLE INITIALLY DEFERRED")
    try:
        hero = {"name": "Robin", "secret_name": "Dick Grayson"}
        refused(service.client.post("/heroes", json={**hero, "team_id": MISSING}), 422)
        assert service.database.execute("SELECT count(*) FROM hero") == [(0,)]
        created(service.client, "/heroes", **hero)
    finally:
        service.database.execute(f"{alter} NOT DEFERRABLE")


def created(client: httpx2.Client, path: str, **values: object) -> dict[str, object]:
    """Post a row, and return the response's body."""
    response = client.post(path, json=values)
    assert response.status_code == 201, response.text
    return response.json()


def refused(response: httpx2.Response, status: int) -> None:
    """Check that a response is a problem with this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
