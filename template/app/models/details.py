"""Answers that show a row with its relations, which its repository loads with it."""

from pydantic import AliasPath, Field
from sqlmodel import SQLModel

from app.models.hero import HeroPublic
from app.models.mission import MissionPublic
from app.models.team import TeamPublic


class MissionOfHero(SQLModel):
    id: int = Field(validation_alias="mission_id")
    name: str = Field(validation_alias=AliasPath("mission", "name"))
    role: str


class HeroOfMission(SQLModel):
    id: int = Field(validation_alias="hero_id")
    name: str = Field(validation_alias=AliasPath("hero", "name"))
    role: str


class HeroDetails(HeroPublic):
    team: TeamPublic | None
    missions: list[MissionOfHero] = Field(validation_alias="assignments")


class MissionDetails(MissionPublic):
    heroes: list[HeroOfMission] = Field(validation_alias="assignments")


class TeamDetails(TeamPublic):
    heroes: list[HeroPublic]
