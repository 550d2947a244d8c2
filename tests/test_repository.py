"""The template repository itself: its questions, its file names, its README and its CI."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from benchmarks.throughput import find_overtaken
from tests.combinations import COMBINATIONS, CONCURRENCIES, DATABASES, STRATEGIES, Combination
from tests.projects import Project, free_port, kill, open_client, wait_until_ready
from tests.rendering import REPOSITORY, TEMPLATE, read_tree
from tests.test_rendering import JINJA

CHOICES = {"database": DATABASES, "concurrency": CONCURRENCIES, "session_strategy": STRATEGIES}


def load(path: str) -> dict[str, object]:
    return yaml.safe_load((REPOSITORY / path).read_text())


def readme_block(heading: str) -> str:
    """Return the commands of README.md's first `sh` block below a heading."""
    found = re.search(rf"^## {heading}\n.*?^```sh\n(.*?)^```", (REPOSITORY / "README.md").read_text(), re.M | re.S)
    assert found, f"README.md has no ```sh block below '## {heading}'"
    return found[1].strip()


def test_choices() -> None:
    """The tests know all choices of all questions."""
    questions = {name: question for name, question in load("copier.yml").items() if "choices" in question}
    assert {name: set(question["choices"].values()) for name, question in questions.items()} == {
        name: set(choices) for name, choices in CHOICES.items()
    }
    assert len(COMBINATIONS) == 18


def test_every_question_has_help_and_default() -> None:
    questions = {name: question for name, question in load("copier.yml").items() if not name.startswith("_")}
    asked = {name for name, question in questions.items() if question.get("when") is not False}
    assert asked == {"project_name", *CHOICES}
    assert [name for name in asked if not {"help", "default"} <= questions[name].keys()] == []


def test_needs_no_trust() -> None:
    assert not {"_tasks", "_migrations", "_jinja_extensions", "_external_data"} & load("copier.yml").keys()


def test_suffix() -> None:
    """A file has the suffix if and only if it holds Jinja; names hold none."""
    files = read_tree(TEMPLATE)
    assert [name for name, text in files.items() if bool(JINJA.search(text)) != name.endswith(".jinja")] == []
    assert [name for name in files if JINJA.search(name)] == []


def test_workflow_runs_every_combination() -> None:
    jobs = load(".github/workflows/ci.yml")["jobs"]
    matrix = jobs["combination"]["strategy"]["matrix"]
    assert {name: set(matrix[name]) for name in CHOICES} == {name: set(choices) for name, choices in CHOICES.items()}
    assert matrix.keys() == CHOICES.keys()
    fields = Combination(*(f"${{{{ matrix.{name} }}}}" for name in CHOICES))
    commands = [step.get("run", "") for step in jobs["combination"]["steps"]]
    assert f'bash .ci/run -k "{fields}"' in commands
    assert 'bash .ci/run -m "not combination"' in [step.get("run", "") for step in jobs["repository"]["steps"]]
    assert jobs["combination"]["services"] == jobs["repository"]["services"]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    command = readme_block("Test").splitlines()[-1]
    assert command == "uv run pytest"
    assert f'{command} "$@"' in (REPOSITORY / ".ci/run").read_text().splitlines()


@pytest.mark.slow
def test_start(tmp_path: Path) -> None:
    """README's first commands give a service that answers."""
    get_uv, commands = readme_block("Start").split("\n", 1)
    assert get_uv == "python3 -m pip install uv"  # which is here already, or these tests would not run
    commands = commands.replace("../hero-service", shlex.quote(str(tmp_path / "hero-service")))
    # A clone may have tags; what is tested is the present state.
    commands = commands.replace("copier copy", "copier copy --vcs-ref HEAD")
    port = free_port()
    process = Project(REPOSITORY).start(shutil.which("bash"), "-euxc", commands, PORT=str(port), CI="true")
    try:
        with open_client(port) as client:
            wait_until_ready(client, process, seconds=120)
            assert client.post("/heroes", json={"name": "Batman", "secret_name": "Bruce Wayne"}).status_code == 201
            assert client.get("/heroes").json()["total"] == 1
    finally:
        kill(process)


def test_benchmarks_tell_which_contenders_changed_places() -> None:
    """Only those that were clearly ahead in each run: the others come out this way or that."""

    def run(**figures: int) -> dict[str, dict[str, dict[str, int]]]:
        return {"get": {name: {"per_second": figure} for name, figure in figures.items()}}

    before = run(floor=500, plain=120, tutorial=100)
    assert find_overtaken(before, run(floor=300, plain=60, tutorial=50)) == []
    assert find_overtaken(before, run(floor=300, plain=50, tutorial=54)) == []
    assert find_overtaken(before, run(floor=300, plain=50, tutorial=60)) == [
        "get: plain was ahead of tutorial, and is behind it"
    ]
