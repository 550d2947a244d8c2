@router.post("", status_code=201, response_model=MissionPublic)
async def create_mission(data: MissionCreate, session: SessionDep) -> Mission:
    return await MissionRepository(session).create(data)


@router.put("/{mission_id}/heroes/{hero_id}", response_model=AssignmentPublic)
async def assign_hero(mission_id: PathId, hero_id: PathId, data: AssignmentPut, session: SessionDep) -> Assignment:
    return await MissionRepository(session).assign(mission_id, hero_id, data)


@router.delete("/{mission_id}/heroes/{hero_id}", status_code=204)
async def dismiss_hero(mission_id: PathId, hero_id: PathId, session: SessionDep) -> None:
    await MissionRepository(session).dismiss(mission_id, hero_id)
