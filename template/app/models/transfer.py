"""The log of heroes who changed teams."""

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
    """One move from a team to another; it outlives the teams, but not the hero."""

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
            raise ValueError("a transfer is between two different teams")
        return self


class TransferPublic(Timestamps, TransferBase, RowPublic):
    pass
