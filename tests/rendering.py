"""Rendering the template as it lies here, uncommitted changes included."""

from dataclasses import dataclass
from pathlib import Path

from copier import run_copy

REPOSITORY = Path(__file__).parents[1]
TEMPLATE = REPOSITORY / "template"


@dataclass(frozen=True)
class Rendered:
    """A rendered project, and its files as they were before anything was run in it."""

    path: Path
    files: dict[str, str]


def render(destination: Path, **answers: str) -> Rendered:
    """Render a project without trust; questions that are not answered take their defaults.

    Raises:
        ValueError: an answer is refused.
    """
    run_copy(str(REPOSITORY), destination, data=answers, defaults=True, vcs_ref="HEAD", unsafe=False, quiet=True)
    return Rendered(destination, read_tree(destination))


def read_tree(root: Path) -> dict[str, str]:
    """Return the text of all files below a folder, by their path in it."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
