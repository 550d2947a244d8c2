"""A proxy between a service and its database that cuts, refuses or stalls connections."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from tests.round_trips import PORTS, with_port
from tests.servers import Database


class Proxy:
    """Forwards connections; the service connects to `url`."""

    def __init__(self, database: Database) -> None:
        parts = urlsplit(database.url)
        self._server = (parts.hostname, parts.port or PORTS[parts.scheme])
        self._flowing = Event()
        self._flowing.set()
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._port = self._listener.getsockname()[1]
        self._parts = parts
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    @property
    def url(self) -> str:
        return with_port(self._parts, self._port)

    def cut(self) -> None:
        """Close every connection."""
        with self._lock:
            sockets, self._sockets = self._sockets, []
        for end in sockets:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def refuse(self) -> None:
        """Close every connection, and refuse new ones."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def accept_again(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=256)
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def hold(self) -> None:
        """Accept connections and data, but forward nothing."""
        self._flowing.clear()

    def release(self) -> None:
        self._flowing.set()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._flowing.wait()
        server = socket.create_connection(self._server)
        with self._lock:
            self._sockets += [client, server]
        for source, target in ((client, server), (server, client)):
            Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def open_proxy(database: Database) -> Iterator[Proxy]:
    proxy = Proxy(database)
    try:
        yield proxy
    finally:
        proxy.release()
        proxy.refuse()
