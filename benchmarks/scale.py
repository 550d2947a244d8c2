"""Measures a service with more clients, more workers and more rows."""

import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.contenders import HEROES, Contender, run
from benchmarks.throughput import Plan, load
from tests.projects import clean_environment
from tests.servers import Database

FILL = """
    INSERT INTO hero (name, secret_name, age, created_at, updated_at)
    SELECT 'Filler ' || n, 'x', 30, now(), now() FROM generate_series((SELECT count(*) FROM hero) + 1, {rows}) AS n
"""


def measure_tail(contender: Contender, plan: Plan) -> dict[str, Any]:
    """Return requests per second, p50 and p99 in milliseconds, by workers, kind of request and clients."""
    results: dict[str, Any] = {}
    for workers in (1, 2):
        with contender.serve(workers) as port:
            for kind, request in HEROES.items():
                load(port, request, plan.rows, 8, plan.tail_seconds / 2)
                results.setdefault(f"{workers} workers", {})[kind] = {
                    f"{clients} clients": load(port, request, plan.rows, clients, plan.tail_seconds)
                    for clients in plan.levels
                }
    return results


def measure_list(contender: Contender, database: Database, plan: Plan) -> dict[str, Any]:
    """Return the median milliseconds of one client's first and last pages, by rows in the table."""
    results: dict[str, Any] = {}
    with contender.serve(DATABASE_STATEMENT_TIMEOUT="60") as port:
        database.execute("DELETE FROM hero")
        for rows in plan.sizes:
            database.execute(FILL.format(rows=rows))
            database.execute("VACUUM ANALYZE hero")
            before_last = database.execute(f"SELECT id FROM hero ORDER BY id OFFSET {rows - 21} LIMIT 1")[0][0]
            results[f"{rows} rows"] = {
                name: load(port, ("GET", path, ""), rows, 1, plan.seconds)["p50_ms"]
                for name, path in {
                    "first page": "/heroes?offset=0&limit=20",
                    "last page by offset": f"/heroes?offset={rows - 20}&limit=20",
                    "last page by id": f"/heroes?after={before_last}&limit=20",
                }.items()
            }
    return results


def measure_seed(contender: Contender, database: Database, plan: Plan) -> dict[str, Any]:
    """Return rows per second and peak memory in MiB of `app db seed`, by number of heroes."""
    results: dict[str, Any] = {}
    for heroes in plan.seeds:
        database.execute("DELETE FROM hero")
        started = time.perf_counter()
        peak = _peak_memory(
            [str(contender.python.parent / "app"), "db", "seed", "--heroes", str(heroes)],
            contender.directory,
            contender.environment,
        )
        seconds = time.perf_counter() - started
        found = database.execute("SELECT count(*) FROM hero")[0][0]
        assert found == heroes, f"{found} heroes instead of {heroes}"
        results[f"{heroes} heroes"] = {"per_second": round(heroes / seconds), "peak_mib": round(peak / 2**20)}
    return results


def prepare(contender: Contender, database: Database, rows: int) -> None:
    """Create the tables and rows that all contenders begin with, and vacuum them."""
    app = contender.python.parent / "app"
    run(app, "db", "upgrade", directory=contender.directory, **contender.environment)
    run(app, "db", "seed", "--heroes", str(rows), directory=contender.directory, **contender.environment)
    database.execute("VACUUM ANALYZE")


def _peak_memory(command: list[str], directory: Path, environment: dict[str, str]) -> int:
    """Run a command, and return its peak memory in bytes."""
    peaks = [0]
    process = subprocess.Popen(command, cwd=directory, env=clean_environment(**environment), stdout=subprocess.DEVNULL)

    def watch() -> None:
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            lines = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
            peaks.extend(int(line.split()[1]) * 1024 for line in lines)
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait(600)
    watcher.join()
    assert status == 0, f"{command} ended with status {status}"
    return max(peaks)
