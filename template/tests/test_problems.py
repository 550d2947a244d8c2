"""Errors are answered as application/problem+json, and invalid requests name what is invalid."""

import json
from typing import Any

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from app.problems import problem
from tests.accounts import ACCOUNTS, create_account
from tests.support import app_of

TOO_LARGE = 2**63


@pytest.mark.usefixtures("own_table")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/{TOO_LARGE}", None),
        ("GET", "/one", None),
        ("GET", "?limit=0", None),
        ("GET", "?limit=101", None),
        ("GET", "?offset=-1", None),
        ("GET", f"?offset={TOO_LARGE}", None),
        ("GET", "?after=-1", None),
        ("POST", "", {"name": ""}),
        ("POST", "", {"name": "x" * 101}),
        ("POST", "", {"name": "x", "balance": -1}),
        ("POST", "", {"name": "x", "balance": 10_001}),
        ("POST", "", {"name": "x", "parent_id": TOO_LARGE}),
        ("POST", "", {"name": "NUL \0"}),
        ("POST", "", {}),
        ("PATCH", "/1", {"name": None}),
    ],
)
def test_invalid_request_returns_422_with_errors(client: TestClient, method: str, path: str, body: Any) -> None:
    response = client.request(method, f"{ACCOUNTS}{path}", json=body)
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


@pytest.mark.usefixtures("own_table")
def test_lone_surrogate_returns_422(client: TestClient) -> None:
    body = '{"name": "\\ud800"}'
    response = client.post(ACCOUNTS, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422


@pytest.mark.usefixtures("own_table")
def test_unicode_text_is_returned_unchanged(client: TestClient) -> None:
    name = "Ærøskøbing 東京 🦸"
    account = create_account(client, name)
    assert client.get(f"{ACCOUNTS}/{account['id']}").json()["name"] == name


@pytest.mark.usefixtures("own_table")
@pytest.mark.parametrize("path", [f"{ACCOUNTS}/4711", "/nowhere"])
def test_missing_resource_returns_problem(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert set(response.json()) == {"type", "title", "status", "detail"}


@pytest.mark.usefixtures("own_table")
def test_405_lists_allowed_methods(client: TestClient) -> None:
    response = client.put(f"{ACCOUNTS}/1")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) <= {"GET", "PATCH", "DELETE"}
