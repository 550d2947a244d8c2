"""Recipes in a document, carried out as they are written: files to create, lines to change, commands to run."""

import re
from collections.abc import Container
from pathlib import Path

from tests.projects import Project

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w/.]+\.\w+)`")


def section(document: Path, heading: str) -> str:
    """Return the text below a heading, up to the next of its level."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", document.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{document.name} has no section '{heading}'"
    return found[1]


def blocks(text: str, language: str = "python") -> list[str]:
    """Return the blocks of a language, in their order."""
    return [content for found, content in BLOCK.findall(text) if found == language]


def follow(
    project: Project, text: str, only: Container[str] | None = None, *, replace: bool = False, **environment: str
) -> list[str]:
    """Carry out every block of a text in its order, and return what its commands printed.

    A `python` block is a whole file and a `diff` block changes one; it is the file named last before the block.
    A `sh` block is run as it is. With `only`, all but the blocks of those files is left out. With `replace`, files
    that exist are written anew.
    """
    outputs = []
    place = 0
    for block in BLOCK.finditer(text):
        kind, content = block.groups()
        prose, place = text[place : block.start()], block.end()
        if kind == "sh" and only is None:
            outputs.append(project.run("bash", "-euxc", content, **environment))
            continue
        if kind == "sh" or (only is not None and FILE.findall(prose)[-1] not in only):
            continue
        path = project.path / FILE.findall(prose)[-1]
        if kind == "python":
            assert replace or not path.exists(), f"{path} is there already"
            path.write_text(content)
        elif kind == "diff":
            path.write_text(patch(path.read_text(), content))
    return outputs


def patch(text: str, diff: str) -> str:
    """Replace the lines of each hunk that are marked with a blank or a minus by those with a blank or a plus."""
    for hunk in re.split(r"^@@\n", diff, flags=re.MULTILINE):
        lines = [line or " \n" for line in hunk.replace("\n\n", "\n \n").splitlines(keepends=True)]
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert f"\n{text}".count(f"\n{old}") == 1, f"these lines are not there once:\n{old}"
        text = f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:]
    return text
