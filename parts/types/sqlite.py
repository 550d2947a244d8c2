"""A string without NUL characters. The database would store them, but other programs would cut the text there."""


class RowIdType(sa.Integer):
    """The type of id columns, also in migrations. An INTEGER of SQLite has 64 bits."""


Timestamp = UTCDateTime
"""The type of columns for aware datetimes, also in migrations."""
