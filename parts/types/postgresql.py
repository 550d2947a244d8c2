"""A string without the NUL character, which PostgreSQL can't store."""


class RowIdType(BigInteger):
    """The column type of ids, in migrations too."""


Timestamp = UTCDateTime
"""The column type of instants, in migrations too: an aware datetime."""
