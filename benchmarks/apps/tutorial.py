"""A service as SQLModel's tutorial teaches it: sync, a session for each request, `commit()` and `refresh()`."""

import os
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlmodel import Session, create_engine, func, select

from benchmarks.apps.models import Hero, HeroCreate, HeroDetails, HeroPage, HeroPublic

engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
app = FastAPI()


@app.post("/heroes", status_code=201, response_model=HeroPublic)
def create_hero(hero: HeroCreate, session: SessionDep) -> Hero:
    db_hero = Hero.model_validate(hero)
    session.add(db_hero)
    session.commit()
    session.refresh(db_hero)
    return db_hero


@app.get("/heroes", response_model=HeroPage)
def read_heroes(session: SessionDep, offset: int = 0, limit: Annotated[int, Query(le=100)] = 20) -> dict[str, Any]:
    heroes = session.exec(select(Hero).order_by(Hero.id).offset(offset).limit(limit)).all()
    total = session.exec(select(func.count()).select_from(Hero)).one()
    return {"items": heroes, "total": total, "offset": offset, "limit": limit}


# The response model decides which relations are loaded.
@app.get("/heroes/{hero_id}", response_model=HeroDetails)
@app.get("/rows/{hero_id}", response_model=HeroPublic)
def read_hero(hero_id: int, session: SessionDep) -> Hero:
    hero = session.get(Hero, hero_id)
    if not hero:
        raise HTTPException(status_code=404, detail="Hero not found")
    return hero
