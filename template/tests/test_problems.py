import json
from typing import Any

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from app.problems import problem
from tests.data import create_hero
from tests.support import app_of

TOO_LARGE = 2**63


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/heroes/{TOO_LARGE}", None),
        ("GET", "/heroes/one", None),
        ("GET", "/heroes?limit=0", None),
        ("GET", "/heroes?limit=101", None),
        ("GET", "/heroes?offset=-1", None),
        ("GET", f"/heroes?offset={TOO_LARGE}", None),
        ("GET", "/heroes?name=%00", None),
        ("GET", f"/heroes?team_id={TOO_LARGE}", None),
        ("POST", "/heroes", {"name": "", "secret_name": "x"}),
        ("POST", "/heroes", {"name": "x" * 101, "secret_name": "x"}),
        ("POST", "/heroes", {"name": "x", "secret_name": "x" * 201}),
        ("POST", "/heroes", {"name": "x", "secret_name": "x", "age": -1}),
        ("POST", "/heroes", {"name": "x", "secret_name": "x", "age": 10_001}),
        ("POST", "/heroes", {"name": "x", "secret_name": "x", "team_id": TOO_LARGE}),
        ("POST", "/heroes", {"name": "NUL \0", "secret_name": "x"}),
        ("POST", "/heroes", {"name": "x"}),
        ("POST", "/heroes/bulk", []),
        ("PUT", "/missions/1/heroes/1", {"role": "x" * 51}),
    ],
)
def test_invalid_request_returns_422_with_errors(client: TestClient, method: str, path: str, body: Any) -> None:
    response = client.request(method, path, json=body)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["title"]) == (422, "Unprocessable Content")
    assert problem["detail"]
    assert problem["errors"][0]["loc"]
    assert "input" not in problem["errors"][0]


def test_unnamed_status_has_title_error() -> None:
    answer = problem(499, "The client has gone.")
    assert (answer.status_code, json.loads(bytes(answer.body))["title"]) == (499, "Error")


@pytest.mark.parametrize(
    ("error", "body"),
    [
        (HTTPException(304, headers={"ETag": '"7"'}), None),
        (HTTPException(409, {"code": "taken"}, headers={"ETag": '"7"'}), '{"code": "taken"}'),
    ],
)
def test_http_exception_keeps_headers_and_allowed_body(
    committing: TestClient, error: HTTPException, body: str | None
) -> None:
    @app_of(committing).get("/error")
    def fail() -> None:
        raise error

    answer = committing.get("/error")
    assert (answer.status_code, answer.headers["ETag"]) == (error.status_code, '"7"')
    assert (answer.json()["detail"] if answer.content else None) == body


def test_lone_surrogate_returns_422(client: TestClient) -> None:
    body = '{"name": "\\ud800", "secret_name": "x"}'
    response = client.post("/heroes", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422


def test_unicode_text_is_returned_unchanged(client: TestClient) -> None:
    name = "Ærøskøbing 東京 🦸"
    hero = create_hero(client, name)
    assert client.get(f"/heroes/{hero['id']}").json()["name"] == name


@pytest.mark.parametrize("path", ["/heroes/4711", "/teams/4711", "/missions/4711", "/heroes/4711/transfers", "/there"])
def test_missing_resource_returns_problem(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert set(response.json()) == {"type", "title", "status", "detail"}


def test_405_lists_allowed_methods(client: TestClient) -> None:
    response = client.put("/heroes/1")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) <= {"GET", "PATCH", "DELETE"}
