@router.post("", status_code=201, response_model=TeamPublic)
async def create_team(data: TeamCreate, session: SessionDep) -> Team:
    team = await TeamRepository(session).create(data)
    await session.commit()
    return team


@router.patch("/{team_id}", response_model=TeamPublic)
async def update_team(team_id: PathId, changes: TeamUpdate, session: SessionDep) -> Team:
    team = await TeamRepository(session).update(team_id, changes)
    await session.commit()
    return team


@router.delete("/{team_id}", status_code=204)
async def delete_team(team_id: PathId, session: SessionDep) -> None:
    await TeamRepository(session).delete(team_id)
    await session.commit()


@router.delete("/{team_id}/heroes", status_code=204)
async def empty_team(team_id: PathId, session: SessionDep) -> None:
    await TeamRepository(session).get(team_id)
    await HeroRepository(session).leave(team_id)
    await session.commit()
