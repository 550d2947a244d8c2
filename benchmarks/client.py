"""A load generator: sends one kind of request over some connections for some seconds, and prints the results.

It runs in its own process and speaks minimal HTTP/1.1 on raw sockets, because it shares the machine with the service.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from itertools import count


@dataclass
class Load:
    """What to send: `{number}` in the path becomes a random number up to `rows`, `{unique}` in the body a new name."""

    port: int
    method: str
    path: str
    body: str
    rows: int
    clients: int
    seconds: float
    numbers: count = field(default_factory=lambda: count(random.getrandbits(48) << 16))
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def next_request(self) -> bytes:
        body = self.body.replace("{unique}", f"Hero {next(self.numbers):x}").encode()
        path = self.path.replace("{number}", str(random.randint(1, self.rows)))
        head = f"{self.method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body


class Client(asyncio.Protocol):
    """One connection, which sends its next request after each response."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.done = asyncio.get_running_loop().create_future()
        self.unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def start(self, deadline: float) -> None:
        self.deadline = deadline
        self.send()

    def send(self) -> None:
        self.started = time.perf_counter()
        if self.started >= self.deadline:
            self.transport.close()
            return
        self.transport.write(self.load.next_request())

    def data_received(self, data: bytes) -> None:
        self.unread += data
        head, separator, body = self.unread.partition(b"\r\n\r\n")
        if not separator:
            return
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        if len(body) < length:
            return
        self.unread = b""
        self.load.latencies.append(time.perf_counter() - self.started)
        status = int(lines[0].split()[1])
        self.load.statuses[status] = self.load.statuses.get(status, 0) + 1
        self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def run(load: Load) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    clients = []
    for _ in range(load.clients):
        _, client = await loop.create_connection(lambda: Client(load), "127.0.0.1", load.port)
        clients.append(client)
    # Connect all clients before any sends; otherwise connecting would count as latency of the requests.
    started = time.perf_counter()
    for client in clients:
        client.start(started + load.seconds)
    await asyncio.wait_for(asyncio.gather(*(client.done for client in clients)), load.seconds + 60)
    elapsed = time.perf_counter() - started
    latencies = sorted(load.latencies)
    return {
        "per_second": round(len(latencies) / elapsed, 1),
        "p50_ms": round(1000 * latencies[len(latencies) // 2], 2),
        "p99_ms": round(1000 * latencies[int(len(latencies) * 0.99)], 2),
        "statuses": load.statuses,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(Load(**json.loads(sys.argv[1]))))))
