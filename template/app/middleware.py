"""Middleware that the settings enable: request ids in JSON logs, response headers, and CORS."""

import logging.config

from asgi_correlation_id import CorrelationIdFilter, CorrelationIdMiddleware
from fastapi.middleware.cors import CORSMiddleware
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings

REQUEST_ID = "X-Request-ID"


def surround(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Wrap an application, including its responses to unexpected errors, in the middleware that the settings enable."""
    if settings.response_headers:
        app = ResponseHeaders(app, settings.response_headers)
    if settings.cors_origins:
        app = CORSMiddleware(
            app,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=[REQUEST_ID],
        )
    if settings.log_format == "json":
        app = CorrelationIdMiddleware(app, header_name=REQUEST_ID)
    return app


def log_as_json() -> None:
    """Log one JSON object per line, with the request id. This includes the server's own log."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"request": {"()": CorrelationIdFilter}},
            "formatters": {
                "json": {
                    "()": JsonFormatter,
                    "fmt": "%(levelname)s %(name)s %(message)s %(correlation_id)s",
                    "rename_fields": {"levelname": "level", "name": "logger", "correlation_id": "request_id"},
                    "timestamp": True,
                    "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
                }
            },
            "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request"]}},
            "root": {"handlers": ["json"], "level": "INFO"},
            "loggers": {name: {"handlers": [], "propagate": True} for name in ("uvicorn", "uvicorn.access")},
        }
    )


class ResponseHeaders:
    """Adds headers to every response, unless the endpoint has set them."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, add_headers)
