"""A user's schema with every kind of object: first revision, changes, checks, and a copy to another database."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.combinations import Combination
from tests.projects import Project, find_python
from tests.rendering import add_files, render
from tests.servers import Database, new_database
from tests.updates import commit

PROJECTS = [
    Combination("postgresql", "async", "unit_of_work"),
    Combination("postgresql", "sync", "manual"),
    Combination("sqlite", "async", "manual"),
    Combination("sqlite", "sync", "autocommit"),
    Combination("mysql", "async", "autocommit"),
    Combination("mysql", "sync", "unit_of_work"),
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("combination", PROJECTS, ids=str, scope="module"),
]

BY_HAND = {
    "postgresql": ("shop.FUNCTION", "shop.TRIGGER", "shop.VIEW"),
    "mysql": ("shop.TRIGGER", "shop.VIEW"),
    "sqlite": ("shop.TRIGGER", "shop.VIEW"),
}
"""What the first revision must create beside tables."""

SHOP = "class Shop(Row, table=True):"
CHANGES = [
    ("city", "    manager_id:", "    city: str | None = Field(default=None, max_length=50)\n    manager_id:"),
    (
        "rank",
        "    manager_id:",
        '    rank: int = Field(default=0, sa_column_kwargs={"server_default": "0"})\n    manager_id:',
    ),
    ("longer", "name: Text = Field(max_length=100)\n    city", "name: Text = Field(max_length=120)\n    city"),
    (
        "rules",
        '    """A shop, with a manager who works there."""\n',
        '    """A shop, with a manager who works there."""\n\n'
        '    __table_args__ = (sa.CheckConstraint("rank >= 0", name="rank"), sa.Index("ix_shop_rank", "rank"))\n',
    ),
    ("without_notes", "    notes: str | None = Field(default=None, sa_type=sa.Text)\n", ""),
]
"""The message of each revision, and the text to replace in the models."""


@pytest.fixture(scope="module")
def project(combination: Combination, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """An emptied project with the shop's tables."""
    folder = tmp_path_factory.mktemp("shop")
    project = Project(render(folder / "project", **combination.answers).path)
    commit(project.path)
    project.install(find_python("3.13"))
    project.uv_run("python", "start_empty.py")
    include_shop(project, combination, folder / "template")
    yield project
    project.remove()


def include_shop(project: Project, combination: Combination, template: Path) -> None:
    add_files(project.path, "shop", template, **combination.answers)
    models = project.path / "app/models/__init__.py"
    names = "from app.models.shop import Customer, Employee, Invoice, Shop, ShopNote\n\n"
    listed = '__all__ = ["Customer", "Employee", "Invoice", "Shop", "ShopNote"]\n'
    models.write_text(models.read_text().replace("__all__: list[str] = []\n", names + listed))


@pytest.fixture(scope="module")
def database(combination: Combination, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with new_database(combination.database, "shop", tmp_path_factory.mktemp("shop")) as database:
        yield database


@pytest.fixture(scope="module")
def first(project: Project, database: Database, combination: Combination) -> Path:
    """The first revision, which autogenerate has written and the user has completed."""
    project.uv_run("alembic", "revision", "--autogenerate", "--message", "first", DATABASE_URL=database.url)
    (path,) = (project.path / "migrations/versions").glob("*_first.py")
    text = path.read_text()
    assert "alembic_version" not in text
    project.uv_run("app", "db", "upgrade", DATABASE_URL=database.url)
    output = project.try_to("uv", "run", "--no-sync", "app", "db", "check", DATABASE_URL=database.url)
    assert output.status == 1
    assert "The view new_customer is missing." in output.output
    created = "".join(f"    op.execute({name})\n" for name in BY_HAND[combination.database])
    text = text.replace("from app.models.base", "from app.models import shop\nfrom app.models.base", 1)
    text = text.replace("    # ### end Alembic commands ###\n", f"    # ### end Alembic commands ###\n{created}", 1)
    dropped = '    op.execute("DROP VIEW new_customer")\n'
    text = text.replace("def downgrade() -> None:\n", f"def downgrade() -> None:\n{dropped}")
    path.write_text(text + '    op.execute("DROP FUNCTION note_change")\n' * (combination.database == "postgresql"))
    project.uv_run("app", "db", "reset", "--yes", DATABASE_URL=database.url)
    project.uv_run("app", "db", "check", DATABASE_URL=database.url)
    return path


def test_shop_is_linted_and_typed(project: Project, first: Path) -> None:
    project.uv_run("ruff", "check", "app", "migrations")
    project.uv_run("mypy", "-p", "app")


def test_each_alteration_is_found_and_each_migration_runs(
    project: Project, first: Path, combination: Combination, tmp_path: Path
) -> None:
    with new_database(combination.database, "shop", tmp_path) as own:
        project.uv_run("pytest", "-q", "tests/test_drift.py", "tests/test_changes.py", TEST_DATABASE_URL=own.url)


def test_suite_passes_with_these_tables(
    project: Project, first: Path, combination: Combination, tmp_path: Path
) -> None:
    others = ("--deselect=tests/test_drift.py", "--deselect=tests/test_changes.py")
    project.uv_run("python", "-W", "error", "-m", "tests.diagram")
    project.uv_run("pytest", "-q", *others)
    with new_database(combination.database, "shop", tmp_path) as own:
        project.uv_run("pytest", "-q", *others, TEST_DATABASE_URL=own.url)


def test_revision_written_by_hand_keeps_its_imports(project: Project, first: Path, database: Database) -> None:
    project.uv_run("alembic", "revision", "--message", "by hand", DATABASE_URL=database.url)
    (path,) = (project.path / "migrations/versions").glob("*_by_hand.py")
    try:
        assert "import sqlalchemy as sa\nfrom alembic import op\n" in path.read_text()
        project.uv_run("ruff", "check", "migrations")
        project.uv_run("ruff", "format", "--check", "migrations")
    finally:
        path.unlink()


def test_column_without_value_is_refused(project: Project, first: Path, database: Database) -> None:
    models = project.path / "app/models/shop.py"
    before = models.read_text()
    models.write_text(before.replace("    manager_id:", "    rank: int\n    manager_id:"))
    result = project.try_to(
        "uv", "run", "--no-sync", "alembic", "revision", "--autogenerate", "-m", "rank", DATABASE_URL=database.url
    )
    models.write_text(before)
    assert result.status != 0
    assert "shop.rank is not null and has no default of the database" in result.output
    assert "Traceback" not in result.output
    assert list((project.path / "migrations/versions").glob("*.py")) == [first]


def test_sql_of_migrations_is_complete(project: Project, first: Path, combination: Combination, tmp_path: Path) -> None:
    with new_database(combination.database, "shop", tmp_path) as own:
        output = project.uv_run("alembic", "upgrade", "head", "--sql", DATABASE_URL=own.url)
        lines = [line for line in output.splitlines() if not line.startswith(("INFO", "--"))]
        run_script(own, combination.database, "\n".join(lines))
        check = project.try_to("uv", "run", "--no-sync", "app", "db", "check", DATABASE_URL=own.url)
        # Alembic writes SQL for MySQL, and MariaDB has a type for UUIDs.
        wrong = re.findall(r"The (.*)", check.output)
        assert {line.split()[0] for line in wrong} <= ({"column"} if combination.database == "mysql" else set()), check
        assert check.output.count("CHAR(32)") == (4 if combination.database == "mysql" else 0)


def run_script(database: Database, kind: str, script: str) -> None:
    for statement in [script] if kind == "postgresql" else script.split(";\n\n"):
        if statement.strip(" ;\n") not in ("", "BEGIN", "COMMIT"):
            database.execute(statement)


def test_five_changes_up_and_down(
    project: Project, first: Path, database: Database, combination: Combination, tmp_path: Path
) -> None:
    models = project.path / "app/models/shop.py"
    database.execute("INSERT INTO shop (name) VALUES ('A')")
    for message, old, new in CHANGES:
        text = models.read_text()
        assert old in text
        start = text.index(SHOP) if message != "without_notes" else 0
        models.write_text(text[:start] + text[start:].replace(old, new, 1))
        project.uv_run("alembic", "revision", "--autogenerate", "--message", message, DATABASE_URL=database.url)
        project.uv_run("app", "db", "upgrade", DATABASE_URL=database.url)
        project.uv_run("app", "db", "check", DATABASE_URL=database.url)
    project.uv_run("alembic", "downgrade", f"-{len(CHANGES)}", DATABASE_URL=database.url)
    project.uv_run("app", "db", "upgrade", DATABASE_URL=database.url)
    project.uv_run("app", "db", "check", DATABASE_URL=database.url)
    assert database.execute("SELECT name, city, rank FROM shop") == [("A", None, 0)]
    with new_database(combination.database, "shop", tmp_path) as new:
        project.uv_run("alembic", "upgrade", "head", DATABASE_URL=new.url)
        project.uv_run("app", "db", "check", DATABASE_URL=new.url)
        project.uv_run("alembic", "downgrade", "base", DATABASE_URL=new.url)
        assert new.tables() == ["alembic_version"]


def test_rows_are_copied_and_copied_back(
    project: Project, first: Path, database: Database, combination: Combination, tmp_path: Path
) -> None:
    """References to later rows, cycles, UUIDs, both kinds of JSON's null, amounts, enums and long texts."""
    insert_rows(database, combination.database)
    kind, driver = combination.database, {"postgresql": "psycopg", "mysql": "pymysql", "sqlite": "pysqlite"}
    with new_database(kind, "there", tmp_path) as there, new_database(kind, "back", tmp_path) as back:
        for source, target in ((database, there), (there, back)):
            project.uv_run("app", "db", "upgrade", DATABASE_URL=target.url)
            url = source.url.replace("://", f"+{driver[kind]}://", 1)
            with_driver = (
                ("--with", f"{driver[kind]}[binary]" if kind == "postgresql" else driver[kind])
                if combination.concurrency == "async" and kind != "sqlite"
                else ()
            )
            command = ("uv", "run", "--no-sync", *with_driver, "app", "db", "copy", "--from", url)
            project.run(*command, DATABASE_URL=target.url)
        assert rows_of(back, kind) == rows_of(database, kind)
        project.uv_run("app", "db", "check", DATABASE_URL=back.url)


def insert_rows(database: Database, kind: str) -> None:
    key = "`key`" if kind == "mysql" else '"key"'
    keys = [uuid.UUID(int=number) for number in (1, 2, 3)]
    first, second, third = (one.hex if kind == "sqlite" else str(one) for one in keys)
    time = "2026-01-02 03:04:05.678901"
    profiles = ("NULL", "'null'", """'{"a": [1, 2.5, "\u00fc"], "b": null}'""")
    for number, (own, profile) in enumerate(zip((first, second, third), profiles, strict=True)):
        database.execute(
            f"INSERT INTO customer ({key}, name, email, kind, credit, tags, profile, created_at, updated_at) VALUES "
            f"('{own}', 'Name {number}', '{number}@example.org', 'wholesale', {number}.25, '[\"a\"]', {profile}, "
            f"'{time}', '{time}')"
        )
    for own, recruiter in ((first, third), (second, first), (third, third)):
        database.execute(f"UPDATE customer SET recruiter_id = '{recruiter}' WHERE {key} = '{own}'")
    database.execute("INSERT INTO shop (id, name, city, rank) VALUES (7, 'Shop', 'Town', 3)")
    database.execute("INSERT INTO employee (id, name, shop_id) VALUES (9, 'Ada', 7)")
    database.execute("UPDATE shop SET manager_id = 9 WHERE id = 7")
    invoice = "billing.invoice" if kind == "postgresql" else "invoice"
    database.execute(f"INSERT INTO {invoice} (number, customer_key, total) VALUES ('I-1', '{second}', 12345.67)")
    database.execute(f"INSERT INTO shop_note (notes) VALUES ('{'long' * 10_000 if kind != 'mysql' else 'short'}')")


def parsed(value: Any) -> Any:
    """Return the content of a JSON object and of a time on SQLite, which may be written in several ways."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.startswith("{") else value.removesuffix(".000000")


def rows_of(database: Database, kind: str) -> dict[str, list[tuple[Any, ...]]]:
    invoice = "billing.invoice" if kind == "postgresql" else "invoice"
    found = {
        table: sorted((tuple(map(parsed, row)) for row in database.execute(f"SELECT * FROM {table}")), key=str)
        for table in ("customer", "shop", "employee", invoice, "shop_note")
    }
    assert all(found.values())
    return found


def test_locks_of_a_revision_are_found(project: Project, first: Path, combination: Combination) -> None:
    if combination.database != "postgresql":
        assert not (project.path / "tests/lint_migrations.py").exists()
        return
    project.uv_run("python", "-m", "tests.lint_migrations", str(first.relative_to(project.path)))
    (rules,) = (project.path / "migrations/versions").glob("*_rules.py")
    result = project.try_to("uv", "run", "--no-sync", "python", "-m", "tests.lint_migrations", str(rules))
    assert result.status == 1
    assert "require-concurrent-index-creation" in result.output
    assert "constraint-missing-not-valid" in result.output
    excused = 'squawk_ignore = ["require-concurrent-index-creation", "constraint-missing-not-valid"]\n'
    rules.write_text(rules.read_text().replace("down_revision", f"{excused}down_revision", 1))
    project.uv_run("python", "-m", "tests.lint_migrations", str(rules))


def test_tables_that_refer_to_each_other_are_dropped(project: Project, first: Path, database: Database) -> None:
    models, names = project.path / "app/models/shop.py", project.path / "app/models/__init__.py"
    text = re.sub(r"class Employee\(.*?\n\n\n", "", models.read_text(), flags=re.DOTALL)
    models.write_text(re.sub(r"    manager_id: .*\n", "", text))
    names.write_text(names.read_text().replace("Employee, ", "").replace('"Employee", ', ""))
    project.uv_run("alembic", "revision", "--autogenerate", "--message", "no employees", DATABASE_URL=database.url)
    for command in ("app db upgrade", "app db check", "alembic downgrade -1", "app db upgrade", "app db check"):
        project.uv_run(*command.split(), DATABASE_URL=database.url)
    assert "employee" not in database.tables()
