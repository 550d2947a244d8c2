"""The client of the fixture `client`, which proves that each request that a test sends keeps the promises.

A request that may write is sent twice: first with commits that fail, so that nothing is stored, and then in earnest.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.allowed import is_allowed
from tests.ledger import ADVICE, SAFE, Ledger, current


class BrokenPromise(AssertionError):
    """A request broke a promise. The message names the request, what it did, and what to do."""


class ProvingClient(TestClient):
    """A client that raises BrokenPromise, and the exceptions of the application."""

    app: FastAPI

    def __init__(self, app: FastAPI) -> None:
        self.proof = Proof(app)
        super().__init__(self.proof)
        self.app = app


@contextmanager
def unchecked(client: TestClient) -> Iterator[None]:
    """Send requests once, without checks: for what must not happen twice, such as a call of another service."""
    assert isinstance(client, ProvingClient), "only the fixture `client` checks requests"
    client.proof.active = False
    try:
        yield
    finally:
        client.proof.active = True


class Proof:
    """The application, between the client and itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.active = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.active or scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope.get("method", "GET") not in SAFE:
            messages = [await receive()]
            while messages[-1].get("more_body"):
                messages.append(await receive())
            with _no_logging():
                await self._judge(dict(scope), _replay(messages, receive), _ignore, failing=True)
            receive = _replay(messages, receive)
        await self._judge(scope, receive, send, failing=False)

    async def _judge(self, scope: Scope, receive: Receive, send: Send, *, failing: bool) -> None:
        """Pass a request to the application. Raise BrokenPromise if it breaks a promise.

        The application's exceptions are raised only if the request was sent in earnest.
        """
        ledger, method = Ledger(failing=failing), scope.get("method", "WEBSOCKET")
        broken: list[str] = []
        cause = None

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                broken.extend(ledger.judge_answer(method, message["status"]))
            await send(message)

        token = current.set(ledger)
        try:
            await self.app(scope, receive, note)
        except Exception as error:  # noqa: BLE001  it is raised below
            cause = error
        finally:
            current.reset(token)
        broken += ledger.judge_rest()
        endpoint = scope.get("endpoint")
        name = f"{endpoint.__module__}.{endpoint.__qualname__}" if endpoint else scope["path"]
        for promise in broken:
            if not is_allowed(name, promise):
                done, advice = ADVICE[promise]
                raise BrokenPromise(
                    f"{method} {scope['path']} {done}.\n{advice}\n"
                    f'If this is meant, add ("{name}", "{promise}") to tests/allowed.py.'
                ) from cause
        if cause is not None and not failing:
            raise cause


@contextmanager
def _no_logging() -> Iterator[None]:
    """Log nothing, because the failure is made."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


def _replay(messages: list[Message], receive: Receive) -> Receive:
    """Return a `receive` that returns the messages of a request again, and then the client's."""
    remaining = iter(messages)

    async def replay() -> Message:
        return next(remaining, None) or await receive()

    return replay


async def _ignore(_message: Message) -> None:
    pass


class CommittingClient(TestClient):
    """A client that receives the answers to exceptions, and raises those that the application can't answer any more."""

    app: FastAPI

    def __init__(self, app: FastAPI) -> None:
        super().__init__(_Answered(app))
        self.app = app


class _Answered:
    """The application without the exceptions that were answered by a 5xx."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception:
            if status < 500:
                raise
