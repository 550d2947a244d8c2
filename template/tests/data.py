"""Rows for tests, created through the API."""

from typing import Any

from fastapi.testclient import TestClient


def create_team(client: TestClient, name: str = "Preventers", headquarters: str = "Sharp Tower") -> dict[str, Any]:
    return _create(client, "/teams", name=name, headquarters=headquarters)


def create_hero(client: TestClient, name: str = "Deadpond", **fields: Any) -> dict[str, Any]:
    return _create(client, "/heroes", name=name, **{"secret_name": "Dive Wilson", **fields})


def create_mission(client: TestClient, name: str = "Save the world") -> dict[str, Any]:
    return _create(client, "/missions", name=name)


def _create(client: TestClient, path: str, **fields: Any) -> dict[str, Any]:
    response = client.post(path, json=fields)
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created
