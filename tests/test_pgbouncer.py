"""Behind a real PgBouncer in transaction mode, where each transaction may use another server process."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.combinations import COMBINATIONS
from tests.projects import Project, free_port, kill
from tests.replication import as_user
from tests.servers import Database
from tests.test_service import created

DRIVERS = [
    combination
    for combination in COMBINATIONS
    if combination.database == "postgresql" and combination.session_strategy == "manual"
]

pytestmark = pytest.mark.slow

CONCURRENTLY = """
from alembic import op

revision, down_revision = "concurrently", "0001"


def upgrade():
    with op.get_context().autocommit_block():
        op.create_index("ix_hero_age", "hero", ["age"], postgresql_concurrently=True)


def downgrade():
    op.drop_index("ix_hero_age")
"""
"""A revision with a statement that can't run in a transaction."""


@pytest.fixture
def pooled(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database, behind a PgBouncer with three connections."""
    if shutil.which("pgbouncer") is None:
        pytest.fail("PgBouncer is not installed; its Debian package is called pgbouncer.", pytrace=False)
    parts, port = urlsplit(database.url), free_port()
    name = parts.path.strip("/")
    folder = Path("/tmp") / f"test_pgbouncer_{port}"  # its owner is another user
    folder.mkdir()
    (folder / "users").write_text('"postgres" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"""
        [databases]
        {name} = host={parts.hostname} port={parts.port or 5432} dbname={name}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = trust
        auth_file = {folder}/users
        pool_mode = transaction
        default_pool_size = 3
        """.replace("\n        ", "\n")
    )
    process = subprocess.Popen(as_user("postgres", "pgbouncer", str(folder / "pgbouncer.ini")), start_new_session=True)
    try:
        pooled = Database(parts._replace(netloc=f"postgres@127.0.0.1:{port}").geturl())
        wait_until_open(pooled)
        yield pooled
    finally:
        kill(process)
        shutil.rmtree(folder)


@pytest.mark.parametrize("combination", DRIVERS, ids=str, indirect=True)
def test_pgbouncer(project: Project, pooled: Database) -> None:
    """With DATABASE_PGBOUNCER, migrations run, concurrent requests succeed, and writes are stored once."""
    settings = {"DATABASE_URL": pooled.url, "DATABASE_PGBOUNCER": "true", "DATABASE_POOL_SIZE": "8"}
    revision = project.path / "migrations/versions/concurrently.py"
    revision.write_text(CONCURRENTLY)
    try:
        project.uv_run("alembic", "upgrade", "head", **settings)
        assert pooled.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_hero_age'::regclass") == [(True,)]
        project.uv_run("alembic", "downgrade", "base", **settings)
    finally:
        revision.unlink()
    for command in ("alembic upgrade head", "alembic downgrade base", "alembic upgrade head", "app db check"):
        project.uv_run(*command.split(), **settings)
    with project.serve(**settings) as client, ThreadPoolExecutor(8) as threads:

        def work(worker: int) -> list[int]:
            hero = created(client, "/heroes", name=f"Hero {worker}", secret_name="x")
            path = f"/heroes/{hero['id']}"
            return [
                response.status_code
                for number in range(12)
                for response in (client.get(path), client.patch(path, json={"age": number}), client.get("/heroes"))
            ]

        for answers in threads.map(work, range(8)):
            assert answers == [200] * 36
        assert client.get("/heroes").json()["total"] == 8
    # The server refuses writes of read sessions behind PgBouncer too.
    modules = ("tests/test_read_sessions.py", "tests/test_dependencies.py")
    chosen = ("-k", "refuse and not function or interfere or authentication")
    project.uv_run("pytest", "--quiet", *modules, *chosen, TEST_DATABASE_URL=pooled.url, DATABASE_PGBOUNCER="true")


def wait_until_open(database: Database) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(psycopg.Error), closing(database.connect()):
            return
        time.sleep(0.1)
    pytest.fail("PgBouncer did not start.", pytrace=False)
