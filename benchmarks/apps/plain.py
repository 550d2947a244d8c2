"""A plain async session for each request, with `expire_on_commit=False` and without refresh."""

import os
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.apps.models import Hero, HeroCreate, HeroDetails, HeroPage, HeroPublic

engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"))
sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
app = FastAPI()


@app.post("/heroes", status_code=201, response_model=HeroPublic)
async def create_hero(data: HeroCreate, session: SessionDep) -> Hero:
    hero = Hero.model_validate(data)
    session.add(hero)
    await session.commit()
    return hero


@app.get("/heroes", response_model=HeroPage)
async def list_heroes(
    session: SessionDep, offset: int = 0, limit: Annotated[int, Query(le=100)] = 20
) -> dict[str, Any]:
    result = await session.exec(select(Hero).order_by(Hero.id).offset(offset).limit(limit))
    heroes = result.all()
    result = await session.exec(select(func.count()).select_from(Hero))
    return {"items": heroes, "total": result.one(), "offset": offset, "limit": limit}


@app.get("/heroes/{hero_id}", response_model=HeroDetails)
async def get_hero(hero_id: int, session: SessionDep) -> Hero:
    hero = await session.get(Hero, hero_id, options=[selectinload(Hero.team), selectinload(Hero.missions)])
    if hero is None:
        raise HTTPException(404, "Hero not found")
    return hero


@app.get("/rows/{hero_id}", response_model=HeroPublic)
async def get_row(hero_id: int, session: SessionDep) -> Hero:
    hero = await session.get(Hero, hero_id)
    if hero is None:
        raise HTTPException(404, "Hero not found")
    return hero
