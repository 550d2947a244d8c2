"""Middleware is added only if the settings ask for it."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.middleware.errors import ServerErrorMiddleware

ORIGIN = "https://shop.example"
REQUEST_ID = "0b8b7e5c2f3a4d6f8a1b2c3d4e5f6a7b"


@pytest.fixture
def restored_logging() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, "uvicorn", "uvicorn.access")]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, handlers, level, propagate in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_no_middleware_by_default(make_app: Callable[..., FastAPI]) -> None:
    app = make_app()
    with TestClient(app) as client:
        assert type(app.build_middleware_stack()) is ServerErrorMiddleware
        answer = client.get("/health/live", headers={"Origin": ORIGIN})
    assert not {"x-request-id", "access-control-allow-origin", "x-content-type-options"} & answer.headers.keys()


@pytest.mark.usefixtures("restored_logging")
def test_database_log_lines_have_request_id(
    make_app: Callable[..., FastAPI], capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(log_format="json", database_slow_query=1e-9)
    with TestClient(app) as client:
        capsys.readouterr()
        answer = client.get("/health/ready", headers={"X-Request-ID": REQUEST_ID})
        other = client.get("/health/ready").headers["X-Request-ID"]
    assert answer.headers["X-Request-ID"] == REQUEST_ID
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    slow = [line for line in lines if "SELECT" in line["message"]]
    assert [line["request_id"] for line in slow] == [REQUEST_ID, other]
    assert {"timestamp", "level", "logger", "message", "request_id"} <= slow[0].keys()
    assert len(other) == 32


def test_cors_allows_configured_origins_only(make_app: Callable[..., FastAPI]) -> None:
    with TestClient(make_app(cors_origins=[ORIGIN])) as client:
        allowed = client.get("/health/live", headers={"Origin": ORIGIN})
        other = client.get("/health/live", headers={"Origin": "https://elsewhere.example"})
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Origin" not in other.headers


def test_every_response_has_configured_headers(make_app: Callable[..., FastAPI]) -> None:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Type": "text/plain"}
    app = make_app(response_headers=headers)

    @app.get("/mistake")
    def mistake() -> None:
        raise ValueError

    with TestClient(app, raise_server_exceptions=False) as client:
        for path, status in (("/health/live", 200), ("/nowhere", 404), ("/mistake", 500)):
            answer = client.get(path)
            content = "application/json" if status == 200 else "application/problem+json"
            assert answer.status_code == status
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Type"] == content
