"""The files around the code: container, CI, dependency updates, hooks. No test needs a container engine."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.combinations import EVERYDAY, Combination
from tests.containers import Image, build
from tests.projects import Project, free_port, kill, open_client, wait_until_ready
from tests.rendering import Rendered, render
from tests.servers import Database

TOOLS = Path(sys.executable).parent

LINTERS = {
    "Dockerfile": [["hadolint"]],
    "compose.yaml": [["check-jsonschema", "--builtin-schema=vendor.compose-spec"]],
    ".github/dependabot.yml": [["check-jsonschema", "--builtin-schema=vendor.dependabot"]],
    ".github/workflows/ci.yml": [
        ["check-jsonschema", "--builtin-schema=vendor.github-workflows"],
        ["check-jsonschema", "--builtin-schema=custom.github-workflows-require-timeout"],
        ["zizmor", "--offline", "--strict-collection"],
    ],
}


@cache
def complaints(linter: tuple[str, ...], name: str, text: str) -> str:
    """Return a linter's findings in a file; cached, because several combinations share its text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        result = subprocess.run([TOOLS / linter[0], *linter[1:], path], capture_output=True, text=True, check=False)
    return "" if result.returncode == 0 else result.stdout + result.stderr


@pytest.mark.parametrize("name", LINTERS)
def test_linters_find_nothing(combination: Combination, rendered: Rendered, name: str) -> None:
    if name == "compose.yaml" and combination.database == "sqlite":
        assert name not in rendered.files
        return
    for linter in LINTERS[name]:
        assert complaints(tuple(linter), name, rendered.files[name]) == ""


def test_development_credentials_match(combination: Combination, rendered: Rendered) -> None:
    """compose.yaml and CI use the credentials of the settings and the README."""
    if combination.database == "sqlite":
        return
    constants = dict(re.findall(r'^(\w+) = f?"(.*)"', rendered.files["app/settings.py"], re.MULTILINE))
    url = constants["DEVELOPMENT_URL"].format(**constants)
    services = yaml.safe_load(rendered.files["compose.yaml"])["services"]
    jobs = yaml.safe_load(rendered.files[".github/workflows/ci.yml"])["jobs"]
    assert url_of(services["database"], combination) == url
    assert services["app"]["environment"]["DATABASE_URL"] == re.sub(r"@[^/]+", f"@database:{port(url)}", url)
    test_url = url_of(services["test-database"], combination)
    assert f"TEST_DATABASE_URL={test_url} " in rendered.files["README.md"]
    assert url_of(jobs["test"]["services"]["database"], combination) == jobs["test"]["env"]["TEST_URL"]
    assert jobs["test"]["services"]["database"]["image"] == services["database"]["image"]


def url_of(service: dict, combination: Combination) -> str:
    variables = service.get("environment") or service["env"]
    if "MYSQL_ROOT_PASSWORD" in variables:
        variables = {"MYSQL_USER": "root", "MYSQL_PASSWORD": variables["MYSQL_ROOT_PASSWORD"], **variables}
    user, password, name = (
        next(value for key, value in variables.items() if re.fullmatch(rf"(POSTGRES|MYSQL)_{kind}", key))
        for kind in ("USER", "PASSWORD", "(DB|DATABASE)")
    )
    number = service["ports"][0].split(":")[-2]
    return f"{combination.database}://{user}:{password}@127.0.0.1:{number}/{name}"


def port(url: str) -> str:
    return re.search(r":(\d+)/", url)[1]


def test_hooks_match_ci(rendered: Rendered) -> None:
    hooks = yaml.safe_load(rendered.files[".pre-commit-config.yaml"])["repos"][0]["hooks"]
    steps = yaml.safe_load(rendered.files[".github/workflows/ci.yml"])["jobs"]["lint"]["steps"]
    commands = [found[0].split() for step in steps if (found := re.search(r"\buv run .*", step.get("run", "")))]
    programs = [[word for word in command if not word.startswith("--")] for command in commands]
    entries = [[word for word in hook["entry"].split() if not word.startswith("--")] for hook in hooks]
    assert entries == [["uv", "lock"], *programs]


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that other users may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.parametrize("combination", EVERYDAY, ids=str, indirect=True)
def test_image_migrates_serves_and_is_healthy(
    combination: Combination, database: Database, root: Path, tmp_path: Path
) -> None:
    """The Dockerfile's commands build a service that runs as an unprivileged user."""
    project = Project(render(tmp_path / "project", **combination.answers).path)
    project.run("uv", "lock", "--quiet")
    (project.path / ".env").write_text("DATABASE_URL=not-for-the-image")
    image = build(project.path, root / "image")
    assert sorted(path.name for path in image.locate("/srv").iterdir()) == [
        ".venv",
        "README.md",
        "app",
        "migrations",
        "pyproject.toml",
        "uv.lock",
    ]
    assert not (image.locate("/srv") / ".venv/bin/pytest").exists()
    assert image.user != "0:0"

    if combination.database == "sqlite":
        assert "DATABASE_URL" in image.environment
    else:
        assert in_image(image, "app", "db", "check").startswith("DATABASE_URL is required in production")
        image.environment["DATABASE_URL"] = database.url
    assert "newest revision" in in_image(image, "app", "db", "upgrade")

    served = str(free_port())
    command = [word.replace("8000", served) for word in image.command]
    health = [word.replace("8000", served) for word in image.health]
    process = Project(image.locate("/srv")).start(*image.as_user(*command))
    try:
        with open_client(int(served)) as client:
            wait_until_ready(client, process)
            assert client.post("/teams", json={"name": "Z-Force", "headquarters": "Moon"}).status_code == 201
        assert in_image(image, *health) == ""
    finally:
        kill(process)
    assert "Connection refused" in in_image(image, *health)


def in_image(image: Image, *command: str) -> str:
    return Project(image.locate("/srv")).try_to(*image.as_user(*command)).output
