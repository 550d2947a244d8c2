"""Valid and invalid answers."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rendering import REPOSITORY, render

LONGEST = "The Service of Heroes, Teams and Missions of all the Worlds!"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Hero Service", "hero-service"),
        ("café-api", "cafe-api"),
        ("2nd try", "2nd-try"),
        ("it's fine", "it-s-fine"),
        ("  Heroes & Co. (EU)  ", "heroes-co-eu"),
        ("Größe: 10%", "grosse-10"),
        ("@heroes #1", "heroes-1"),
        ("null", "null"),
        (LONGEST, "the-service-of-heroes-teams-and-missions"),
    ],
)
def test_valid_name_becomes_title_and_package_name(tmp_path: Path, name: str, slug: str) -> None:
    """The title keeps the name; the package gets a valid name made from it."""
    files = render(tmp_path / "project", project_name=name).files
    project = tomllib.loads(files["pyproject.toml"])["project"]
    assert project["name"] == slug
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", project["name"])
    assert f"# {name}" in files["README.md"].splitlines()
    strings = [node.value for node in ast.walk(ast.parse(files["app/main.py"])) if isinstance(node, ast.Constant)]
    assert name in strings


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mysql"])
def test_longest_name_is_formatted(tmp_path: Path, database: str) -> None:
    """No line with the name is too long, even with the longest name."""
    assert len(LONGEST) == 60
    project = render(tmp_path / "project", project_name=LONGEST, database=database)
    for command in (["check"], ["format", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, "--no-cache"], cwd=project.path, check=True)


@pytest.mark.parametrize(
    "name",
    ["", " ", "\N{SUPERHERO}", '"quoted"', "back\\slash", "two\nlines", "{{ jinja }}", "x" * 61, "FastAPI", "FastAPI!"],
)
def test_invalid_name_is_refused(tmp_path: Path, name: str) -> None:
    """An invalid name is refused in one short sentence, and no files are written."""
    with pytest.raises(ValueError, match=r"^Validation error for question 'project_name': .{1,34}$"):
        render(tmp_path / "project", project_name=name)
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize("question", ["database", "concurrency", "session_strategy"])
def test_unknown_choice_is_refused(tmp_path: Path, question: str) -> None:
    with pytest.raises(ValueError, match=rf"^Invalid choice for '{question}': 'oracle' is not in "):
        render(tmp_path / "project", **{question: "oracle"})
    assert not (tmp_path / "project").exists()


def test_command_line_refuses_unknown_choice(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "copier", "copy", "--defaults", "--vcs-ref", "HEAD", "--data", "database=oracle"]
    result = subprocess.run([*command, REPOSITORY, "project"], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode != 0
    assert result.stderr.splitlines()[-1].startswith("ValueError: Invalid choice for 'database': 'oracle' is not in ")
    assert list(tmp_path.iterdir()) == []
