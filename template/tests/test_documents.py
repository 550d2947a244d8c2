"""What is written down beside the code says the same as the code."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from app.cli import db
from app.settings import PROJECT, Settings, load_settings
from tests.diagram import DRAWN, README, draw

PAGES = {
    name: (PROJECT / name).read_text()
    for name in (
        "README.md",
        "AGENTS.md",
        "docs/production.md",
        "docs/relations.md",
        "docs/sessions.md",
        "docs/streams.md",
        "docs/tables.md",
        "docs/testing.md",
        "docs/updating.md",
    )
    if (PROJECT / name).exists()
}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GUIDE = re.compile(r"vehicle|trip")
"""What the guides add."""

pages = pytest.mark.parametrize("page", PAGES)


def prose(page: str) -> str:
    return BLOCK.sub("", PAGES[page])


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pages
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        file = (PROJECT / page).parent / path if path else PROJECT / page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file.read_text()), target


@pages
def test_paths_exist(page: str) -> None:
    paths = re.findall(r"(?<![\w/.])(?:app|tests|docs|migrations)/[\w/]*[\w/.]*\w", PAGES[page])
    assert [path for path in paths if not GUIDE.search(path) and not (PROJECT / path).exists()] == []


@pages
def test_commands_exist(page: str) -> None:
    commands = {command.name or getattr(command.callback, "__name__", "") for command in db.registered_commands}
    assert set(re.findall(r"\bapp db ([a-z]\w*)", PAGES[page])) <= commands


@pages
def test_settings_exist(page: str) -> None:
    settings = re.findall(r"\b(?:DATABASE|TEST_DATABASE|LOG|CORS|RESPONSE)_[A-Z_]+\b", PAGES[page])
    assert {name.lower() for name in settings} <= Settings.model_fields.keys()


@pages
def test_tests_exist(page: str) -> None:
    """Tests that a page names as proof."""
    source = "\n".join(path.read_text() for path in (PROJECT / "tests").glob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", prose(page))
    assert [name for name in named if f"def {name}(" not in source] == []


@pages
def test_imports_exist(page: str) -> None:
    """What the code of a page imports from the application."""
    for language, code in BLOCK.findall(PAGES[page]):
        for line in code.splitlines() if language == "python" else []:
            if line.startswith("from app.") and not GUIDE.search(line):
                (node,) = ast.parse(line).body
                assert isinstance(node, ast.ImportFrom)
                module = importlib.import_module(node.module or "")
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


def test_the_example_of_an_env_file_holds_every_setting_with_its_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    example = re.findall(r"^# ([A-Z_]+)=(.*)$", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(name.lower() for name, _ in example) == sorted(Settings.model_fields)

    uncommented = tmp_path / ".env"
    uncommented.write_text("".join(f"{name}={value}\n" for name, value in example))
    assert load_settings(_env_file=uncommented).model_dump() == load_settings(_env_file=None).model_dump()


def test_the_readme_draws_the_tables_of_the_models() -> None:
    drawn = DRAWN.search(README.read_text())
    assert drawn is not None
    assert drawn[0] == draw(), "Draw them anew: uv run python -m tests.diagram"
