"""A user's edits where people usually make them; no switch of an answer may change them."""

from tests.updates import Edits, append, replace

MODEL = '''"""Gadgets."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, RowId, RowIdType, Text, Timestamps


class Gadget(Timestamps, Row, table=True):
    """Something that a hero owns."""

    __table_args__ = (UniqueConstraint("name", name="uq_gadget_name"), Index("ix_gadget_hero_id", "hero_id"))

    name: Text = Field(min_length=1, max_length=100)
    note: str | None = None
    hero_id: RowId | None = Field(default=None, foreign_key="hero.id", ondelete="CASCADE", sa_type=RowIdType)
'''

ROUTES = '''"""How large numbers are written, which needs no database."""

import humanize
from fastapi import APIRouter

router = APIRouter(prefix="/numbers", tags=["numbers"])


@router.get("/{number}")
def get_number(number: int) -> str:
    return humanize.intcomma(number)
'''

TESTS = """from fastapi.testclient import TestClient

from app.models import Gadget
from app.settings import Settings
from tests.data import create_hero


def test_number_has_commas(client: TestClient) -> None:
    assert client.get("/numbers/1000000").json() == "1,000,000"


def test_adult_hero_is_grown_up(client: TestClient) -> None:
    assert create_hero(client, age=18)["grown_up"]
    assert not create_hero(client, "Robin", age=17)["grown_up"]


def test_bulk_create_takes_at_most_fifty_heroes(client: TestClient) -> None:
    heroes = [{"name": f"Hero {number}", "secret_name": "x"} for number in range(51)]
    assert client.post("/heroes/bulk", json=heroes).status_code == 422
    assert len(client.post("/heroes/bulk", json=heroes[:50]).json()["created"]) == 50


def test_own_endpoint_beside_template_endpoints(client: TestClient) -> None:
    assert client.get("/teams/words/motto").json() == "Together"


def test_gadgets_have_table(motto: str) -> None:
    assert Gadget.model_fields.keys() >= {"id", "name", "hero_id", "created_at"}
    assert motto == Settings().motto
"""

JOB = """
  notify:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - run: echo done
"""

EDITS = Edits(
    changes={
        "README.md": lambda text: (
            replace("A service with FastAPI and SQLModel.", "It keeps our heroes.")(text)
            + "\n## Who to ask\n\nThe league.\n"
        ),
        "AGENTS.md": append("- Deploy on Fridays.\n"),
        ".env.example": append("\n# What the league says.\n# MOTTO=Together\n"),
        ".github/workflows/ci.yml": append(JOB),
        "pyproject.toml": replace("]\n\n[project.scripts]", '    "humanize>=4.10,<5",\n]\n\n[project.scripts]'),
        "app/cli.py": append("\n\n@cli.command()\ndef motto() -> None:\n    typer.echo(load_settings().motto)\n"),
        "app/main.py": lambda text: text.replace("heroes, missions, teams", "heroes, missions, numbers, teams"),
        "app/models/__init__.py": replace(
            "from app.models.hero import Hero\n",
            "from app.models.gadget import Gadget\nfrom app.models.hero import Hero\n",
            '"Assignment", "Hero"',
            '"Assignment", "Gadget", "Hero"',
        ),
        "app/models/hero.py": lambda text: replace(
            '    """A hero without the secret name, which no response shows."""\n',
            '    """A hero without the secret name, which no response shows."""\n\n'
            "    @computed_field  # type: ignore[prop-decorator]\n    @property\n    def grown_up(self) -> bool:\n"
            "        return (self.age or 0) >= 18\n",
            "from sqlalchemy import CheckConstraint",
            "from pydantic import computed_field\nfrom sqlalchemy import CheckConstraint",
        )(text),
        "app/routes/heroes.py": replace("max_length=1000)]", "max_length=50)]"),
        "app/routes/teams.py": append(
            '\n\n@router.get("/words/motto")\ndef get_motto() -> str:\n    return "Together"\n'
        ),
        "app/settings.py": replace(
            '    """The timeout of a statement, including waiting for locks, in seconds."""\n',
            '    """The timeout of a statement, including waiting for locks, in seconds."""\n'
            '    motto: str = "Together"\n',
        ),
        "tests/conftest.py": append('\n\n@pytest.fixture\ndef motto() -> str:\n    return "Together"\n'),
    },
    deleted=(".pre-commit-config.yaml", "tests/test_seed.py"),
    added={
        "app/models/gadget.py": MODEL,
        "app/routes/numbers.py": ROUTES,
        "tests/test_own.py": TESTS,
    },
)
