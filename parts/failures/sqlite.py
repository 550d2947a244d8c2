_CODES = {
    "SQLITE_CONSTRAINT_UNIQUE": Failure.DUPLICATE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": Failure.DUPLICATE,
    "SQLITE_CONSTRAINT_ROWID": Failure.DUPLICATE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": Failure.MISSING_REFERENCE,
    "SQLITE_CONSTRAINT_TRIGGER": Failure.STILL_REFERENCED,  # ON DELETE RESTRICT, which SQLite runs as a trigger
    "SQLITE_CONSTRAINT_NOTNULL": Failure.NOT_NULL,
    "SQLITE_CONSTRAINT_CHECK": Failure.CHECK,
    "SQLITE_CONSTRAINT_DATATYPE": Failure.BAD_DATA,
    "SQLITE_MISMATCH": Failure.BAD_DATA,
    "SQLITE_TOOBIG": Failure.BAD_DATA,
    "SQLITE_BUSY_SNAPSHOT": Failure.SERIALIZATION,
    "SQLITE_BUSY": Failure.LOCK_TIMEOUT,
    "SQLITE_LOCKED": Failure.LOCK_TIMEOUT,
    "SQLITE_INTERRUPT": Failure.STATEMENT_TIMEOUT,
    "SQLITE_CANTOPEN": Failure.UNAVAILABLE,
    "SQLITE_FULL": Failure.UNAVAILABLE,
    "SQLITE_IOERR": Failure.UNAVAILABLE,
    "SQLITE_READONLY": Failure.READ_ONLY,
    "SQLITE_CORRUPT": Failure.MISCONFIGURED,
    "SQLITE_NOTADB": Failure.MISCONFIGURED,
}
"""Failures by error name. SQLITE_IOERR also stands for longer names such as SQLITE_IOERR_WRITE."""

_MISSING = ("no such table", "no such column", "has no column named")
"""Messages for an outdated schema, which has no error code in SQLite."""


def _by_code(error: exc.DBAPIError) -> Failure | None:
    name = getattr(error.orig, "sqlite_errorname", "")
    while name not in _CODES and "_" in name:
        name = name.rpartition("_")[0]
    if name == "SQLITE" and any(missing in str(error.orig) for missing in _MISSING):
        return Failure.MISCONFIGURED
    return _CODES.get(name)
