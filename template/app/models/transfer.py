"""The log of heroes' moves between teams."""

from typing import Self

from pydantic import model_validator
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import Row, RowId, RowIdType, RowPublic, Timestamps


class TransferBase(SQLModel):
    hero_id: int = Field(foreign_key="hero.id", ondelete="CASCADE", sa_type=RowIdType)
    from_team_id: int | None = Field(foreign_key="team.id", ondelete="SET NULL", sa_type=RowIdType)
    to_team_id: int | None = Field(foreign_key="team.id", ondelete="SET NULL", sa_type=RowIdType)


class Transfer(Timestamps, TransferBase, Row, table=True):
    """A hero's move between teams. It is kept when a team is deleted, and deleted with the hero."""

    __table_args__ = (
        Index("ix_transfer_hero_id", "hero_id"),
        Index("ix_transfer_from_team_id", "from_team_id"),
        Index("ix_transfer_to_team_id", "to_team_id"),
    )


class TransferCreate(SQLModel):
    from_team_id: RowId
    to_team_id: RowId

    @model_validator(mode="after")
    def _between_two_teams(self) -> Self:
        if self.from_team_id == self.to_team_id:
            raise ValueError("from_team_id and to_team_id must be different teams")
        return self


class TransferPublic(Timestamps, TransferBase, RowPublic):
    pass
