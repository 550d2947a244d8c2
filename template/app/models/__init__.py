"""The tables. Alembic and `app/schema.py` find only those that are imported here; add your own at the end."""

from app.models.hero import Hero
from app.models.mission import Assignment, Mission
from app.models.team import Team
from app.models.transfer import Transfer

__all__ = ["Assignment", "Hero", "Mission", "Team", "Transfer"]
