"""Fixtures that render and install each combination once, and a summary with one line for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.combinations import COMBINATIONS, EVERYDAY, Combination
from tests.projects import TABLES, Project, Service, find_python
from tests.rendering import Rendered, render
from tests.servers import Database, new_database


@pytest.fixture(scope="session", autouse=True)
def mypy_cache(request: pytest.FixtureRequest, worker_id: str) -> Iterator[None]:
    """Share mypy's cache between projects and runs; mypy compares the files' contents."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MYPY_CACHE_DIR", str(request.config.cache.mkdir(f"mypy-{worker_id}")))
        yield


@pytest.fixture(scope="session", params=COMBINATIONS, ids=str)
def combination(request: pytest.FixtureRequest) -> Combination:
    return request.param


@pytest.fixture(scope="session")
def rendered(combination: Combination, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return render(tmp_path_factory.mktemp(str(combination)) / "project", **combination.answers)


@pytest.fixture(scope="session")
def project(combination: Combination, rendered: Rendered) -> Iterator[Project]:
    """The rendered project, installed in an environment of its own."""
    project = Project(rendered.path)
    project.install(find_python(combination.python))
    yield project
    project.remove()


@pytest.fixture(scope="session")
def running(combination: Combination, project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The project's service, started once on an empty database of its real server, with fifteen connections."""
    pool = {"DATABASE_POOL_SIZE": "5", "DATABASE_MAX_OVERFLOW": "10", "DATABASE_POOL_TIMEOUT": "10"}
    with (
        new_database(combination.database, str(combination), tmp_path_factory.mktemp("running")) as database,
        project.serve(DATABASE_URL=database.url, **pool) as client,
    ):
        yield Service(client, database)


@pytest.fixture
def service(running: Service) -> Iterator[Service]:
    """The running service, whose tables are empty."""
    yield running
    for table in TABLES:
        running.database.execute(f"DELETE FROM {table}")


@pytest.fixture
def database(combination: Combination, tmp_path: Path) -> Iterator[Database]:
    """An empty database on the combination's real server."""
    with new_database(combination.database, str(combination), tmp_path) as database:
        yield database


def pytest_itemcollected(item: pytest.Item) -> None:
    combination = item.callspec.params.get("combination") if hasattr(item, "callspec") else None
    if combination is None:
        return
    item.user_properties += [("combination", str(combination)), ("step", item.originalname.removeprefix("test_"))]
    item.add_marker("combination")
    if "project" in item.fixturenames and combination not in EVERYDAY:
        item.add_marker("slow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run long tests first, so that no worker runs one alone at the end."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("combination") is not None:
        return 1 if item.callspec.params["combination"] in EVERYDAY else 2
    return 0 if item.get_closest_marker("slow") is not None else 3


TOGETHER = ("tests/test_copying.py", "tests/test_updates.py")
"""Modules whose tests share fixtures that take long."""


class ByCombination(LoadScopeScheduling):
    """Gives all steps of a combination to one worker, which renders and installs it once.

    xdist's own groups need a suffix of the test's id, which pytest 9.2 no longer allows.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        if module in TOGETHER:
            return module
        return next((name for name in map(str, COMBINATIONS) if f"[{name}" in nodeid), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByCombination:
    return ByCombination(config, log)


# Outcomes by combination and step, and seconds by combination; under xdist the workers send the reports.
outcomes: dict[str, dict[str, set[str]]] = {}
seconds: dict[str, float] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    properties = dict(report.user_properties)
    if "combination" not in properties:
        return
    combination, step = properties["combination"], properties["step"]
    outcomes.setdefault(combination, {}).setdefault(step, set()).add(report.outcome)
    seconds[combination] = seconds.get(combination, 0) + report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not outcomes:
        return
    terminalreporter.section("combinations")
    for combination in map(str, COMBINATIONS):
        if combination in outcomes:
            failed = any("failed" in found for found in outcomes[combination].values())
            terminalreporter.write_line(_summarize(combination), red=failed)


def _summarize(combination: str) -> str:
    steps = outcomes[combination]
    line = f"{combination:<32}{seconds[combination]:5.0f} s"
    for outcome in ("failed", "skipped"):
        names = [step for step, found in steps.items() if outcome in found]
        if names:
            line += f"   {outcome}: {', '.join(names)}"
    passed = sum(found == {"passed"} for found in steps.values())
    return f"{line}   {passed} passed"
