"""A string without NUL characters, which PostgreSQL can't store."""


class RowIdType(sa.BigInteger):
    """The type of id columns, also in migrations."""


Timestamp = UTCDateTime
"""The type of columns for aware datetimes, also in migrations."""
