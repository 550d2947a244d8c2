"""Projects made from a template with a history, changed by users, and updated."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from copier import run_copy, run_update

from tests.combinations import CONCURRENCIES, DATABASES, STRATEGIES, Combination
from tests.projects import Project
from tests.rendering import REPOSITORY

PARTS = ("copier.yml", "parts", "template")
"""What a project is rendered from."""


def git(path: Path, *command: str) -> str:
    author = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    return Project(path).run("git", *author, *command)


def commit(path: Path, message: str = "A commit") -> str:
    """Commit everything in a folder, and create its repository if needed; return the commit."""
    git(path, "init", "--quiet")
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(path, "rev-parse", "HEAD").strip()


def lay_out(path: Path) -> None:
    """Copy the template into a folder, including uncommitted changes."""
    path.mkdir(exist_ok=True)
    for name in PARTS:
        if (path / name).is_dir():
            shutil.rmtree(path / name)
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(REPOSITORY / name, path / name)


def make_project(template: Path, path: Path, combination: Combination, version: str | None = None) -> Project:
    """Create a project as a user would, and commit it; use the newest version if none is given."""
    run_copy(str(template), path, data=combination.answers, defaults=True, quiet=True, vcs_ref=version)
    commit(path, "Start from the template")
    return Project(path)


def update(project: Project, version: str | None = None, **answers: str) -> None:
    """Update a project without trust and without questions; leave the changes uncommitted."""
    run_update(project.path, data=answers, defaults=True, overwrite=True, unsafe=False, quiet=True, vcs_ref=version)


def read_files(path: Path) -> dict[str, bytes]:
    """Return all files of a project that git doesn't ignore, by path."""
    names = git(path, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return {name: (path / name).read_bytes() for name in sorted(set(names)) if (path / name).is_file()}


def unmerged(path: Path) -> list[str]:
    """Return the files in which both sides changed the same lines."""
    return git(path, "diff", "--name-only", "--diff-filter=U").split()


def walk() -> Iterator[Combination]:
    """Yield all combinations and the first again, changing one answer at a time."""
    there = []
    for number, database in enumerate(DATABASES):
        there += [(database, strategy) for strategy in STRATEGIES[:: 1 if number % 2 == 0 else -1]]
    first, second = CONCURRENCIES
    steps = [(first, *step) for step in there] + [(second, *step) for step in reversed(there)]
    for concurrency, database, strategy in [*steps, steps[0]]:
        yield Combination(database, concurrency, strategy)


Change = Callable[[str], str]


class Edits(NamedTuple):
    """A user's edits: changed, deleted and added files."""

    changes: Mapping[str, Change]
    deleted: tuple[str, ...]
    added: Mapping[str, str]

    def apply(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Return the edited files."""
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
    """Return a change that replaces `lines[0]` with `lines[1]`, `lines[2]` with `lines[3]`, and so on."""

    def change(text: str) -> str:
        for old, new in zip(lines[::2], lines[1::2], strict=True):
            assert text.count(old) == 1, f"{old!r} does not occur once"
            text = text.replace(old, new)
        return text

    return change
