@router.post("", status_code=201, response_model=HeroPublic)
async def create_hero(data: HeroCreate, uow: UnitOfWorkDep) -> Hero:
    async with uow:
        return await uow.heroes.create(data)


@router.patch("/{hero_id}", response_model=HeroPublic)
async def update_hero(hero_id: PathId, changes: HeroUpdate, uow: UnitOfWorkDep) -> Hero:
    async with uow:
        return await uow.heroes.update(hero_id, changes)


@router.delete("/{hero_id}", status_code=204)
async def delete_hero(hero_id: PathId, uow: UnitOfWorkDep) -> None:
    async with uow:
        await uow.heroes.delete(hero_id)


@router.post("/bulk", response_model=BulkResult)
async def create_heroes(data: HeroList, uow: UnitOfWorkDep) -> CreatedHeroes:
    created, rejected = await uow.run(lambda uow: uow.heroes.create_each(data))
    return {"created": created, "rejected": rejected}


@router.post("/{hero_id}/transfer", response_model=HeroPublic)
async def transfer_hero(hero_id: PathId, data: TransferCreate, uow: UnitOfWorkDep) -> Hero:
    return await uow.run(lambda uow: uow.heroes.transfer(hero_id, data))
