"""`copier update` switches answers and keeps users' work; docs/updating.md names what it can't keep."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from copier import run_copy, run_recopy
from copier.errors import DirtyLocalWarning, UserMessageError

from tests.combinations import COMBINATIONS, Combination
from tests.projects import Project
from tests.recipes import section
from tests.rendering import REPOSITORY
from tests.updates import Edits, commit, git, lay_out, make_project, read_files, replace, unmerged, update, walk
from tests.user import EDITS

UPDATING = REPOSITORY / "docs/updating.md"

START = Combination("postgresql", "async", "autocommit")

WHOLLY_VARYING = (
    "app/db/",
    "app/objects.py",
    "tests/test_copy_tables.py",
    "migrations/env.py",
    ".copier-answers.yml",
    "compose.yaml",
)
"""Files that users don't append to."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree's template, committed in a repository without tags."""
    path = tmp_path_factory.mktemp("template")
    lay_out(path)
    commit(path)
    return path


@pytest.fixture(scope="module")
def fresh(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Combination, dict[str, bytes]]:
    """The files of each combination, freshly rendered."""
    projects = tmp_path_factory.mktemp("fresh")
    return {
        combination: read_files(make_project(template, projects / str(combination), combination).path)
        for combination in COMBINATIONS
    }


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Project:
    return make_project(template, tmp_path / "project", START)


def test_walk_visits_all_combinations_in_single_steps() -> None:
    steps = list(walk())
    assert set(steps) == set(COMBINATIONS)
    assert len(steps) == 19
    assert steps[0] == steps[-1]
    for before, after in pairwise(steps):
        assert len(after.answers.items() - before.answers.items()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("edits", [pytest.param(Edits({}, (), {}), id="untouched"), pytest.param(EDITS, id="edited")])
def test_every_switch_equals_new_project(
    template: Path, fresh: dict[Combination, dict[str, bytes]], tmp_path: Path, edits: Edits
) -> None:
    """After each of eighteen switches, the files equal a new project's with the user's edits."""
    start, *steps = walk()
    project = make_project(template, tmp_path / "project", start)
    edits.make(project)
    commit(project.path)
    for combination in steps:
        update(project, **combination.answers)
        assert unmerged(project.path) == [], combination
        files, expected = read_files(project.path), edits.apply(fresh[combination])
        assert {name for name in files.keys() | expected if files.get(name) != expected.get(name)} == set(), combination
        commit(project.path)


@pytest.mark.slow
def test_appendable_files_end_alike(fresh: dict[Combination, dict[str, bytes]]) -> None:
    """The last line of a file is the same in all combinations, so that lines appended by users don't conflict."""
    ends: dict[str, set[bytes]] = {}
    for files in fresh.values():
        for name, content in files.items():
            ends.setdefault(name, set()).update(content.splitlines()[-1:])
    assert [name for name, lines in ends.items() if len(lines) > 1 and not name.startswith(WHOLLY_VARYING)] == []


def test_update_merges_new_version_with_users_work(tmp_path: Path) -> None:
    """A version without tags adds, changes and renames files."""
    template = tmp_path / "template"
    lay_out(template)
    commit(template)
    project = make_project(template, tmp_path / "project", START)
    EDITS.make(project)
    commit(project.path)
    later = template / "template"
    said = "# From a later version.\n"
    for name, line in {
        "README.md.jinja": "## Layout\n",
        "app/problems.py": "from fastapi import",
        "app/routes/teams.py.jinja": "from fastapi import",
    }.items():
        (later / name).write_text(replace(f"\n{line}", f"\n{said}{line}")((later / name).read_text()))
    (later / "app/later.py").write_text('"""Something new."""\n')
    (later / "tests/test_health.py").rename(later / "tests/test_healthy.py")
    commit(template)

    update(project)
    assert unmerged(project.path) == []
    expected = EDITS.apply(read_files(make_project(template, tmp_path / "fresh", START).path))
    assert read_files(project.path) == expected


def test_conflicting_lines_are_marked(project: Project) -> None:
    """As docs/updating.md says: status 0, markers in the file, and two ways to find it."""
    path = project.path / "app/routes/teams.py"
    path.write_text(path.read_text().replace("async def get_statistics(", "async def get_figures("))
    commit(project.path)
    result = copier(project.path, "update", "--defaults", "--data", "concurrency=sync")
    assert result.returncode == 0, result.stderr
    assert unmerged(project.path) == ["app/routes/teams.py"]
    assert "UU app/routes/teams.py" in git(project.path, "status", "--porcelain").splitlines()
    text = path.read_text()
    assert "<<<<<<< before updating" in text
    assert "async def get_figures(" in text
    assert "def get_statistics(" in text


def test_file_of_other_answer_is_deleted_with_edits(project: Project) -> None:
    """As docs/updating.md warns, only git reports the deletion; git can restore the file."""
    path = project.path / "compose.yaml"
    edited = path.read_text() + "# A line of the user's\n"
    path.write_text(edited)
    commit(project.path)
    update(project, database="sqlite")
    assert not path.exists()
    assert unmerged(project.path) == []
    assert "compose.yaml" in git(project.path, "diff", "--name-only", "--diff-filter=D").split()
    assert git(project.path, "show", "HEAD:compose.yaml") == edited


def test_update_of_dirty_project_is_refused(project: Project) -> None:
    (project.path / "README.md").write_text("unsaved\n")
    before = read_files(project.path)
    with pytest.raises(UserMessageError, match=said("Destination repository is dirty")):
        update(project, database="sqlite")
    assert read_files(project.path) == before


def test_update_without_answers_file_is_refused(project: Project) -> None:
    (project.path / ".copier-answers.yml").unlink()
    commit(project.path)
    before = read_files(project.path)
    with pytest.raises(TypeError, match=said("Template not found")):
        update(project, database="sqlite")
    assert read_files(project.path) == before


def test_update_without_git_is_refused(template: Path, tmp_path: Path) -> None:
    run_copy(str(template), tmp_path / "project", data=START.answers, defaults=True, quiet=True)
    with pytest.raises(UserMessageError, match=said("only supported in git-tracked subprojects")):
        update(Project(tmp_path / "project"))


def test_relative_template_path_must_become_absolute(template: Path, tmp_path: Path) -> None:
    """The answers' relative path is invalid inside the project; an absolute path allows updates."""
    relative = os.path.relpath(template, tmp_path)
    made = copier(tmp_path, "copy", "--defaults", relative, "project")
    assert made.returncode == 0, made.stderr
    project = Project(tmp_path / "project")
    commit(project.path)
    refused = copier(project.path, "update", "--defaults")
    assert refused.returncode != 0
    assert said("Local template must be a directory") in refused.stderr
    assert git(project.path, "status", "--porcelain") == ""

    answers = project.path / ".copier-answers.yml"
    answers.write_text(answers.read_text().replace(f"_src_path: {relative}", f"_src_path: {template}"))
    commit(project.path)
    update(project, concurrency="sync")
    assert "concurrency: sync" in answers.read_text()


def test_project_of_uncommitted_template_needs_recopy(tmp_path: Path) -> None:
    """The project's answers name a commit that doesn't exist."""
    template = tmp_path / "template"
    lay_out(template)
    commit(template)
    (template / "template/uncommitted.txt").write_text("Not committed.\n")
    with pytest.warns(DirtyLocalWarning):
        project = make_project(template, tmp_path / "project", START, "HEAD")
    assert (project.path / "uncommitted.txt").exists()
    commit(template)
    with pytest.raises(ValueError, match=said("Unknown revision")):
        update(project)
    assert git(project.path, "status", "--porcelain") == ""
    run_recopy(project.path, defaults=True, overwrite=True, quiet=True)
    commit(project.path)
    update(project, concurrency="sync")
    assert unmerged(project.path) == []


def test_current_version_switches_answer_only(tmp_path: Path) -> None:
    """`--vcs-ref :current:` changes the answer without updating to a newer version."""
    template = tmp_path / "template"
    lay_out(template)
    commit(template)
    project = make_project(template, tmp_path / "project", START)
    sync = START.answers | {"concurrency": "sync"}
    expected = read_files(make_project(template, tmp_path / "fresh", Combination(**sync)).path)
    (template / "template/later.txt").write_text("Later.\n")
    commit(template)
    switch = ("update", "--defaults", "--data", "concurrency=sync", "--vcs-ref", ":current:")
    assert f"copier {' '.join(switch)}" in section(UPDATING, "Switch an answer")
    assert copier(project.path, *switch).returncode == 0
    assert read_files(project.path) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [{"database": "mysql"}, {"concurrency": "sync"}, {"session_strategy": "manual"}],
    ids=lambda answer: next(iter(answer)),
)
@pytest.mark.parametrize("strategy", ["autocommit", "unit_of_work"])
def test_switch_without_example_conflicts_in_known_files(
    template: Path, tmp_path: Path, strategy: str, answer: dict[str, str]
) -> None:
    """After start_empty.py, a switch conflicts only where the example was cut out."""
    project = make_project(template, tmp_path / "project", Combination("postgresql", "async", strategy))
    project.run(sys.executable, "start_empty.py")
    commit(project.path)
    update(project, **answer)
    assert set(unmerged(project.path)) <= {
        "README.md",
        "app/cli.py",
        "app/db/unit_of_work.py",
        "docs/sessions.md",
        "docs/tables.md",
    }
    assert not (project.path / "app/models/hero.py").exists()
    assert not (project.path / "tests/test_heroes.py").exists()


@pytest.mark.slow
def test_recopy_restores_template_and_keeps_own_files(
    fresh: dict[Combination, dict[str, bytes]], project: Project
) -> None:
    """`copier recopy` writes the template's files again, and leaves the user's own files alone."""
    EDITS.make(project)
    commit(project.path)
    run_recopy(project.path, defaults=True, overwrite=True, quiet=True)
    files = read_files(project.path)
    assert files == fresh[START] | {name: text.encode() for name, text in EDITS.added.items()}
    assert "routes/heroes.py" in git(project.path, "diff", "--name-only")


def said(message: str) -> str:
    """Return a message of Copier, which docs/updating.md must quote."""
    assert f"| `{message}` |" in section(UPDATING, "If it doesn't work")
    return message


def copier(path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "copier", *command], cwd=path, capture_output=True, text=True)
