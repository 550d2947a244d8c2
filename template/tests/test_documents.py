"""What is written down beside the code says the same as the code."""

import re
from pathlib import Path

import pytest

from app.schema import PROJECT
from app.settings import Settings, load_settings
from tests.diagram import DRAWN, README, draw


def test_the_example_of_an_env_file_holds_every_setting_with_its_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    example = re.findall(r"^# ([A-Z_]+)=(.*)$", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(name.lower() for name, _ in example) == sorted(Settings.model_fields)

    uncommented = tmp_path / ".env"
    uncommented.write_text("".join(f"{name}={value}\n" for name, value in example))
    assert load_settings(_env_file=uncommented).model_dump() == load_settings(_env_file=None).model_dump()


def test_the_readme_draws_the_tables_of_the_models() -> None:
    drawn = DRAWN.search(README.read_text())
    assert drawn is not None
    assert drawn[0] == draw(), "Draw them anew: uv run python -m tests.diagram"
