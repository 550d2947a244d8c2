"""Measure, print, and write results.json and results.svg after each part."""

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.contenders import PYTHON, Contender, handwritten, our_contender, our_project, published
from benchmarks.plot import draw
from benchmarks.scale import measure_list, measure_seed, measure_tail, prepare
from benchmarks.template import measure_template
from benchmarks.throughput import QUICK, Plan, compare, find_overtaken
from tests.releases import find_releases
from tests.rendering import REPOSITORY
from tests.servers import Database, new_database, require_server

PARTS = ("throughput", "h11", "release", "tail", "list", "seed", "template")
COMPARISONS = ("throughput", "h11")
HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure briefly, to check that everything works")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part; may be repeated")
    parser.add_argument("--output", type=Path, default=HERE, help="where to write the results (default: benchmarks/)")
    options = parser.parse_args()
    options.output.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as workspace:
        for part, found in measure(Path(workspace), QUICK if options.quick else Plan(), options.only or PARTS):
            print_part(part, found)
            save(options.output, part, found)


def save(folder: Path, part: str, found: dict[str, Any]) -> None:
    """Write the results into results.json, beside the other parts, and draw the throughput.

    For a comparison, also print which contenders changed their order since the earlier results.
    """
    path = folder / "results.json"
    results: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    if part in COMPARISONS and part in results:
        overtaken = find_overtaken(results[part]["found"], found)
        print(f"\nCompared with {results[part]['measured']}:", *overtaken or ["the same order"], sep="\n  ")
    results[part] = {"machine": machine(), "measured": f"{datetime.now(UTC):%Y-%m-%d}", "found": found}
    path.write_text(json.dumps(results, indent=2) + "\n")
    if part == "throughput":
        caption = f"{results[part]['machine']}, {results[part]['measured']}"
        (folder / "results.svg").write_text(draw(found, caption))


def measure(workspace: Path, plan: Plan, parts: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Render, install and start the services, and measure the requested parts in turn."""
    with ExitStack() as stack:

        def new(label: str) -> Database:
            return stack.enter_context(new_database("postgresql", f"benchmark_{label}", workspace))

        def ours(concurrency: str) -> tuple[Contender, Database]:
            database = new(concurrency)
            contender = our_contender(f"ours {concurrency}", paths[concurrency], database)
            prepare(contender, database, plan.rows)
            return contender, database

        def releases(concurrency: str) -> dict[str, dict[str, Any]]:
            """Compare the working tree with the last release, or a release with the one before it."""
            contender, original = ours(concurrency)
            unreleased = "## Unreleased" in (REPOSITORY / "CHANGELOG.md").read_text()
            version, commit = find_releases()[-1 if unreleased else -2]
            database = new(f"{concurrency}_{version.replace('.', '_')}")
            copy(original, database)
            released = our_contender(version, our_project(workspace, concurrency, commit), database)
            found = compare([released, contender], plan, base=version)
            return {f"{concurrency} {kind}": figures for kind, figures in found.items()}

        paths = {concurrency: our_project(workspace, concurrency) for concurrency in ("async", "sync")}
        steps: dict[str, Callable[[], Any]] = {
            "throughput": lambda: compare(contenders(workspace, plan, new, ours), plan),
            "h11": lambda: compare([each.on_h11() for each in contenders(workspace, plan, new, ours)], plan),
            "release": lambda: releases("async") | releases("sync"),
            "tail": lambda: measure_tail(ours("async")[0], plan),
            "list": lambda: measure_list(*ours("async"), plan),
            "seed": lambda: measure_seed(*ours("async"), plan),
            "template": lambda: measure_template(workspace, ours("async")[0]),
        }
        for part in parts:
            yield part, steps[part]()


def contenders(
    workspace: Path,
    plan: Plan,
    new: Callable[[str], Database],
    ours: Callable[[str], tuple[Contender, Database]],
) -> list[Contender]:
    """Return all contenders on databases with the same rows; the published generator uses its own table."""
    async_contender, original = ours("async")
    copies = {}
    for name in ("floor", "tutorial", "plain"):
        copies[name] = new(name)
        copy(original, copies[name])
    sync_contender, _ = ours("sync")
    rivals = [*handwritten(workspace, copies), published(workspace, new("published"), plan.rows)]
    return [*rivals, async_contender, sync_contender]


def copy(original: Database, database: Database) -> None:
    source, name = (urlsplit(each.url).path.strip("/") for each in (original, database))
    server = require_server("postgresql")
    server.execute(f"DROP DATABASE {name}")
    server.execute(f"CREATE DATABASE {name} TEMPLATE {source}")


def machine() -> str:
    """Return the machine's processor, number of cores, and versions."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        models = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        model = models[0].partition(":")[2].strip() if models else model
    server = require_server("postgresql").execute("SHOW server_version")[0][0].split()[0]
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {PYTHON}, PostgreSQL {server}"


def print_part(part: str, found: dict[str, Any]) -> None:
    print(f"\n{part}")
    for name, figures in found.items():
        rows = figures.items() if isinstance(figures, dict) else [("", figures)]
        for inner, values in rows:
            cells = values.items() if isinstance(values, dict) else [("", values)]
            print(f"  {name:<16}{inner:<18}" + "  ".join(f"{label} {value}".strip() for label, value in cells))


if __name__ == "__main__":
    main()
