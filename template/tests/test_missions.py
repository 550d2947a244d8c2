from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient

from tests.data import create_hero, create_mission


def test_mission_is_created_listed_and_read(client: TestClient) -> None:
    created = client.post("/missions", json={"name": "Save the world"})
    assert created.status_code == 201
    mission = created.json()
    assert client.get("/missions").json()["items"] == [mission]
    assert client.get(f"/missions/{mission['id']}").json() == {**mission, "heroes": []}


def test_duplicate_name_returns_409(client: TestClient) -> None:
    create_mission(client, "Save the world")
    assert client.post("/missions", json={"name": "Save the world"}).status_code == 409


def test_assigning_hero_again_changes_role(client: TestClient) -> None:
    mission, hero = create_mission(client), create_hero(client)
    path = f"/missions/{mission['id']}/heroes/{hero['id']}"

    first = client.put(path, json={"role": "pilot"})
    assert first.status_code == 200
    again = client.put(path, json={"role": "cook"})
    assert again.status_code == 200
    assert (again.json()["hero_id"], again.json()["role"]) == (hero["id"], "cook")
    assert again.json()["created_at"] == first.json()["created_at"]
    assert client.get(f"/missions/{mission['id']}").json()["heroes"] == [
        {"id": hero["id"], "name": hero["name"], "role": "cook"}
    ]


def test_concurrent_assignments_all_succeed(committing: TestClient) -> None:
    hero = create_hero(committing)
    paths = [f"/missions/{create_mission(committing, f'Mission {n}')['id']}/heroes/{hero['id']}" for n in range(5)]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda path: committing.put(path, json={"role": "pilot"}), sorted(paths * 8))
    assert {answer.status_code for answer in answers} == {200}


def test_missions_and_heroes_include_each_other_in_order(client: TestClient) -> None:
    missions = [create_mission(client, name) for name in ("Save the world", "Explore the sea")]
    heroes = [create_hero(client, name) for name in ("Rusty-Man", "Deadpond")]
    for mission in reversed(missions):
        for hero in reversed(heroes):
            client.put(f"/missions/{mission['id']}/heroes/{hero['id']}", json={"role": "pilot"})
    for mission in missions:
        found = client.get(f"/missions/{mission['id']}").json()["heroes"]
        assert found == [{"id": hero["id"], "name": hero["name"], "role": "pilot"} for hero in heroes]
    for hero in heroes:
        found = client.get(f"/heroes/{hero['id']}").json()["missions"]
        assert found == [{"id": mission["id"], "name": mission["name"], "role": "pilot"} for mission in missions]


def test_unassigning_hero_twice_returns_404(client: TestClient) -> None:
    mission, hero = create_mission(client), create_hero(client)
    path = f"/missions/{mission['id']}/heroes/{hero['id']}"
    client.put(path, json={"role": "pilot"})
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404


def test_assigning_unknown_hero_or_mission_returns_404(client: TestClient) -> None:
    mission, hero = create_mission(client), create_hero(client)
    assert client.put(f"/missions/{mission['id']}/heroes/4711", json={"role": "pilot"}).status_code == 404
    assert client.put(f"/missions/4711/heroes/{hero['id']}", json={"role": "pilot"}).status_code == 404


def test_too_long_role_returns_422(client: TestClient) -> None:
    mission, hero = create_mission(client), create_hero(client)
    path = f"/missions/{mission['id']}/heroes/{hero['id']}"
    assert client.put(path, json={"role": "x" * 51}).status_code == 422


def test_missing_mission_returns_404(client: TestClient) -> None:
    assert client.get("/missions/4711").status_code == 404
