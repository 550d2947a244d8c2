"""A proxy between a service and its database that counts round trips."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from urllib.parse import SplitResult, urlsplit

from tests.servers import Database

PORTS = {"postgresql": 5432, "mysql": 3306}


class ReadyForQuery:
    """Counts the ReadyForQuery messages of a PostgreSQL server, which end each of its answers."""

    from_server = True

    def __init__(self) -> None:
        self._unread = b""

    def count(self, data: bytes) -> int:
        self._unread += data
        found = 0
        while len(self._unread) >= 5:
            # A type byte and a length, which includes itself but not the type byte.
            end = 1 + int.from_bytes(self._unread[1:5])
            if len(self._unread) < end:
                break
            found += self._unread[:1] == b"Z"
            self._unread = self._unread[end:]
        return found


class Commands:
    """Counts the packets of a MySQL client that begin a command."""

    from_server = False

    def __init__(self) -> None:
        self._unread = b""

    def count(self, data: bytes) -> int:
        self._unread += data
        found = 0
        while len(self._unread) >= 4:
            # A length and a sequence number; packets of the handshake continue the server's numbers.
            end = 4 + int.from_bytes(self._unread[:3], "little")
            if len(self._unread) < end:
                break
            found += self._unread[3] == 0
            self._unread = self._unread[end:]
        return found


@dataclass
class Counter:
    """The round trips so far, and the URL to connect to."""

    url: str
    round_trips: int = 0

    def during(self, work: Callable[[], object]) -> int:
        before = self.round_trips
        work()
        return self.round_trips - before


@contextmanager
def count_round_trips(database: Database) -> Iterator[Counter]:
    """Forward unencrypted connections from the counter's URL to the database until the block ends."""
    parts = urlsplit(database.url)
    server = (parts.hostname, parts.port or PORTS[parts.scheme])
    protocol = ReadyForQuery if parts.scheme == "postgresql" else Commands
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        counter = Counter(with_port(parts, listener.getsockname()[1]))

        def pump(source: socket.socket, target: socket.socket, messages: ReadyForQuery | Commands | None) -> None:
            with suppress(OSError):
                while data := source.recv(65536):
                    if messages is not None:
                        counter.round_trips += messages.count(data)
                    target.sendall(data)
            for end in (source, target):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client = stack.enter_context(listener.accept()[0])
                    upstream = stack.enter_context(socket.create_connection(server))
                    for side in (client, upstream):
                        side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for source, target, counted in (
                        (client, upstream, not protocol.from_server),
                        (upstream, client, protocol.from_server),
                    ):
                        Thread(target=pump, args=(source, target, protocol() if counted else None), daemon=True).start()

        thread = Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield counter
        finally:
            # Closing the listener would leave the thread waiting.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def with_port(parts: SplitResult, port: int) -> str:
    user = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()
