"""What the health endpoints and telemetry report of a connection pool."""

from sqlalchemy import Pool, QueuePool


def pool_figures(pool: Pool) -> dict[str, str | int | None]:
    """Return what the pool holds now; None where its class keeps no such figure.

    `overflow` counts the connections beyond `size`, `limit` is the most there can be.
    SQLAlchemy's own `overflow()` is negative until the pool has filled.
    """
    figures: dict[str, str | int | None] = dict.fromkeys(
        ("size", "checked_in", "checked_out", "overflow", "total", "limit")
    )
    if isinstance(pool, QueuePool):
        checked_in, checked_out = pool.checkedin(), pool.checkedout()
        figures |= {
            "size": pool.size(),
            "checked_in": checked_in,
            "checked_out": checked_out,
            "overflow": max(0, pool.overflow()),
            "total": checked_in + checked_out,
            "limit": pool.size() + pool._max_overflow,
        }
    return {"pool": type(pool).__name__, **figures}


def is_full(pool: Pool) -> bool:
    """Return whether every connection that the pool may open is in use."""
    figures = pool_figures(pool)
    return figures["limit"] is not None and figures["checked_out"] == figures["limit"]
