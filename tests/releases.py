"""The releases of the template, found in its history, because not every clone has the tags."""

import re
import tomllib
from typing import NamedTuple

from tests.projects import Project
from tests.rendering import REPOSITORY


class Release(NamedTuple):
    """The first commit whose pyproject.toml has the version and whose CHANGELOG.md has its section."""

    version: str
    commit: str


def headings(changelog: str) -> list[str]:
    """Return the headings of a changelog, newest first: versions, and `Unreleased`."""
    return re.findall(r"^## (\S+)", changelog, re.MULTILINE)


def find_releases() -> list[Release]:
    """Return all releases that the history holds, oldest first."""
    repository = Project(REPOSITORY)
    files = ("pyproject.toml", "CHANGELOG.md")
    history = repository.try_to("git", "log", "--first-parent", "--reverse", "--format=%H", "--", *files)
    releases: dict[str, str] = {}
    for commit in history.output.split() if history.status == 0 else []:
        project, changelog = (repository.try_to("git", "show", f"{commit}:{name}") for name in files)
        if project.status == changelog.status == 0:
            version = tomllib.loads(project.output)["project"]["version"]
            if version in headings(changelog.output):
                releases.setdefault(version, commit)
    return [Release(version, commit) for version, commit in releases.items()]
