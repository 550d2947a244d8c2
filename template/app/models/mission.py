"""Missions, and the heroes assigned to them."""

from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.models.base import Row, RowIdType, RowPublic, Text, Timestamps

if TYPE_CHECKING:
    from app.models.hero import Hero


class MissionBase(SQLModel):
    name: Text = Field(min_length=1, max_length=100)


class AssignmentKey(SQLModel):
    mission_id: int = Field(primary_key=True, foreign_key="mission.id", ondelete="CASCADE", sa_type=RowIdType)
    hero_id: int = Field(primary_key=True, foreign_key="hero.id", ondelete="CASCADE", sa_type=RowIdType)


class AssignmentBase(SQLModel):
    role: Text = Field(min_length=1, max_length=50)


class Assignment(Timestamps, AssignmentBase, AssignmentKey, table=True):
    """A hero's role on a mission. It is deleted with the hero or the mission."""

    __table_args__ = (Index("ix_assignment_hero_id", "hero_id"),)

    mission: "Mission" = Relationship(back_populates="assignments", sa_relationship_kwargs={"lazy": "raise"})
    hero: "Hero" = Relationship(back_populates="assignments", sa_relationship_kwargs={"lazy": "raise"})


class Mission(Timestamps, MissionBase, Row, table=True):
    """A mission that heroes are assigned to."""

    __table_args__ = (UniqueConstraint("name", name="uq_mission_name"),)

    assignments: list[Assignment] = Relationship(
        back_populates="mission",
        passive_deletes="all",
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Assignment.hero_id"},
    )


class MissionCreate(MissionBase):
    pass


class MissionPublic(Timestamps, MissionBase, RowPublic):
    pass


class AssignmentPut(AssignmentBase):
    pass


class AssignmentPublic(Timestamps, AssignmentBase, AssignmentKey):
    pass
