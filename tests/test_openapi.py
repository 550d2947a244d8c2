"""Requests generated from the OpenAPI document: no response is a 5xx, and all are as documented."""

import sys

import pytest

from tests.combinations import Combination
from tests.projects import Project, Service

COMBINATIONS = [
    Combination("sqlite", "async", "manual"),
    Combination("sqlite", "sync", "unit_of_work"),
    Combination("postgresql", "async", "autocommit"),
    Combination("postgresql", "sync", "manual"),
    Combination("mysql", "async", "unit_of_work"),
    Combination("mysql", "sync", "autocommit"),
]
EXPLORE = [
    *("--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"),
    *("--phases", "examples,coverage,fuzzing", "--mode", "all", "--max-examples", "25", "--generation-deterministic"),
    *("--request-timeout", "60"),
]
UNLIKELY = [
    ("GET", f"/heroes/{2**64}", None),
    ("GET", f"/heroes?offset={2**63 - 1}&limit=100", None),
    ("GET", f"/teams?offset={2**70}", None),
    ("GET", "/teams?name=%00", None),
    ("GET", "/teams?name=%F0%9F%A6%B8", None),
    ("POST", "/teams", '{"name": "\\ud800", "headquarters": "x"}'),
    ("POST", "/teams", '{"name": "\\u0000", "headquarters": "x"}'),
    ("POST", "/heroes", f'{{"name": "x", "secret_name": "x", "team_id": {2**63}}}'),
    ("POST", "/heroes", '{"name": "x", "secret_name": "x", "age": 1e400}'),
    ("POST", "/heroes", "{"),
    ("PUT", f"/missions/{2**63 - 1}/heroes/{2**63 - 1}", '{"role": "x"}'),
]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("combination", COMBINATIONS, ids=str, indirect=True)
def test_openapi(project: Project, service: Service) -> None:
    client = service.client
    for method, path, body in UNLIKELY:
        response = client.request(method, path, content=body, headers={"Content-Type": "application/json"})
        assert response.status_code < 500, (method, path, body)

    schema = str(client.base_url.join("/openapi.json"))
    project.run(sys.executable, "-m", "schemathesis.cli", "run", schema, *EXPLORE)
