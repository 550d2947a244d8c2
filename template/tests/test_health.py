import gc
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient


def test_the_process_is_alive_and_the_database_answers(client: TestClient) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200


def test_the_pool_shows_its_figures(make_app: Callable[..., FastAPI]) -> None:
    with TestClient(make_app(database_pool_size=3, database_max_overflow=2)) as client:
        client.get("/health/ready")
        figures = client.get("/health/database").json()
    assert figures.pop("pool").endswith("QueuePool")
    assert figures == {"size": 3, "checked_in": 1, "checked_out": 0, "overflow": 0, "total": 1, "limit": 5}


def test_a_service_that_runs_exempts_its_startup_from_garbage_collection(make_app: Callable[..., FastAPI]) -> None:
    """Where applications are made again and again, as here, each of them would stay in memory."""
    frozen = gc.get_freeze_count()  # Python has its own
    try:
        with TestClient(make_app()):
            assert gc.get_freeze_count() == frozen
        with TestClient(make_app(environment="development")):
            assert gc.get_freeze_count() > frozen + 10_000
    finally:
        gc.unfreeze()
