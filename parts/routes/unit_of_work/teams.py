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
