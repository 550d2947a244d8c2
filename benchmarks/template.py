"""Measures the template: creating a project, updating it, and starting it."""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

from copier.errors import DirtyLocalWarning

from benchmarks.contenders import Contender
from tests.combinations import Combination
from tests.updates import commit, git, lay_out, make_project, update


def measure_template(workspace: Path, contender: Contender, repeats: int = 3) -> dict[str, float]:
    """Return the seconds of a copy, of an update that switches an answer, and of a start until the first list."""
    warnings.simplefilter("ignore", DirtyLocalWarning)
    template = workspace / "template"
    lay_out(template)
    commit(template)
    git(template, "tag", "v0.1.0")
    copies, updates, starts = [], [], []
    for number in range(repeats):
        path = workspace / f"project-{number}"
        combination = Combination("postgresql", "async", "autocommit")
        copies.append(_seconds(lambda: make_project(template, path, combination)))  # noqa: B023
        project = make_project(template, workspace / f"updated-{number}", combination)
        updates.append(_seconds(lambda: update(project, concurrency="sync")))  # noqa: B023
        started = time.perf_counter()
        with contender.serve():
            starts.append(time.perf_counter() - started)
    return {
        name: round(median(seconds), 2)
        for name, seconds in {"copy": copies, "update": updates, "start until the first list": starts}.items()
    }


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
