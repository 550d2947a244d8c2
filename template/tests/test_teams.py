from fastapi.testclient import TestClient

from tests.data import create_hero, create_team


def test_team_is_created_and_read(client: TestClient) -> None:
    created = client.post("/teams", json={"name": "Preventers", "headquarters": "Sharp Tower"})
    assert created.status_code == 201
    team = created.json()
    assert team["name"] == "Preventers"
    assert team["created_at"].endswith("Z")

    read = client.get(f"/teams/{team['id']}")
    assert read.status_code == 200
    assert read.json() == {**team, "heroes": []}


def test_team_includes_heroes_in_order(client: TestClient) -> None:
    team = create_team(client)
    heroes = [create_hero(client, name, team_id=team["id"]) for name in ("Rusty-Man", "Deadpond")]
    assert client.get(f"/teams/{team['id']}").json()["heroes"] == heroes


def test_page_of_teams_has_total_of_all(client: TestClient) -> None:
    teams = [create_team(client, f"Team {number}") for number in range(5)]
    page = client.get("/teams", params={"offset": 1, "limit": 2}).json()
    assert page == {"items": teams[1:3], "total": 5, "offset": 1, "limit": 2}


def test_page_past_end_is_empty_with_total(client: TestClient) -> None:
    create_team(client)
    assert client.get("/teams", params={"offset": 7}).json() == {"items": [], "total": 1, "offset": 7, "limit": 20}


def test_filtered_page_counts_matches(client: TestClient) -> None:
    create_team(client, "Preventers")
    wanted = create_team(client, "Z-Force")
    assert client.get("/teams", params={"name": "Z-Force"}).json() == {
        "items": [wanted],
        "total": 1,
        "offset": 0,
        "limit": 20,
    }


def test_duplicate_name_returns_409(client: TestClient) -> None:
    create_team(client, "Preventers")
    refused = client.post("/teams", json={"name": "Preventers", "headquarters": "Elsewhere"})
    assert refused.status_code == 409
    assert client.get("/teams").json()["total"] == 1


def test_update_keeps_omitted_fields(client: TestClient) -> None:
    team = create_team(client)
    changed = client.patch(f"/teams/{team['id']}", json={"headquarters": "Moon"}).json()
    assert (changed["name"], changed["headquarters"]) == (team["name"], "Moon")
    assert changed["updated_at"] > team["updated_at"]
    assert changed["created_at"] == team["created_at"]


def test_update_to_duplicate_name_returns_409(client: TestClient) -> None:
    create_team(client, "Preventers")
    other = create_team(client, "Z-Force")
    assert client.patch(f"/teams/{other['id']}", json={"name": "Preventers"}).status_code == 409
    assert client.get(f"/teams/{other['id']}").json()["name"] == "Z-Force"


def test_empty_team_is_deleted(client: TestClient) -> None:
    team = create_team(client)
    assert client.delete(f"/teams/{team['id']}").status_code == 204
    assert client.get(f"/teams/{team['id']}").status_code == 404


def test_deleting_team_with_heroes_returns_409(client: TestClient) -> None:
    team = create_team(client)
    hero = create_hero(client, team_id=team["id"])
    refused = client.delete(f"/teams/{team['id']}")
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:problem:still-referenced"
    assert client.get(f"/heroes/{hero['id']}").json()["team_id"] == team["id"]


def test_all_heroes_are_removed_from_team(client: TestClient) -> None:
    team, other = create_team(client, "Emptied"), create_team(client, "Other")
    heroes = [create_hero(client, f"Hero {number}", team_id=team["id"]) for number in range(3)]
    stays = create_hero(client, "Stays", team_id=other["id"])

    assert client.delete(f"/teams/{team['id']}/heroes").status_code == 204
    assert client.get(f"/teams/{team['id']}").json()["heroes"] == []
    assert client.get(f"/teams/{other['id']}").json()["heroes"] == [stays]
    assert client.get(f"/heroes/{heroes[0]['id']}").json()["updated_at"] > heroes[0]["updated_at"]
    assert client.delete(f"/teams/{team['id']}").status_code == 204
    assert client.delete(f"/teams/{team['id']}/heroes").status_code == 404


def test_statistics_list_largest_team_first(client: TestClient) -> None:
    small, large = create_team(client, "Small"), create_team(client, "Large")
    create_team(client, "Empty")
    create_hero(client, "A", age=30, team_id=large["id"])
    create_hero(client, "B", age=41, team_id=large["id"])
    create_hero(client, "C", team_id=small["id"])
    assert client.get("/teams/statistics").json() == [
        {"team": "Large", "hero_count": 2, "average_age": 35.5},
        {"team": "Small", "hero_count": 1, "average_age": None},
        {"team": "Empty", "hero_count": 0, "average_age": None},
    ]


def test_missing_team_returns_404(client: TestClient) -> None:
    assert client.get("/teams/4711").status_code == 404
