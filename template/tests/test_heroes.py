from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.data import create_hero, create_mission, create_team


def test_created_hero_hides_secret_name(client: TestClient) -> None:
    created = client.post("/heroes", json={"name": "Deadpond", "secret_name": "Dive Wilson", "age": 30})
    assert created.status_code == 201
    hero = created.json()
    assert (hero["name"], hero["age"], hero["team_id"]) == ("Deadpond", 30, None)
    assert "secret_name" not in hero


def test_hero_includes_team_and_missions(client: TestClient) -> None:
    team, mission = create_team(client), create_mission(client)
    hero = create_hero(client, team_id=team["id"])
    client.put(f"/missions/{mission['id']}/heroes/{hero['id']}", json={"role": "pilot"})

    read = client.get(f"/heroes/{hero['id']}")
    assert read.status_code == 200
    assert read.json() == {
        **hero,
        "team": team,
        "missions": [{"id": mission["id"], "name": mission["name"], "role": "pilot"}],
    }


def test_heroes_are_filtered_by_team_and_name(client: TestClient) -> None:
    team = create_team(client)
    wanted = create_hero(client, "Deadpond", team_id=team["id"])
    create_hero(client, "Rusty-Man", team_id=team["id"])
    create_hero(client, "Spider-Boy")

    assert client.get("/heroes").json()["total"] == 3
    assert client.get("/heroes", params={"team_id": team["id"]}).json()["total"] == 2
    both = client.get("/heroes", params={"team_id": team["id"], "name": "Deadpond"}).json()
    assert both["items"] == [wanted]


def test_keyset_paging_skips_and_repeats_nothing(client: TestClient) -> None:
    """With offsets, a row deleted between two pages would make the second page skip a row."""
    first, second, third, fourth = (create_hero(client, f"Hero {number}") for number in range(4))
    walk: dict[str, Any] = {"after": 0, "limit": 2}
    page = client.get("/heroes", params=walk).json()
    assert page == {"items": [first, second], "total": None, "offset": 0, "limit": 2}
    client.delete(f"/heroes/{first['id']}")

    page = client.get("/heroes", params=walk | {"after": second["id"]}).json()
    assert page["items"] == [third, fourth]
    assert client.get("/heroes", params=walk | {"after": fourth["id"]}).json()["items"] == []
    assert client.get("/heroes", params=walk | {"name": "Hero 3"}).json()["items"] == [fourth]
    assert client.get("/heroes", params=walk | {"offset": 2}).json()["items"] == [fourth]


def test_duplicate_name_returns_409(client: TestClient) -> None:
    create_hero(client, "Deadpond")
    refused = client.post("/heroes", json={"name": "Deadpond", "secret_name": "Someone Else"})
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:problem:duplicate"


def test_unknown_team_returns_422(client: TestClient) -> None:
    refused = client.post("/heroes", json={"name": "Deadpond", "secret_name": "Dive Wilson", "team_id": 4711})
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:problem:missing-reference"
    assert client.get("/heroes").json()["total"] == 0


def test_update_with_null_clears_fields(client: TestClient) -> None:
    team = create_team(client)
    hero = create_hero(client, age=30, team_id=team["id"])
    changed = client.patch(f"/heroes/{hero['id']}", json={"age": None, "team_id": None}).json()
    assert (changed["name"], changed["age"], changed["team_id"]) == ("Deadpond", None, None)


def test_update_with_null_name_returns_422(client: TestClient) -> None:
    hero = create_hero(client)
    assert client.patch(f"/heroes/{hero['id']}", json={"name": None}).status_code == 422


def test_deleting_hero_deletes_assignments_and_transfers(client: TestClient) -> None:
    old, new, mission = create_team(client, "Old"), create_team(client, "New"), create_mission(client)
    hero = create_hero(client, team_id=old["id"])
    client.put(f"/missions/{mission['id']}/heroes/{hero['id']}", json={"role": "pilot"})
    client.post(f"/heroes/{hero['id']}/transfer", json={"from_team_id": old["id"], "to_team_id": new["id"]})

    assert client.delete(f"/heroes/{hero['id']}").status_code == 204
    assert client.get(f"/heroes/{hero['id']}").status_code == 404
    assert client.get(f"/missions/{mission['id']}").json()["heroes"] == []


def test_transfer_moves_hero_and_is_logged(client: TestClient) -> None:
    old, new = create_team(client, "Old"), create_team(client, "New")
    hero = create_hero(client, team_id=old["id"])
    move = {"from_team_id": old["id"], "to_team_id": new["id"]}

    moved = client.post(f"/heroes/{hero['id']}/transfer", json=move)
    assert moved.status_code == 200
    assert moved.json()["team_id"] == new["id"]
    (entry,) = client.get(f"/heroes/{hero['id']}/transfers").json()
    assert (entry["hero_id"], entry["from_team_id"], entry["to_team_id"]) == (hero["id"], old["id"], new["id"])

    again = client.post(f"/heroes/{hero['id']}/transfer", json=move)
    assert again.status_code == 409
    assert len(client.get(f"/heroes/{hero['id']}/transfers").json()) == 1


def test_transfer_log_outlives_team(client: TestClient) -> None:
    old, new = create_team(client, "Old"), create_team(client, "New")
    hero = create_hero(client, team_id=old["id"])
    client.post(f"/heroes/{hero['id']}/transfer", json={"from_team_id": old["id"], "to_team_id": new["id"]})
    assert client.delete(f"/teams/{old['id']}").status_code == 204
    (entry,) = client.get(f"/heroes/{hero['id']}/transfers").json()
    assert (entry["from_team_id"], entry["to_team_id"]) == (None, new["id"])


def test_transfer_refuses_unknown_hero_or_team_and_same_team(client: TestClient) -> None:
    team = create_team(client)
    hero = create_hero(client, team_id=team["id"])
    path = f"/heroes/{hero['id']}/transfer"
    assert client.post("/heroes/4711/transfer", json={"from_team_id": 1, "to_team_id": 2}).status_code == 404
    assert client.post(path, json={"from_team_id": team["id"], "to_team_id": 4711}).status_code == 404
    assert client.post(path, json={"from_team_id": team["id"], "to_team_id": team["id"]}).status_code == 422
    assert client.get(f"/heroes/{hero['id']}").json()["team_id"] == team["id"]


def test_bulk_create_stores_valid_heroes_and_rejects_others(client: TestClient) -> None:
    create_hero(client, "Deadpond")
    answer = client.post(
        "/heroes/bulk",
        json=[
            {"name": "Rusty-Man", "secret_name": "Tommy Sharp"},
            {"name": "Deadpond", "secret_name": "Somebody Else"},
            {"name": "Spider-Boy", "secret_name": "Pedro Parqueador"},
            {"name": "Nobody", "secret_name": "Nemo", "team_id": 4711},
            {"name": "Rusty-Man", "secret_name": "An Impostor"},
        ],
    )
    assert answer.status_code == 200
    assert [hero["name"] for hero in answer.json()["created"]] == ["Rusty-Man", "Spider-Boy"]
    assert [hero["index"] for hero in answer.json()["rejected"]] == [1, 3, 4]
    assert client.get("/heroes").json()["total"] == 3


def test_bulk_create_finds_rejected_heroes_in_long_list(client: TestClient) -> None:
    names = [f"Hero {number}" for number in range(40)]
    names[25] = names[10]
    heroes: list[dict[str, object]] = [{"name": name, "secret_name": "x"} for name in names]
    heroes[0]["team_id"] = heroes[39]["team_id"] = 4711
    answer = client.post("/heroes/bulk", json=heroes).json()
    assert [hero["index"] for hero in answer["rejected"]] == [0, 25, 39]
    assert [hero["name"] for hero in answer["created"]] == [*names[1:25], *names[26:39]]
    assert client.get("/heroes").json()["total"] == 37


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/heroes?name=%00", None),
        ("GET", f"/heroes?team_id={2**63}", None),
        ("POST", "/heroes", {"name": "", "secret_name": "x"}),
        ("POST", "/heroes", {"name": "x" * 101, "secret_name": "x"}),
        ("POST", "/heroes", {"name": "x", "secret_name": "x" * 201}),
        ("POST", "/heroes", {"name": "x", "secret_name": "x", "age": -1}),
        ("POST", "/heroes", {"name": "x", "secret_name": "x", "age": 10_001}),
        ("POST", "/heroes", {"name": "x", "secret_name": "x", "team_id": 2**63}),
        ("POST", "/heroes", {"name": "x"}),
        ("POST", "/heroes/bulk", []),
    ],
)
def test_invalid_hero_returns_422(client: TestClient, method: str, path: str, body: Any) -> None:
    assert client.request(method, path, json=body).status_code == 422


@pytest.mark.parametrize("path", ["/heroes/4711", "/heroes/4711/transfers"])
def test_missing_hero_returns_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
