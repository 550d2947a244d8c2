"""The round trips of a request: its statements, and the begin and end of its transaction."""

from collections.abc import Callable
from itertools import count
from statistics import mode

import httpx2
import pytest

from tests.combinations import COMBINATIONS
from tests.projects import Project
from tests.round_trips import count_round_trips
from tests.servers import Database

SERVED = [combination for combination in COMBINATIONS if combination.database != "sqlite"]

WARM_UP = 8
"""Requests before counting, because psycopg prepares a statement after five executions."""

REPEATS = 9


@pytest.mark.parametrize("combination", SERVED, ids=str, indirect=True)
def test_round_trips(project: Project, database: Database) -> None:
    """A connection in use needs no extra round trip; only idle ones are checked."""
    with (
        count_round_trips(database) as counter,
        project.serve(DATABASE_URL=counter.url, DATABASE_SSL="disable") as client,
    ):
        found = {
            name: mode([counter.during(request) for _ in range(WARM_UP + REPEATS)][WARM_UP:])
            for name, request in requests(client).items()
        }
    assert found == {
        # No transaction; one statement loads the row and its relations.
        "get": 1,
        # One statement returns the rows and their total.
        "list": 1,
        # BEGIN, INSERT, COMMIT.
        "create": 3,
        # BEGIN, SELECT, UPDATE, COMMIT.
        "update": 4,
        # BEGIN, UPDATE, SELECT, INSERT, COMMIT.
        "transfer": 5,
        # Neither needs the database.
        "invalid": 0,
        "alive": 0,
    }


def requests(client: httpx2.Client) -> dict[str, Callable[[], object]]:
    """Return a repeatable request of each kind, by name."""
    teams = [post(client, "/teams", name=name, headquarters="x")["id"] for name in ("Avengers", "Defenders")]
    hero = post(client, "/heroes", name="Hulk", secret_name="Bruce Banner", team_id=teams[0])["id"]
    mission = post(client, "/missions", name="Save New York")["id"]
    client.put(f"/missions/{mission}/heroes/{hero}", json={"role": "fist"}).raise_for_status()
    numbers = count()

    def transfer() -> None:
        old, new = teams
        teams.reverse()
        answer = client.post(f"/heroes/{hero}/transfer", json={"from_team_id": old, "to_team_id": new})
        assert answer.status_code == 200, answer.text

    return {
        "get": lambda: client.get(f"/heroes/{hero}").raise_for_status(),
        "list": lambda: client.get("/heroes").raise_for_status(),
        "create": lambda: post(client, "/heroes", name=f"Hero {next(numbers)}", secret_name="x"),
        "update": lambda: client.patch(f"/heroes/{hero}", json={"age": next(numbers)}).raise_for_status(),
        "transfer": transfer,
        "invalid": lambda: client.post("/heroes", json={"name": ""}),
        "alive": lambda: client.get("/health/live").raise_for_status(),
    }


def post(client: httpx2.Client, path: str, **values: object) -> dict[str, int]:
    answer = client.post(path, json=values)
    assert answer.status_code == 201, answer.text
    return answer.json()
