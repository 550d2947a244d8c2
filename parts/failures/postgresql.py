_CODES = {
    "23505": Failure.DUPLICATE,
    "23P01": Failure.DUPLICATE,
    "23503": Failure.MISSING_REFERENCE,
    "23001": Failure.STILL_REFERENCED,
    "23502": Failure.NOT_NULL,
    "23514": Failure.CHECK,
    "40P01": Failure.DEADLOCK,
    "40001": Failure.SERIALIZATION,
    "55P03": Failure.LOCK_TIMEOUT,
    "57014": Failure.STATEMENT_TIMEOUT,
    "25006": Failure.READ_ONLY,
    **dict.fromkeys(("08", "53", "57", "58"), Failure.UNAVAILABLE),
    **dict.fromkeys(("22", "54"), Failure.BAD_DATA),
    **dict.fromkeys(("28000", "28P01", "3D000", "3F000", "42501", "42703", "42P01"), Failure.MISCONFIGURED),
}
"""Failures by SQLSTATE (appendix A of PostgreSQL's manual), or by its class: the first two characters."""


def _by_code(error: exc.DBAPIError) -> Failure | None:
    code = getattr(error.orig, "sqlstate", None)
    if code is not None:
        return _CODES.get(code) or _CODES.get(code[:2])
    return Failure.UNAVAILABLE if isinstance(error, exc.InterfaceError) else None  # async
    # Without a SQLSTATE, psycopg itself rejected a value or failed to connect.  # sync
    if isinstance(error, exc.DataError):  # sync
        return Failure.BAD_DATA  # sync
    return Failure.UNAVAILABLE if isinstance(error, exc.OperationalError) else None  # sync
