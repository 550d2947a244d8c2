@router.post("", status_code=201, response_model=HeroPublic)
async def create_hero(data: HeroCreate, session: SessionDep) -> Hero:
    hero = await HeroRepository(session).create(data)
    await session.commit()
    return hero


@router.patch("/{hero_id}", response_model=HeroPublic)
async def update_hero(hero_id: PathId, changes: HeroUpdate, session: SessionDep) -> Hero:
    hero = await HeroRepository(session).update(hero_id, changes)
    await session.commit()
    return hero


@router.delete("/{hero_id}", status_code=204)
async def delete_hero(hero_id: PathId, session: SessionDep) -> None:
    await HeroRepository(session).delete(hero_id)
    await session.commit()


@router.post("/bulk", response_model=BulkResult)
async def create_heroes(data: HeroList, database: DatabaseDep) -> CreatedHeroes:
    created, rejected = await run_transaction(
        database.sessions,
        lambda session: HeroRepository(session).create_each(data),
    )
    return {"created": created, "rejected": rejected}


@router.post("/{hero_id}/transfer", response_model=HeroPublic)
async def transfer_hero(hero_id: PathId, data: TransferCreate, database: DatabaseDep) -> Hero:
    return await run_transaction(
        database.sessions,
        lambda session: HeroRepository(session).transfer(hero_id, data),
    )
