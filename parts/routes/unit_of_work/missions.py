@router.post("", status_code=201, response_model=MissionPublic)
async def create_mission(data: MissionCreate, uow: UnitOfWorkDep) -> Mission:
    async with uow:
        return await uow.missions.create(data)


@router.put("/{mission_id}/heroes/{hero_id}", response_model=AssignmentPublic)
async def assign_hero(mission_id: PathId, hero_id: PathId, data: AssignmentPut, uow: UnitOfWorkDep) -> Assignment:
    async with uow:
        return await uow.missions.assign(mission_id, hero_id, data)


@router.delete("/{mission_id}/heroes/{hero_id}", status_code=204)
async def dismiss_hero(mission_id: PathId, hero_id: PathId, uow: UnitOfWorkDep) -> None:
    async with uow:
        await uow.missions.dismiss(mission_id, hero_id)
