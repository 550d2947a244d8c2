"""Projects of each release update to the present state; and how a release is made."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.combinations import EVERYDAY, Combination
from tests.projects import Project, find_python
from tests.releases import Release, find_releases, headings
from tests.rendering import REPOSITORY
from tests.servers import new_database
from tests.updates import commit, git, lay_out, make_project, read_files, unmerged, update

RELEASES = find_releases()
VERSION = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
CHANGELOG = (REPOSITORY / "CHANGELOG.md").read_text()

OWN_TEST = "def test_own_feature() -> None:\n    assert True\n"
OWN_TABLE = '''"""Gadgets."""

from sqlmodel import Field

from app.models.base import Row, Text, Timestamps


class Gadget(Timestamps, Row, table=True):
    name: Text = Field(min_length=1, max_length=100)
'''


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with the whole history, and the working tree as its newest commit."""
    path = tmp_path_factory.mktemp("clone") / "template"
    git(REPOSITORY, "clone", "--quiet", "--no-tags", str(REPOSITORY), str(path))
    lay_out(path)
    commit(path)
    return path


def test_history_contains_releases() -> None:
    """A shallow clone without history would silently skip the tests below."""
    if RELEASES:
        return
    if git(REPOSITORY, "rev-parse", "--is-shallow-repository").strip() == "false":
        assert headings(CHANGELOG) == ["Unreleased"], (
            "CHANGELOG.md has a version that no commit has: see CONTRIBUTING.md"
        )
        pytest.skip("Nothing has been released yet.")
    elif os.environ.get("CI") == "true":
        pytest.fail("This is a shallow clone; the tests need the releases to update from.")
    pytest.skip("This is a shallow clone: `git fetch --unshallow` brings the releases to update from.")


@pytest.mark.slow
@pytest.mark.parametrize("answers", EVERYDAY, ids=lambda answers: answers.database)
@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)
def test_update_equals_new_project(template: Path, tmp_path: Path, release: Release, answers: Combination) -> None:
    """The update gives the files of a new project and keeps the user's changes."""
    project = make_project(template, tmp_path / "project", answers, release.commit)
    own = {"tests/test_own.py": OWN_TEST.encode(), "app/models/gadget.py": OWN_TABLE.encode()}
    for name, content in own.items():
        (project.path / name).write_bytes(content)
    readme = project.path / "README.md"
    readme.write_text(readme.read_text() + "\n## Who to ask\n\nThe league.\n")
    (project.path / "tests/test_teams.py").unlink()
    commit(project.path)

    update(project, "HEAD")
    assert unmerged(project.path) == []
    expected = own | read_files(make_project(template, tmp_path / "fresh", answers, "HEAD").path)
    expected["README.md"] += b"\n## Who to ask\n\nThe league.\n"
    del expected["tests/test_teams.py"]
    assert read_files(project.path) == expected


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)
def test_updated_project_migrates_and_passes_tests(template: Path, tmp_path: Path, release: Release) -> None:
    """A project with its own table and data passes its tests and runs its migrations after the update."""
    project = make_project(template, tmp_path / "project", EVERYDAY[1], release.commit)
    project.install(find_python(EVERYDAY[1].python))
    models = project.path / "app/models/__init__.py"
    models.write_text(models.read_text() + "from app.models.gadget import Gadget as Gadget\n")
    (project.path / "app/models/gadget.py").write_text(OWN_TABLE)
    with (
        new_database("postgresql", "development", tmp_path) as database,
        new_database("postgresql", "own", tmp_path) as test,
    ):
        project.uv_run("app", "db", "upgrade", DATABASE_URL=database.url)
        project.uv_run("alembic", "revision", "--autogenerate", "--message", "gadgets", DATABASE_URL=database.url)
        project.uv_run("app", "db", "upgrade", DATABASE_URL=database.url)
        project.uv_run("app", "db", "seed", "--heroes", "10", DATABASE_URL=database.url)
        project.uv_run("python", "-m", "tests.diagram")
        commit(project.path)

        update(project, "HEAD")
        assert unmerged(project.path) == []
        project.run("uv", "sync", "--quiet")
        project.uv_run("app", "db", "upgrade", DATABASE_URL=database.url)
        project.uv_run("alembic", "check", DATABASE_URL=database.url)
        assert database.execute("SELECT count(*) FROM hero") == [(10,)]
        project.uv_run("ruff", "check")
        project.uv_run("mypy")
        assert "passed" in project.uv_run("pytest", "--quiet", TEST_DATABASE_URL=test.url)


@pytest.mark.parametrize("tagged", [False, True], ids=["without-tags", "with-tags"])
def test_plain_update_takes_newest_release(tmp_path: Path, tagged: bool) -> None:
    """`copier update` goes to the newest tag, or to the newest commit if there are no tags."""
    template = tmp_path / "template"
    lay_out(template)
    version = template / "template/version.txt"
    for number in ("0.1.0", "0.2.0", "unreleased"):
        version.write_text(number + "\n")
        commit(template)
        if tagged and number != "unreleased":
            git(template, "tag", number)
        if number == "0.1.0":
            project = make_project(template, tmp_path / "project", EVERYDAY[0])
    assert (project.path / "version.txt").read_text() == "0.1.0\n"
    update(project)
    assert (project.path / "version.txt").read_text() == ("0.2.0\n" if tagged else "unreleased\n")


def test_project_of_plain_commit_updates_to_later_tag(tmp_path: Path) -> None:
    """A project whose answers name a commit is updated to a release that was tagged later."""
    template = tmp_path / "template"
    lay_out(template)
    first = commit(template)
    project = make_project(template, tmp_path / "project", EVERYDAY[0])
    recorded = yaml.safe_load((project.path / ".copier-answers.yml").read_text())["_commit"]
    assert first.startswith(recorded)
    (template / "template/later.txt").write_text("Later.\n")
    commit(template)
    git(template, "tag", "0.2.0")
    update(project)
    assert (project.path / "later.txt").exists()
    assert yaml.safe_load((project.path / ".copier-answers.yml").read_text())["_commit"] == "0.2.0"


def test_changelog_has_every_release() -> None:
    assert {release.version for release in RELEASES} <= set(headings(CHANGELOG))
    assert headings(CHANGELOG)[0] in (VERSION, "Unreleased")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("CHANGELOG.md", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(
        changelog.read_text() + "\n## 9.9.9 (2030-01-01)\n\n- The notes.\n\n## 9.9.8 (2029-01-01)\n\n- Old.\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("tag", "version", "notes"),
    [("9.9.9", "9.9.9", "- The notes."), ("9.9.9", "0.0.1", None), ("9.9.7", "9.9.7", None)],
    ids=["good", "not-the-version", "not-in-the-changelog"],
)
def test_release_notes(checkout: Path, tag: str, version: str, notes: str | None) -> None:
    """The notes are the release's section of the changelog; a tag without section or of another version fails."""
    pyproject = checkout / "pyproject.toml"
    pyproject.write_text(
        re.sub(r'^version = ".*"', f'version = "{version}"', pyproject.read_text(), flags=re.MULTILINE)
    )
    steps = yaml.safe_load((REPOSITORY / ".github/workflows/release.yml").read_text())["jobs"]["publish"]["steps"]
    (command,) = [step["run"] for step in steps if "CHANGELOG.md" in step.get("run", "")]
    result = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", command], cwd=checkout, env=os.environ | {"GITHUB_REF_NAME": tag}
    )
    assert (result.returncode == 0) == (notes is not None)
    if notes is not None:
        assert (checkout / "notes.md").read_text().strip() == notes


@pytest.mark.parametrize("workflow", ["ci.yml", "release.yml"])
def test_workflows_match_schema(workflow: str) -> None:
    """check-jsonschema includes GitHub's own schema."""
    command = ["check-jsonschema", "--builtin-schema=vendor.github-workflows", f".github/workflows/{workflow}"]
    assert "ok" in Project(REPOSITORY).run("uv", "run", *command)


def test_release_runs_ci_matrix() -> None:
    """A release is published only after the jobs that CI runs for each change."""
    release = yaml.safe_load((REPOSITORY / ".github/workflows/release.yml").read_text())
    ci = yaml.safe_load((REPOSITORY / ".github/workflows/ci.yml").read_text())
    assert release["jobs"]["test"]["uses"] == "./.github/workflows/ci.yml"
    assert "workflow_call" in ci[True]  # YAML reads `on` as true
    assert release["jobs"]["publish"]["needs"] == "test"
