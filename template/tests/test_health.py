import gc
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient


def test_live_and_ready_return_200(client: TestClient) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200


def test_database_health_returns_pool_figures(make_app: Callable[..., FastAPI]) -> None:
    with TestClient(make_app(database_pool_size=3, database_max_overflow=2)) as client:
        client.get("/health/ready")
        figures = client.get("/health/database").json()
    assert figures.pop("pool").endswith("QueuePool")
    assert figures == {"size": 3, "checked_in": 1, "checked_out": 0, "overflow": 0, "total": 1, "limit": 5}


def test_startup_objects_are_frozen_outside_tests(make_app: Callable[..., FastAPI]) -> None:
    """In tests, every application created would stay in memory."""
    frozen = gc.get_freeze_count()  # Python freezes some itself
    try:
        with TestClient(make_app()):
            assert gc.get_freeze_count() == frozen
        with TestClient(make_app(environment="development")):
            assert gc.get_freeze_count() > frozen + 10_000
    finally:
        gc.unfreeze()
