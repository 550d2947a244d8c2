"""Teams."""

from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.models.base import Row, RowPublic, Text, Timestamps
from app.models.paging import Paging

if TYPE_CHECKING:
    from app.models.hero import Hero


class TeamBase(SQLModel):
    name: Text = Field(min_length=1, max_length=100)
    headquarters: Text = Field(min_length=1, max_length=200)


class Team(Timestamps, TeamBase, Row, table=True):
    """A team. It can't be deleted while heroes belong to it."""

    __table_args__ = (UniqueConstraint("name", name="uq_team_name"),)

    heroes: list["Hero"] = Relationship(
        back_populates="team", passive_deletes="all", sa_relationship_kwargs={"lazy": "raise", "order_by": "Hero.id"}
    )


class TeamCreate(TeamBase):
    pass


class TeamUpdate(SQLModel):
    """The fields to change. Fields left out stay unchanged."""

    name: Text = Field(default=None, min_length=1, max_length=100)
    headquarters: Text = Field(default=None, min_length=1, max_length=200)


class TeamPublic(Timestamps, TeamBase, RowPublic):
    pass


class TeamQuery(Paging):
    name: Text | None = Field(default=None, max_length=100)


class TeamStatistics(SQLModel):
    """A team's figures. The average covers heroes with a known age, and is None if there are none."""

    team: str
    hero_count: int
    average_age: float | None
