"""Traces and metrics, kept in memory by the exporters."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.accounts import ACCOUNTS, create_own_table, drop_own_table, router
from tests.support import call, database_of


class Memory(InMemorySpanExporter):
    """Keeps its spans after shutdown."""

    def shutdown(self) -> None:
        pass


def read(reader: InMemoryMetricReader) -> dict[str, list[Any]]:
    data = reader.get_metrics_data()
    assert data is not None
    scopes = [scope for resource in data.resource_metrics for scope in resource.scope_metrics]
    return {metric.name: list(metric.data.data_points) for scope in scopes for metric in scope.metrics}


def test_requests_statements_and_pool_are_observed(
    make_app: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter, reader = Memory(), InMemoryMetricReader()
    monkeypatch.setattr("app.telemetry.OTLPSpanExporter", lambda: exporter)
    monkeypatch.setattr("app.telemetry.OTLPMetricExporter", lambda: None)
    monkeypatch.setattr("app.telemetry.PeriodicExportingMetricReader", lambda _exporter: reader)
    app = make_app(telemetry=True, database_pool_size=3, database_max_overflow=2)
    app.include_router(router)

    with TestClient(app) as client:
        call(client, database_of(client).run, create_own_table)
        client.get("/health/ready")
        client.get(f"{ACCOUNTS}/4711")
        metrics = read(reader)
        call(client, database_of(client).run, drop_own_table)

    spans = exporter.get_finished_spans()
    request = next(span for span in spans if span.name == f"GET {ACCOUNTS}/{{account_id}}")
    children = [span for span in spans if span.parent and span.parent.span_id == request.context.span_id]
    statements = [str((span.attributes or {})["db.statement"])[:6] for span in children]
    assert [statement for statement in statements if statement != "PRAGMA"] == ["SELECT"]
    assert "4711" not in str([span.attributes for span in children])
    assert not any("/health" in span.name for span in spans)
    assert [point.value for point in metrics["app.pool.limit"]] == [5]
    assert [point.value for point in metrics["app.pool.checked_out"]] == [0]
    assert metrics["http.server.request.duration"][0].count == 1


def test_disabled_telemetry_records_nothing(make_app: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, provider = Memory(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", lambda: provider)
    with TestClient(make_app()) as client:
        client.get("/health/live")
    assert exporter.get_finished_spans() == ()


def test_disabled_telemetry_is_not_imported() -> None:
    script = "import sys, app.main; assert not {'app.telemetry', 'opentelemetry.sdk'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603
