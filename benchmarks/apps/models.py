"""The tables and schemas as SQLModel's tutorial writes them; the generated service's migrations create the tables."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, Relationship, SQLModel


def utc_now() -> datetime:
    return datetime.now(UTC)


class TeamBase(SQLModel):
    name: str = Field(unique=True)
    headquarters: str


class Team(TeamBase, table=True):
    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    created_at: datetime = Field(default_factory=utc_now)
    updated_at: datetime = Field(default_factory=utc_now, sa_column_kwargs={"onupdate": utc_now})
    heroes: list["Hero"] = Relationship(back_populates="team")


class TeamPublic(TeamBase):
    id: int
    created_at: datetime
    updated_at: datetime


class Assignment(SQLModel, table=True):
    mission_id: int = Field(primary_key=True, foreign_key="mission.id", sa_type=BigInteger)
    hero_id: int = Field(primary_key=True, foreign_key="hero.id", sa_type=BigInteger)
    role: str


class Mission(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    name: str = Field(unique=True)
    heroes: list["Hero"] = Relationship(back_populates="missions", link_model=Assignment)


class MissionPublic(SQLModel):
    id: int
    name: str


class HeroBase(SQLModel):
    name: str = Field(unique=True)
    age: int | None = None
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    secret_name: str
    created_at: datetime = Field(default_factory=utc_now)
    updated_at: datetime = Field(default_factory=utc_now, sa_column_kwargs={"onupdate": utc_now})
    team: Team | None = Relationship(back_populates="heroes")
    missions: list[Mission] = Relationship(back_populates="heroes", link_model=Assignment)


class HeroCreate(HeroBase):
    secret_name: str


class HeroPublic(HeroBase):
    id: int
    created_at: datetime
    updated_at: datetime


class HeroDetails(HeroPublic):
    team: TeamPublic | None
    missions: list[MissionPublic]


class HeroPage(SQLModel):
    items: list[HeroPublic]
    total: int
    offset: int
    limit: int
