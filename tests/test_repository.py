"""The template repository itself: its questions, its file names, its README and its CI."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from benchmarks.__main__ import PARTS
from benchmarks.throughput import find_overtaken
from tests.combinations import COMBINATIONS, CONCURRENCIES, DATABASES, STRATEGIES, Combination
from tests.projects import Project, free_port, kill, open_client, wait_until_ready
from tests.rendering import REPOSITORY, TEMPLATE, read_tree
from tests.test_rendering import JINJA

CHOICES = {"database": DATABASES, "concurrency": CONCURRENCIES, "session_strategy": STRATEGIES}


DOCUMENTS = {
    path.relative_to(REPOSITORY).as_posix(): path.read_text()
    for path in (
        *REPOSITORY.glob("*.md"),
        *(REPOSITORY / "docs").rglob("*.md"),
        REPOSITORY / "benchmarks/README.md",
    )
}
DECISIONS = sorted(name for name in DOCUMENTS if re.match(r"docs/decisions/\d", name))
CURRENT = {
    name: text for name, text in DOCUMENTS.items() if name != "CHANGELOG.md" and "Status: Superseded" not in text
}
"""Documents that speak of the present state only."""


def prose(text: str) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)


def commands(text: str) -> str:
    """Return the `sh` blocks of a document, and what it has in backticks."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", prose(text))])


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


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


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    """Relative links name files that exist, and anchors that their headings have."""
    broken = []
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(DOCUMENTS[name])):
        path, _, anchor = link.partition("#")
        target = (REPOSITORY / name).parent / path if path else REPOSITORY / name
        if not target.is_file() or (anchor and anchor not in anchors(target.read_text())):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", CURRENT)
def test_files_that_documents_name_exist(name: str) -> None:
    """A path in backticks is one of this repository, of its parts, of a project, or beside the document."""
    named = re.findall(r"`([\w./-]+(?:\.(?:py|jinja|md|toml|ya?ml|json|svg)|/))`", prose(CURRENT[name]))
    roots = (REPOSITORY, REPOSITORY / "parts", TEMPLATE, (REPOSITORY / name).parent)
    missing = [
        path
        for path in named
        if not any((root / f"{path}{suffix}").exists() for root in roots for suffix in ("", ".jinja"))
    ]
    assert missing == []


@pytest.mark.parametrize("name", CURRENT)
def test_commands_that_documents_name_exist(name: str) -> None:
    """Subcommands, parts of the benchmarks and answers are those that there are."""
    text = commands(CURRENT[name])
    cli = (TEMPLATE / "app/cli.py.jinja").read_text()
    known = set(re.findall(r"^@db\.command\(.*\)\ndef (\w+)\(", cli, re.MULTILINE))
    assert len(known) == 6
    assert set(re.findall(r"\bapp db (\w+)", text)) <= known
    assert set(re.findall(r"-m benchmarks --only (\w+)", text)) <= set(PARTS)
    answers = re.findall(r"--data (\w+)=(\w+)", text)
    assert [answer for answer in answers if answer[1] not in CHOICES[answer[0]]] == []
    assert [path for path in re.findall(r"\bbash (\S+)", text) if not (REPOSITORY / path).is_file()] == []
    assert set(re.findall(r"\buvx copier (\w+)", text)) <= {"copy", "recopy", "update"}


def test_readme_names_the_documents_of_a_project() -> None:
    pages = {path.name.removesuffix(".jinja") for path in (TEMPLATE / "docs").glob("*")}
    listed = re.search(r"^docs/\n((?:  .*\n)+)", DOCUMENTS["README.md"], re.MULTILINE)
    assert listed
    if pages:
        assert {line.split()[0] for line in listed[1].splitlines()} == pages


def test_readme_lists_few_limits() -> None:
    """The rest is in docs/limits.md."""
    assert DOCUMENTS["README.md"].partition("\n## Limits\n")[2].count("\n- ") <= 7


def test_decisions() -> None:
    """Each record has its number, a date and a status, and a line in the index that agrees."""
    index = DOCUMENTS["docs/decisions/README.md"]
    assert [Path(name).name[:4] for name in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    for name in DECISIONS:
        head = re.match(
            r"# (\d{4})\. (.+)\n\n- Date: (\d{4}-\d\d-\d\d)\n"
            r"- Status: (Accepted(?:; superseded in part by \[\d{4}\]\(\S+\.md\))?"
            r"|Superseded by \[\d{4}\]\(\S+\.md\))(.*)\n\n",
            DOCUMENTS[name],
        )
        assert head, name
        number, title, date, status, rest = head.groups()
        file = Path(name).name
        assert file.startswith(number)
        assert f"| [{number}]({file}) | {title} | {date} | {status} |" in index
        for superseded in re.findall(r"supersedes \[\d{4}\]\((\S+)\)", rest):
            assert f"Superseded by [{number}]({file})" in DOCUMENTS[f"docs/decisions/{superseded}"]


def test_breaking_changes_say_how_to_find_them() -> None:
    """Each of the newest section says what to do, and has commands that find what is affected."""
    newest = DOCUMENTS["CHANGELOG.md"].split("\n## ")[1]
    found = re.search(r"^### Breaking\n(.*?)(?=^### |\Z)", newest, re.MULTILINE | re.DOTALL)
    for item in re.split(r"^- ", found[1], flags=re.MULTILINE)[1:] if found else []:
        assert "```sh\n" in item, item


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
