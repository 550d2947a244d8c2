"""Teams over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.db.session import ReadSessionDep, UnitOfWorkDep
from app.models.details import TeamDetails
from app.models.paging import Page, Rows
from app.models.team import Team, TeamCreate, TeamPublic, TeamQuery, TeamStatistics, TeamUpdate
from app.repositories.teams import TeamRepository
from app.routes.parameters import PathId

router = APIRouter(prefix="/teams", tags=["teams"])


@router.post("", status_code=201, response_model=TeamPublic)
async def create_team(data: TeamCreate, uow: UnitOfWorkDep) -> Team:
    async with uow:
        return await uow.teams.create(data)


@router.patch("/{team_id}", response_model=TeamPublic)
async def update_team(team_id: PathId, changes: TeamUpdate, uow: UnitOfWorkDep) -> Team:
    async with uow:
        return await uow.teams.update(team_id, changes)


@router.delete("/{team_id}", status_code=204)
async def delete_team(team_id: PathId, uow: UnitOfWorkDep) -> None:
    async with uow:
        await uow.teams.delete(team_id)


@router.delete("/{team_id}/heroes", status_code=204)
async def empty_team(team_id: PathId, uow: UnitOfWorkDep) -> None:
    async with uow:
        await uow.teams.get(team_id)
        await uow.heroes.leave(team_id)
