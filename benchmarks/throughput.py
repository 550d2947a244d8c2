"""Requests per second of all contenders in turn, in short rounds, so that other load affects them alike."""

import json
import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import permutations
from statistics import median
from typing import Any

from benchmarks.contenders import Contender, Request
from tests.rendering import REPOSITORY

GOOD = {"200", "201"}

AHEAD = 1.1
"""The ratio of requests per second from which a contender is ahead; smaller differences are noise."""


@dataclass(frozen=True)
class Plan:
    """How much to measure."""

    rows: int = 1000
    clients: int = 8
    rounds: int = 12
    seconds: float = 0.8
    tail_seconds: float = 2
    levels: tuple[int, ...] = (1, 8, 32, 128)
    sizes: tuple[int, ...] = (100, 1_000, 10_000, 100_000, 1_000_000)
    seeds: tuple[int, ...] = (1_000, 10_000, 100_000)


QUICK = Plan(rounds=2, seconds=0.5, tail_seconds=0.5, levels=(1, 8), sizes=(100, 1_000), seeds=(1_000,))


def load(port: int, request: Request, rows: int, clients: int, seconds: float) -> dict[str, Any]:
    """Send a load from a new process, and return its results."""
    method, path, body = request
    options = {
        "port": port,
        "method": method,
        "path": path,
        "body": body,
        "rows": rows,
        "clients": clients,
        "seconds": seconds,
    }
    command = [sys.executable, "-m", "benchmarks.client", json.dumps(options)]
    output = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=600).stdout
    result: dict[str, Any] = json.loads(output)
    statuses = result.pop("statuses")
    if not GOOD.issuperset(statuses):
        sys.exit(f"{method} {path} returned {statuses}")
    return result


def compare(contenders: Iterable[Contender], plan: Plan, base: str = "floor") -> dict[str, dict[str, Any]]:
    """Return the median requests per second and the share of the base's, by kind of request and contender."""
    with ExitStack() as stack:
        ports = {contender: stack.enter_context(contender.serve()) for contender in contenders}
        kinds = dict.fromkeys(kind for contender in ports for kind in contender.requests)
        results: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
        for kind in kinds:
            racing = {contender: port for contender, port in ports.items() if kind in contender.requests}
            for contender, port in racing.items():
                load(port, contender.requests[kind], plan.rows, plan.clients, plan.seconds)
            rounds = [
                {
                    contender.name: load(port, contender.requests[kind], plan.rows, plan.clients, plan.seconds)
                    for contender, port in racing.items()
                }
                for _ in range(plan.rounds)
            ]
            for contender in racing:
                figures = [found[contender.name]["per_second"] for found in rounds]
                shares = [found[contender.name]["per_second"] / found[base]["per_second"] for found in rounds]
                results[kind][contender.name] = {
                    "per_second": round(median(figures)),
                    "lowest": round(min(figures)),
                    "highest": round(max(figures)),
                    f"share_of_{base}": round(median(shares), 3),
                }
    return results


def find_overtaken(before: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> list[str]:
    """Return the contenders that were ahead of another before and are behind it now."""
    return [
        f"{kind}: {first} was ahead of {second}, and is behind it"
        for kind in before
        for first, second in permutations(before[kind], 2)
        if _is_ahead(before[kind], first, second) and _is_ahead(now.get(kind, {}), second, first)
    ]


def _is_ahead(found: dict[str, Any], first: str, second: str) -> bool:
    return first in found and second in found and found[first]["per_second"] > AHEAD * found[second]["per_second"]
