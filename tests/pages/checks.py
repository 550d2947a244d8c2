"""What the pages of docs/ say that their code does; copied into a project that has followed them.

In a sync project it is copied without `async` and `await`.
"""

import pytest
from app.db.database import transaction
from app.models.trip import Distance, Purpose, TripCreate, VehicleDetails
from app.models.vehicle import VehicleCreate, VehiclePublic
from app.repositories.base import Conflict
from app.repositories.trips import TripRepository
from app.repositories.vehicles import VehicleRepository
from app.routes import page_sessions, page_streams
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import InvalidRequestError, PendingRollbackError
from tests.support import call, database_of

BUS = {"name": "Bus", "seats": 40}


@pytest.fixture
def service(committing: TestClient) -> TestClient:
    assert isinstance(committing.app, FastAPI)
    committing.app.include_router(page_sessions.router)
    committing.app.include_router(page_streams.router)
    return committing


def names(client: TestClient) -> list[str]:
    return [vehicle["name"] for vehicle in client.get("/vehicles").json()["items"]]


def test_refusal_comes_before_the_commit(service: TestClient) -> None:
    assert service.post("/good/large", json=BUS | {"seats": 51}).status_code == 409
    assert names(service) == []
    assert service.post("/good/large", json=BUS).status_code == 201
    assert service.post("/bad/large", json={"name": "Train", "seats": 51}).status_code == 409
    assert names(service) == ["Bus", "Train"]


def test_savepoint_keeps_the_rest(service: TestClient) -> None:
    fleet = [VehicleCreate(name=name, seats=40) for name in ("Bus", "Bus", "Train")]

    async def create(*, good: bool) -> None:
        async with transaction(database_of(service).sessions) as session:
            vehicles = VehicleRepository(session)
            await (page_sessions.create_fleet_good if good else page_sessions.create_fleet_bad)(vehicles, fleet)

    with pytest.raises(PendingRollbackError):
        call(service, lambda: create(good=False))
    assert names(service) == []
    call(service, lambda: create(good=True))
    assert names(service) == ["Bus", "Train"]


def test_change_is_refused_if_the_client_has_an_old_copy(service: TestClient) -> None:
    bus = VehiclePublic.model_validate(service.post("/vehicles", json=BUS).json())

    async def change(name: str) -> None:
        async with transaction(database_of(service).sessions) as session:
            data = VehicleCreate(name=name, seats=40)
            await page_sessions.change_if_unchanged(VehicleRepository(session), bus.id, bus.updated_at, data)

    call(service, change, "Train")
    with pytest.raises(Conflict):
        call(service, change, "Plane")
    assert names(service) == ["Train"]


def test_authentication_reads_in_front_of_a_write(service: TestClient) -> None:
    service.post("/vehicles", json=BUS)
    assert service.delete("/me", headers={"X-Vehicle": "Nobody"}).status_code == 401
    assert service.delete("/me", headers={"X-Vehicle": "Bus"}).status_code == 204
    assert names(service) == []


def test_task_with_the_session_of_the_request_raises(client: TestClient) -> None:
    assert isinstance(client.app, FastAPI)
    client.app.include_router(page_streams.router)
    with pytest.raises(RuntimeError, match="response already started") as raised:
        client.post("/bad/task")
    assert isinstance(raised.value.__cause__, InvalidRequestError)


def test_task_has_a_transaction_of_its_own(service: TestClient) -> None:
    assert service.post("/good/task", json=BUS).status_code == 202
    assert names(service) == ["Bus"]


def test_stream_reads_in_portions(service: TestClient) -> None:
    for number in range(101):
        service.post("/vehicles", json={"name": f"Bus {number}", "seats": 40})
    lines = service.get("/vehicles.csv").text.splitlines()
    assert [line.partition(",")[2] for line in lines] == [f"Bus {number}" for number in range(101)]


def test_websocket_opens_a_session_for_each_message(service: TestClient) -> None:
    if not hasattr(page_streams, "watch"):
        pytest.skip("a page of async projects")
    bus = service.post("/vehicles", json=BUS).json()
    with service.websocket_connect(f"/vehicles/{bus['id']}/watch") as connection:
        for _ in range(2):
            connection.send_text("?")
            assert connection.receive_json() == {"seats": 40}
            assert service.get("/health/database").json()["checked_out"] == 0


def test_relation_enum_and_text(service: TestClient) -> None:
    bus = service.post("/vehicles", json=BUS).json()
    database = database_of(service)

    async def travel() -> None:
        async with transaction(database.sessions) as session:
            for purpose in Purpose:
                trip = TripCreate(vehicle_id=bus["id"], purpose=purpose, kilometres=100)
                await TripRepository(session).create(trip)

    async def look() -> tuple[VehicleDetails, list[Distance], set[str]]:
        async with database.read_sessions() as session:
            trips = TripRepository(session)
            details = VehicleDetails.model_validate(await trips.of_vehicle(bus["id"]))
            connection = await session.connection()
            stored = await connection.execute(text("SELECT purpose FROM trip"))
            return details, await trips.distances(2), set(stored.scalars())

    async def load_lazily() -> None:
        async with database.read_sessions() as session:
            vehicle = await VehicleRepository(session).get(bus["id"])
            with pytest.raises(InvalidRequestError, match="raise"):
                _ = vehicle.trips

    call(service, travel)
    call(service, load_lazily)
    details, distances, stored = call(service, look)
    assert [trip.purpose for trip in details.trips] == list(Purpose)
    assert distances == [Distance(vehicle="Bus", kilometres=200)]
    assert stored == {"rescue", "patrol"}
    assert service.delete(f"/vehicles/{bus['id']}", headers={"X-Vehicle": "Bus"}).status_code == 204
