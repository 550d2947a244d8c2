"""The suite of an emptied project fails when the code in app/db that keeps a promise is broken."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.combinations import Combination
from tests.projects import Project, find_python
from tests.rendering import render
from tests.updates import commit

pytestmark = pytest.mark.slow


class Mutation(NamedTuple):
    """A line of app/db that keeps a promise, how to break it, and the module of tests that must then fail."""

    promise: str
    test: str
    files: str
    pattern: str
    replacement: str


EACH = [
    Mutation("function scope", "session", "session.py", r', scope="function"', ""),
    Mutation("read-only", "read_sessions", "*.py", r'"read_only": True', '"read_only": False'),
    Mutation("limit", "overload", "request.py", r"database\.limit if .*? else nullcontext\(\)", "nullcontext()"),
    Mutation("one session", "dependencies", "request.py", r"if _SESSION in connection\.scope", "if False"),
    Mutation("closed session", "session", "database.py", r"close_resets_only=False", "close_resets_only=True"),
    Mutation("retry", "transactions", "retry.py", r"stop_after_attempt\(5\)", "stop_after_attempt(1)"),
    Mutation("retry of conflicts alone", "transactions", "retry.py", r"classify\(error\) in TRANSIENT", "True"),
    Mutation(
        "commit", "transactions", "database.py", r"yield session\n +(await )?session\.commit\(\)", "yield session"
    ),
]
# With auto-commit the answer is built before the commit.
EXPIRY = Mutation("answer without query", "session", "database.py", r"expire_on_commit=False", "expire_on_commit=True")
AUTOCOMMIT = [
    Mutation(
        "commit before the answer", "session", "session.py", r"(yield session)\n +await session\.commit\(\)", r"\1"
    ),
    Mutation(
        "rollback",
        "session",
        "session.py",
        r"        yield session\n        await session\.commit\(\)",
        "        try:\n            yield session\n        finally:\n            await session.commit()",
    ),
]
MANUAL = [
    EXPIRY,
    Mutation("forgotten commit", "session", "session.py", r"if session\.in_transaction\(\)", "if False"),
    Mutation(
        "rollback",
        "session",
        "session.py",
        r"        yield session\n(?=        if)",
        "        try:\n            yield session\n        finally:\n            await session.commit()\n",
    ),
]
UNIT_OF_WORK = [
    EXPIRY,
    Mutation(
        "rollback",
        "session",
        "database.py",
        r"        yield session\n        (await )?session\.commit\(\)",
        r"        try:\n            yield session\n        finally:\n            \1session.commit()",
    ),
]

MUTATIONS = {
    Combination("postgresql", "async", "autocommit"): EACH + AUTOCOMMIT,
    Combination("mysql", "async", "manual"): EACH + MANUAL,
    Combination("sqlite", "sync", "unit_of_work"): EACH + UNIT_OF_WORK,
}


@pytest.fixture(scope="module", params=MUTATIONS, ids=str)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    path = tmp_path_factory.mktemp("mutations") / "project"
    project = Project(render(path, **request.param.answers).path)
    project.install(find_python("3.12"))
    commit(project.path)
    project.uv_run("python", "start_empty.py")
    yield project
    project.remove()


def test_broken_promise_fails_suite(project: Project, request: pytest.FixtureRequest) -> None:
    passed = []
    mutations = MUTATIONS[request.node.callspec.params["project"]]
    project.uv_run("pytest", "-q", *sorted({f"tests/test_{mutation.test}.py" for mutation in mutations}))
    for mutation in mutations:
        texts = {path: path.read_text() for path in (project.path / "app/db").glob(mutation.files)}
        changed = {path: re.sub(mutation.pattern, mutation.replacement, text) for path, text in texts.items()}
        assert changed != texts, f"nothing to break: {mutation}"
        for path, text in changed.items():
            path.write_text(text)
        result = project.try_to("uv", "run", "--no-sync", "pytest", "-q", "-x", f"tests/test_{mutation.test}.py")
        # A test must fail. Only a wrong scope is refused earlier, when FastAPI sees the dependencies.
        if " failed" not in result.output and "DependencyScopeError" not in result.output:
            passed.append(mutation.promise)
        for path, text in texts.items():
            path.write_text(text)
    assert passed == []
