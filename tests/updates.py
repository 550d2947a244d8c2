"""Projects that are made from a template with a history, changed by their users, and updated."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from copier import run_copy, run_update

from tests.combinations import CONCURRENCIES, DATABASES, STRATEGIES, Combination
from tests.projects import Project
from tests.rendering import REPOSITORY

PARTS = ("copier.yml", "parts", "template")
"""What of this repository a project is rendered from."""


def git(path: Path, *command: str) -> str:
    author = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    return Project(path).run("git", *author, *command)


def commit(path: Path, message: str = "A commit") -> str:
    """Commit everything that lies in a folder, in a repository that is made if need be; return the commit."""
    git(path, "init", "--quiet")
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(path, "rev-parse", "HEAD").strip()


def lay_out(path: Path) -> None:
    """Put the template as it lies here, uncommitted changes included, into a folder."""
    path.mkdir(exist_ok=True)
    for name in PARTS:
        if (path / name).is_dir():
            shutil.rmtree(path / name)
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(REPOSITORY / name, path / name)


def make_project(template: Path, path: Path, combination: Combination, version: str | None = None) -> Project:
    """Make a project as its user would, and commit it; of the template's newest version if none is named."""
    run_copy(str(template), path, data=combination.answers, defaults=True, quiet=True, vcs_ref=version)
    commit(path, "Start from the template")
    return Project(path)


def update(project: Project, version: str | None = None, **answers: str) -> None:
    """Update a project, without trust and without questions; what it changed is left uncommitted."""
    run_update(project.path, data=answers, defaults=True, overwrite=True, unsafe=False, quiet=True, vcs_ref=version)


def read_files(path: Path) -> dict[str, bytes]:
    """Return all files of a project that git doesn't ignore, by their paths."""
    names = git(path, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return {name: (path / name).read_bytes() for name in sorted(set(names)) if (path / name).is_file()}


def unmerged(path: Path) -> list[str]:
    """Return the files in which both sides changed the same lines."""
    return git(path, "diff", "--name-only", "--diff-filter=U").split()


def walk() -> Iterator[Combination]:
    """Go through all combinations and back to the first, changing one answer at a time."""
    there = []
    for number, database in enumerate(DATABASES):
        there += [(database, strategy) for strategy in STRATEGIES[:: 1 if number % 2 == 0 else -1]]
    first, second = CONCURRENCIES
    steps = [(first, *step) for step in there] + [(second, *step) for step in reversed(there)]
    for concurrency, database, strategy in [*steps, steps[0]]:
        yield Combination(database, concurrency, strategy)


Change = Callable[[str], str]


class Edits(NamedTuple):
    """What users do to a project: change files of the template, delete some, and add some of their own."""

    changes: Mapping[str, Change]
    deleted: tuple[str, ...]
    added: Mapping[str, str]

    def apply(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Return the files as they are after the edits."""
        edited = {name: content for name, content in files.items() if name not in self.deleted}
        for name, change in self.changes.items():
            edited[name] = change(files[name].decode()).encode()
        return edited | {name: text.encode() for name, text in self.added.items()}

    def make(self, project: Project) -> None:
        """Make the edits in a project."""
        before = read_files(project.path)
        after = self.apply(before)
        for name in before.keys() - after.keys():
            (project.path / name).unlink()
        for name, content in after.items():
            (project.path / name).parent.mkdir(parents=True, exist_ok=True)
            (project.path / name).write_bytes(content)


def append(text: str) -> Change:
    return lambda old: old + text


def replace(*lines: str) -> Change:
    """Return a change that puts `lines[1]` in the place of `lines[0]`, `lines[3]` in that of `lines[2]`, and so on."""

    def change(text: str) -> str:
        for old, new in zip(lines[::2], lines[1::2], strict=True):
            assert text.count(old) == 1, f"{old!r} is not there once"
            text = text.replace(old, new)
        return text

    return change
