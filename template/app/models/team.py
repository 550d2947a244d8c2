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
    """A team; it can't be deleted while heroes belong to it."""

    __table_args__ = (UniqueConstraint("name", name="uq_team_name"),)

    heroes: list["Hero"] = Relationship(
        back_populates="team", passive_deletes="all", sa_relationship_kwargs={"lazy": "raise", "order_by": "Hero.id"}
    )


class TeamCreate(TeamBase):
    pass


class TeamUpdate(SQLModel):
    """The fields to change; those left out stay as they are."""

    name: Text = Field(default=None, min_length=1, max_length=100)
    headquarters: Text = Field(default=None, min_length=1, max_length=200)


class TeamPublic(Timestamps, TeamBase, RowPublic):
    pass


class TeamQuery(Paging):
    name: Text | None = Field(default=None, max_length=100)


class TeamStatistics(SQLModel):
    """A team's figures; the average age is that of the heroes whose age is known, None if there are none."""

    team: str
    hero_count: int
    average_age: float | None
