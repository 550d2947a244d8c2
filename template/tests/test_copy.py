"""Copies that are refused."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.copy import CopyRefused, copy_rows, open_source
from tests.support import call, database_of


def test_copy_from_other_revision_is_refused(committing: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "test_source.db"
    file.touch()
    with open_source(f"sqlite:///{file}") as source:
        source.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        source.exec_driver_sql("INSERT INTO alembic_version VALUES ('other')")
        source.commit()
        with pytest.raises(CopyRefused, match="source is at other"):
            call(committing, database_of(committing).run, lambda target: copy_rows(target, source))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("oracle+oracledb://127.0.0.1:1/nowhere", "--with"),
        ("sqlite://127.0.0.1:port/nowhere", "can't be read"),
        ("sqlite:////nowhere/x.db", "no file /nowhere/x.db"),
    ],
)
def test_unusable_source_url_is_explained(url: str, reason: str) -> None:
    with pytest.raises(CopyRefused, match=reason), open_source(url):
        pass
