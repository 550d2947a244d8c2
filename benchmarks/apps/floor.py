"""The minimum: Starlette, asyncpg and hand-written SQL."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ROW = "SELECT id, name, age, team_id, created_at, updated_at FROM hero WHERE id = $1"

# One statement loads the hero, the team and the missions.
HERO = """
    SELECT hero.id, hero.name, hero.age, hero.team_id, hero.created_at, hero.updated_at, team.id AS t_id,
        team.name AS t_name, team.headquarters, team.created_at AS t_created_at, team.updated_at AS t_updated_at,
        mission.id AS m_id, mission.name AS m_name, assignment.role
    FROM hero
    LEFT JOIN team ON team.id = hero.team_id
    LEFT JOIN assignment ON assignment.hero_id = hero.id
    LEFT JOIN mission ON mission.id = assignment.mission_id
    WHERE hero.id = $1
"""

LIST = """
    SELECT id, name, age, team_id, created_at, updated_at, (SELECT count(*) FROM hero) AS total
    FROM hero ORDER BY id LIMIT $1 OFFSET $2
"""

CREATE = """
    INSERT INTO hero (name, secret_name, age, team_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
    RETURNING id, name, age, team_id, created_at, updated_at
"""


def shape(row: asyncpg.Record) -> dict[str, object]:
    return {
        "id": row["id"],
        "name": row["name"],
        "age": row["age"],
        "team_id": row["team_id"],
        "created_at": row["created_at"].isoformat(),
        "updated_at": row["updated_at"].isoformat(),
    }


async def get_row(request: Request) -> Response:
    row = await request.app.state.pool.fetchrow(ROW, int(request.path_params["id"]))
    return JSONResponse(shape(row)) if row else JSONResponse({"detail": "Not Found"}, 404)


async def get_hero(request: Request) -> Response:
    rows = await request.app.state.pool.fetch(HERO, int(request.path_params["id"]))
    if not rows:
        return JSONResponse({"detail": "Not Found"}, 404)
    row = rows[0]
    hero = shape(row)
    hero["team"] = row["t_id"] and {
        "id": row["t_id"],
        "name": row["t_name"],
        "headquarters": row["headquarters"],
        "created_at": row["t_created_at"].isoformat(),
        "updated_at": row["t_updated_at"].isoformat(),
    }
    hero["missions"] = [
        {"id": row["m_id"], "name": row["m_name"], "role": row["role"]} for row in rows if row["m_id"] is not None
    ]
    return JSONResponse(hero)


async def list_heroes(request: Request) -> Response:
    limit, offset = (int(request.query_params.get(name, 0)) for name in ("limit", "offset"))
    rows = await request.app.state.pool.fetch(LIST, limit, offset)
    items = [shape(row) for row in rows]
    return JSONResponse({"items": items, "total": rows[0]["total"], "offset": offset, "limit": limit})


async def create_hero(request: Request) -> Response:
    data = await request.json()
    values = [data["name"], data["secret_name"], data.get("age"), data.get("team_id"), datetime.now(UTC)]
    row = await request.app.state.pool.fetchrow(CREATE, *values)
    return JSONResponse(shape(row), 201)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"]) as pool:
        app.state.pool = pool
        yield


routes = [
    Route("/rows/{id:int}", get_row),
    Route("/heroes/{id:int}", get_hero),
    Route("/heroes", list_heroes),
    Route("/heroes", create_hero, methods=["POST"]),
]
app = Starlette(routes=routes, lifespan=lifespan)
