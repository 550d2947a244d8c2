"""Renders the template from the working tree, including uncommitted changes."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from copier import run_copy

REPOSITORY = Path(__file__).parents[1]
TEMPLATE = REPOSITORY / "template"


@dataclass(frozen=True)
class Rendered:
    """A rendered project, and its files before any command ran in it."""

    path: Path
    files: dict[str, str]


def render(destination: Path, **answers: str) -> Rendered:
    """Render a project without trust, with defaults for unanswered questions.

    Raises:
        ValueError: an answer is invalid.
    """
    run_copy(str(REPOSITORY), destination, data=answers, defaults=True, vcs_ref="HEAD", unsafe=False, quiet=True)
    return Rendered(destination, read_tree(destination))


def add_files(project: Path, name: str, template: Path, **answers: str) -> None:
    """Render the files of `tests/NAME` into a project, with its answers. `template` is a new folder for the work."""
    for part, source in (("parts", REPOSITORY / "parts"), (name, REPOSITORY / "tests" / name)):
        shutil.copytree(source, template / part)
    configuration = (REPOSITORY / "copier.yml").read_text()
    (template / "copier.yml").write_text(configuration.replace("_subdirectory: template", f"_subdirectory: {name}"))
    run_copy(str(template), project, data=answers, defaults=True, overwrite=True, quiet=True)


def read_tree(root: Path) -> dict[str, str]:
    """Return the text of all files below a folder, by relative path."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
