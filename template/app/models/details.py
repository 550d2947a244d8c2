"""Responses that show a row with its related rows."""

from sqlmodel import SQLModel

from app.models.hero import HeroPublic
from app.models.mission import MissionPublic
from app.models.team import TeamPublic


class MissionOfHero(SQLModel):
    id: int
    name: str
    role: str


class HeroOfMission(SQLModel):
    id: int
    name: str
    role: str


class HeroDetails(HeroPublic):
    team: TeamPublic | None
    missions: list[MissionOfHero]


class MissionDetails(MissionPublic):
    heroes: list[HeroOfMission]


class TeamDetails(TeamPublic):
    heroes: list[HeroPublic]
