"""OpenTelemetry: traces and metrics of requests, statements and the pool. Imported only if TELEMETRY is on.

OpenTelemetry's environment variables configure the export, such as OTEL_EXPORTER_OTLP_ENDPOINT.
"""

from collections.abc import Callable, Iterator, Sequence

from fastapi.telemetry import TelemetryConfig
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.sqlalchemy.engine import EngineTracer
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.semconv.metrics import MetricInstruments
from sqlalchemy import Engine

from app.monitoring import pool_figures


class Telemetry:
    """The traces and metrics of one application."""

    def __init__(self, service: str) -> None:
        resource = Resource.create({"service.name": service})
        self._tracers = TracerProvider(resource=resource)
        self._tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource)
        self.config: TelemetryConfig = {
            "tracer_provider": self._tracers,
            "meter_provider": self._meters,
            "logs": False,
            "operation_spans": False,
            "exclude": lambda scope: scope["path"].startswith("/health/"),
        }
        """FastAPI's own telemetry of requests, except those to `/health/`."""

    def watch(self, *engines: Engine) -> None:
        """Trace the engines' statements, without parameters, and measure their pools."""
        engines = tuple(dict.fromkeys(engines))
        tracer, meter = self._tracers.get_tracer(__name__), self._meters.get_meter(__name__)
        usage = meter.create_up_down_counter(MetricInstruments.DB_CLIENT_CONNECTIONS_USAGE, unit="connections")
        for engine in engines:
            # SQLAlchemyInstrumentor would patch SQLAlchemy for the whole process. EngineTracer traces one engine.
            EngineTracer(tracer, engine, usage)  # type: ignore[no-untyped-call]
        for figure in ("checked_in", "checked_out", "limit"):
            meter.create_observable_gauge(f"app.pool.{figure}", [_gauge(engines, figure)], unit="{connection}")

    def close(self) -> None:
        """Send the remaining traces and metrics, and shut down."""
        self._tracers.shutdown()
        self._meters.shutdown()


def _gauge(engines: Sequence[Engine], figure: str) -> Callable[[CallbackOptions], Iterator[Observation]]:
    def observe(_options: CallbackOptions) -> Iterator[Observation]:
        for engine in engines:
            value = pool_figures(engine.pool)[figure]
            if isinstance(value, int):
                yield Observation(value, {"server.address": engine.url.host or ""})

    return observe
