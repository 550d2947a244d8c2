"""Heroes."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.models.base import Row, RowId, RowIdType, RowPublic, Text, Timestamps
from app.models.paging import Paging

if TYPE_CHECKING:
    from app.models.mission import Assignment
    from app.models.team import Team


class HeroBase(SQLModel):
    name: Text = Field(min_length=1, max_length=100)
    age: int | None = Field(default=None, ge=0, le=10_000)
    team_id: RowId | None = Field(default=None, foreign_key="team.id", ondelete="RESTRICT", sa_type=RowIdType)


class HeroCreate(HeroBase):
    secret_name: Text = Field(min_length=1, max_length=200)


class Hero(Timestamps, HeroCreate, Row, table=True):
    """A hero, who may belong to one team and go on many missions."""

    __table_args__ = (
        UniqueConstraint("name", name="uq_hero_name"),
        CheckConstraint("age BETWEEN 0 AND 10000", name="age"),
        Index("ix_hero_team_id_name", "team_id", "name"),
    )

    team: "Team" = Relationship(back_populates="heroes", sa_relationship_kwargs={"lazy": "raise"})
    assignments: list["Assignment"] = Relationship(
        back_populates="hero",
        passive_deletes="all",
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Assignment.mission_id"},
    )


class HeroUpdate(SQLModel):
    """The fields to change. Fields left out stay unchanged; null removes the age or the team."""

    name: Text = Field(default=None, min_length=1, max_length=100)
    secret_name: Text = Field(default=None, min_length=1, max_length=200)
    age: int | None = Field(default=None, ge=0, le=10_000)
    team_id: RowId | None = None


class HeroPublic(Timestamps, HeroBase, RowPublic):
    """A hero without the secret name, which no response shows."""


class HeroQuery(Paging):
    name: Text | None = Field(default=None, max_length=100)
    team_id: RowId | None = None


class RejectedHero(SQLModel):
    """A hero that was not stored: its index in the request, and the reason."""

    index: int
    detail: str


class BulkResult(SQLModel):
    """The stored and the rejected heroes of a request."""

    created: list[HeroPublic]
    rejected: list[RejectedHero]
