from fastapi.testclient import TestClient

from app.db.seed import seed
from tests.support import call, database_of


def test_seeding_twice_changes_nothing(client: TestClient) -> None:
    batches: list[int] = []
    for _ in range(2):
        call(client, seed, database_of(client), 1500, batches.append)
        assert client.get("/heroes").json()["total"] == 1500
        assert client.get("/teams").json()["total"] == 5
        assert client.get("/missions").json()["total"] == 3
    assert batches == [1000, 500, 1000, 500]


def test_seeding_adds_missing_rows_and_keeps_existing(client: TestClient) -> None:
    call(client, seed, database_of(client), 10)
    hero = client.get("/heroes", params={"name": "Hero 3"}).json()["items"][0]
    changed = client.patch(f"/heroes/{hero['id']}", json={"age": 99}).json()
    client.delete(f"/heroes/{hero['id'] + 1}")

    call(client, seed, database_of(client), 12)
    assert client.get("/heroes").json()["total"] == 12
    assert client.get("/heroes", params={"name": "Hero 3"}).json()["items"] == [changed]
