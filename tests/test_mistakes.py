"""Mistakes that users make, each on purpose in an emptied project, are told by lint, types, a rule or the client."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.combinations import Combination
from tests.projects import Project, find_python
from tests.rendering import add_files, render
from tests.servers import new_database
from tests.updates import commit

PROJECTS = [
    Combination("postgresql", "async", "unit_of_work"),
    Combination("sqlite", "sync", "autocommit"),
    Combination("mysql", "async", "manual"),
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("combination", PROJECTS, ids=str, scope="module"),
]

ROUTES = {
    "writing-session": {"get_with_writing_session"},
    "dependency-scope": {"own_session"},
    "streaming-session": {"streams"},
    "waiting-session": {"waits"},
    "table-as-response": {"table"},
}
TABLES = {
    "not-imported": {"Forgotten"},
    "lazy-relation": {"Parent.children"},
    "naive-datetime": {"Wrong.due"},
    "inexact-float": {"Wrong.price"},
    "unknown-scale": {"Wrong.cost"},
    "enum-names": {"Wrong.colour"},
    "json-in-place": {"Wrong.tags"},
}
BROKEN = "BrokenPromise"


def expected_failures(combination: Combination) -> dict[str, str]:
    """Return the tests of wrong endpoints, and what the message of each failure contains."""
    manual = combination.session_strategy == "manual"
    autocommit = combination.session_strategy == "autocommit"
    failures = {
        "test_post[own-session-201]": "not-stored",
        "test_post[repository-commits-201]": "several-commits",
        "test_post[commits-in-the-middle-400]": "stored-and-failed",
        "test_post[forgets-201]": "Uncommitted" if manual else "not-stored",
        "test_post[swallows-201]": "failed-commit",
        "test_post[returns-error-400]": "stored-and-failed",
        "test_post[does-not-fit-201]": "ResponseValidationError" if autocommit else "stored-and-failed",
        "test_post[session-in-session-201]": "two-sessions",
        "test_get[get-writes]": "assert 500 == 200",
        "test_get[get-sends-sql]": "assert 500 == 200",
        "test_get[streams]": "closed",
        "test_get[gathers]": "assert 500 == 200",
        "test_get[own-engine]": "An engine connects to",
        "test_post_without_body[session-in-task-202]": "closed",
        "test_post_without_body[changes-authenticated-200]": "changed-in-vain",
        "test_post_without_body[changes-later-200]": "changed-in-vain",
        "test_post_without_body[two-dependencies-200]": "second session",
        "test_loads_each": "repeated-query",
        "test_turned_into_success": "failed-commit",
        "test_override_left": "The test left dependency_overrides",
    }
    if combination.concurrency == "sync":
        del failures["test_get[gathers]"]
    return failures


def expected_lint(combination: Combination) -> set[str]:
    codes = {"DTZ003", "DTZ005"}
    if combination.session_strategy != "manual":
        codes.add("BLE001")
    return codes | ({"ASYNC251"} if combination.concurrency == "async" else set())


@pytest.fixture(scope="module")
def project(combination: Combination, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """An emptied project with the mistakes, and the right way of each."""
    folder = tmp_path_factory.mktemp("mistakes")
    project = Project(render(folder / "project", **combination.answers).path)
    commit(project.path)
    project.install(find_python("3.13"))
    project.uv_run("python", "start_empty.py")
    make_mistakes(project, combination, folder / "template")
    with new_database(combination.database, "mistakes", folder) as database:
        project.uv_run("alembic", "revision", "--autogenerate", "--message", "tickets", DATABASE_URL=database.url)
    project.uv_run("python", "-W", "error", "-m", "tests.diagram")
    yield project
    project.remove()


def make_mistakes(project: Project, combination: Combination, template: Path) -> None:
    """Render `tests/mistakes` into the project, and include it there."""
    add_files(project.path, "mistakes", template, **combination.answers)
    main = project.path / "app/main.py"
    text = main.read_text().replace("import health\n", "import health, right, wrong\n")
    text = text.replace("(health,)", "(health, right, wrong)")
    main.write_text(text.replace("    return app\n", '    app.mount("/apart", wrong.apart)\n    return app\n', 1))
    imports = "from app.models.right import Owner, Ticket\nfrom app.models.wrong import Parent, Wrong\n\n"
    names = '__all__ = ["Owner", "Parent", "Ticket", "Wrong"]\n'
    models = project.path / "app/models/__init__.py"
    models.write_text(models.read_text().replace("__all__: list[str] = []\n", imports + names))


@pytest.fixture(scope="module")
def runs(combination: Combination, project: Project, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The messages of the project's failing tests, by name: without a server, and with one."""
    folder = tmp_path_factory.mktemp("reports")
    found = [run_tests(project, folder / "memory.xml")]
    if combination.database != "sqlite":
        with new_database(combination.database, "mistakes", folder) as database:
            found.append(run_tests(project, folder / "server.xml", TEST_DATABASE_URL=database.url))
    return found


def run_tests(project: Project, report: Path, **environment: str) -> dict[str, str]:
    names = ("copy", "documents", "right", "wrong", "proof", "rules")  # the last imports the forgotten table
    files = [f"tests/test_{name}.py" for name in names]
    project.try_to("uv", "run", "--no-sync", "pytest", "-q", f"--junit-xml={report}", *files, **environment)
    return {
        case.get("name", ""): f"{problem.get('message')}\n{problem.text}"
        for case in ElementTree.parse(report).iter("testcase")
        for problem in [*case.iterfind("failure"), *case.iterfind("error")]
    }


def test_client_finds_mistakes(combination: Combination, runs: list[dict[str, str]]) -> None:
    expected = expected_failures(combination)
    for failures in runs:
        others = {name: text for name, text in failures.items() if not name.endswith("_keep_rules")}
        unexpected = "\n".join(text[-2000:] for name, text in others.items() if name not in expected)
        assert others.keys() == expected.keys(), unexpected
        for name, part in expected.items():
            assert part in failures[name], f"{name}: {failures[name]}"


def test_rules_find_mistakes(combination: Combination, runs: list[dict[str, str]]) -> None:
    kind = "async-function" if combination.concurrency == "sync" else "sync-function"
    for failures in runs:
        assert rules_in(failures["test_endpoints_keep_rules"]) == ROUTES | {kind: {"wrong_kind"}}
        assert rules_in(failures["test_tables_keep_rules"]) == TABLES
        assert rules_in(failures["test_repositories_keep_rules"]) == {"repository-commits": {"create_now"}}


def rules_in(message: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, rule in re.findall(r'\("app\.\w+\.\w+\.([\w.]+)", "([a-z-]+)"\)', message):
        found.setdefault(rule, set()).add(name)
    return found


def test_lint_finds_mistakes(combination: Combination, project: Project) -> None:
    project.run("uv", "run", "--no-sync", "ruff", "format", "--quiet", "app", "tests")
    result = project.try_to("uv", "run", "--no-sync", "ruff", "check", "--output-format=concise", "app", "tests")
    found = set(re.findall(r"^app/routes/wrong\.py:\d+:\d+: (\w+)", result.output, re.MULTILINE))
    assert found - {"F401", "I001"} == expected_lint(combination)
    assert "right" not in result.output


def test_types_find_mistakes(combination: Combination, project: Project) -> None:
    result = project.try_to("uv", "run", "--no-sync", "mypy")
    assert "right" not in result.output
    assert ("[unused-coroutine]" in result.output) is (combination.concurrency == "async")
