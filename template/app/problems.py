"""Error responses, as `application/problem+json` (RFC 9457). None shows SQL, a stack trace or a password."""

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from http.client import responses
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.utils import is_body_allowed_for_status_code
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from app.db.errors import Failure, ReadOnlySession, classify
from app.db.pool import Overloaded
from app.repositories.base import Conflict, NotFound

logger = logging.getLogger(__name__)

TITLES = {422: "Unprocessable Content"}
"""Titles of RFC 9110 that older versions of Python don't have."""

MISTAKE = "An internal error occurred. It has been logged."
RETRY_AFTER = 1
"""The time after which a client may retry a 503, in seconds."""

STATUSES = {
    Failure.DUPLICATE: 409,
    Failure.STILL_REFERENCED: 409,
    Failure.STALE: 409,
    Failure.MISSING_REFERENCE: 422,
    Failure.NOT_NULL: 422,
    Failure.CHECK: 422,
    Failure.BAD_DATA: 422,
}
"""The statuses of database failures. All others are 503: the cause is not the request."""

VALIDATION = "urn:problem:validation"
NOT_FOUND = "urn:problem:not-found"
CONFLICT = "urn:problem:conflict"

SCHEMA = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "The invalid parts of the request, and the reasons.",
            "items": {
                "type": "object",
                "properties": {
                    "loc": {"type": "array", "items": {}},
                    "msg": {"type": "string"},
                    "type": {"type": "string"},
                },
                "required": ["loc", "msg", "type"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"description": "A problem", "content": {"application/problem+json": {"schema": SCHEMA}}}
}
"""The OpenAPI description of all responses that an endpoint doesn't declare."""


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def install(app: FastAPI) -> None:
    """Register the exception handlers."""
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(Conflict, _conflict)
    app.add_exception_handler(Overloaded, _overloaded)
    app.add_exception_handler(ReadOnlySession, _read_only_session)
    app.add_exception_handler(SQLAlchemyError, _database_error)
    app.add_exception_handler(Exception, _unexpected)


def problem(status: int, detail: str, kind: str = "about:blank", **members: Any) -> ProblemResponse:
    """Build a response. `kind` is the URI of the problem type, and `members` are added to the body."""
    title = TITLES.get(status) or responses.get(status, "Error")
    return ProblemResponse(
        {"type": kind, "title": title, "status": status, "detail": detail, **members},
        status,
        headers={"Retry-After": str(RETRY_AFTER)} if status == HTTPStatus.SERVICE_UNAVAILABLE else None,
    )


def failure_problem(failure: Failure) -> ProblemResponse:
    """Build the response to a database failure."""
    status = STATUSES.get(failure, HTTPStatus.SERVICE_UNAVAILABLE)
    return problem(status, failure.value, f"urn:problem:{failure.name.lower().replace('_', '-')}")


async def _http_exception(_request: Request, error: Any) -> Response:
    if not is_body_allowed_for_status_code(error.status_code):
        return Response(status_code=error.status_code, headers=error.headers)
    detail = error.detail if isinstance(error.detail, str) else json.dumps(error.detail, default=str)
    response = problem(error.status_code, detail)
    response.headers.update(error.headers or {})
    return response


async def _invalid_request(_request: Request, error: Any) -> ProblemResponse:
    return problem(422, "The request is not valid; see `errors`.", VALIDATION, errors=_errors(error.errors()))


def _errors(errors: Sequence[Any]) -> list[dict[str, Any]]:
    # Leave the input out, because it may be a secret or invalid text.
    return [{"loc": list(error["loc"]), "msg": error["msg"], "type": error["type"]} for error in errors]


async def _not_found(_request: Request, error: Any) -> ProblemResponse:
    return problem(404, str(error), NOT_FOUND)


async def _conflict(_request: Request, error: Any) -> ProblemResponse:
    return problem(409, str(error), CONFLICT)


async def _overloaded(_request: Request, _error: Any) -> ProblemResponse:
    return failure_problem(Failure.POOL_EXHAUSTED)


async def _database_error(request: Request, error: Any) -> ProblemResponse:
    failure = classify(error)
    if failure is None:
        logger.error("%s failed", _name(request), exc_info=error)
        return problem(500, MISTAKE)
    if failure is Failure.MISCONFIGURED:
        message = "%s: the database is not set up for this service: %s. Run `app db check`."
        logger.critical(message, _name(request), error.orig)
    elif failure not in STATUSES:
        logger.error("%s: %s: %s", _name(request), failure.name, getattr(error, "orig", None) or error)
    return failure_problem(failure)


async def _read_only_session(request: Request, error: Any) -> ProblemResponse:
    logger.error("%s: %s", _name(request), error)
    return problem(500, MISTAKE)


def _name(request: Request) -> str:
    return f"{request.scope.get('method', 'WEBSOCKET')} {request.url.path}"


async def _unexpected(_request: Request, _error: Exception) -> ProblemResponse:
    # Starlette raises the exception again after this response, so that the server logs it.
    return problem(500, MISTAKE)
