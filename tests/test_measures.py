"""Limits on the size of `app/db` and on the Jinja in the template."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.rendering import REPOSITORY, TEMPLATE, Rendered

LINES, NAMES, SESSION_LINES = 850, 40, 60
"""Limits for `app/db` in every combination: lines, public names, and lines of `session.py`."""

JINJA_LINES, JINJA_FILES = 0.08, 0.45
"""The largest shares of the template that may hold Jinja."""

JINJA = re.compile(r"(?<!\$)\{\{[- ]|\{%|\{#")


def public_names(source: str) -> Iterator[str]:
    """Yield the public functions, classes and variables of a module."""
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                names = []
        yield from (name for name in names if not name.startswith("_"))


def test_app_db_is_small(rendered: Rendered) -> None:
    """Lines, public names and listeners of `app/db`."""
    house = {name: text for name, text in rendered.files.items() if name.startswith("app/db/") and name.endswith(".py")}
    names = [f"{name}: {public}" for name, text in house.items() for public in public_names(text)]
    assert sum(len(text.splitlines()) for text in house.values()) <= LINES
    assert len(names) <= NAMES, names
    assert len(house["app/db/session.py"].splitlines()) <= SESSION_LINES
    assert not [name for name, text in house.items() if re.search(r"listen(s_for)?\(\s*(Async)?Session\b", text)]


def test_documented_names_exist(rendered: Rendered) -> None:
    """The names that `app/db/__init__.py` lists for other code exist."""
    listed = re.findall(r"^(\w+) {2,}(.*?):", rendered.files["app/db/__init__.py"], re.MULTILINE)
    assert len(listed) == 5
    for module, names in listed:
        found = set(public_names(rendered.files[f"app/db/{module}.py"]))
        assert {name.removesuffix("()") for name in names.split(", ")} <= found


def test_template_is_mostly_plain() -> None:
    """Few files, and few lines, contain Jinja."""
    files = [path for folder in (TEMPLATE, REPOSITORY / "parts") for path in folder.rglob("*") if is_source(path)]
    rendered = [path for path in files if path.suffix == ".jinja"]
    lines = [line for path in files for line in path.read_text().splitlines()]
    held = [line for path in rendered for line in path.read_text().splitlines() if JINJA.search(line)]
    assert len(held) / len(lines) <= JINJA_LINES, f"{len(held)} of {len(lines)} lines"
    assert len(rendered) / len(files) <= JINJA_FILES, f"{len(rendered)} of {len(files)} files"


def is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
