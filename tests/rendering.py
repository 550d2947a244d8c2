"""Renders the template from the working tree, including uncommitted changes."""

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


def read_tree(root: Path) -> dict[str, str]:
    """Return the text of all files below a folder, by relative path."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
