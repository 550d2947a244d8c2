"""A string without the NUL character, which the database would take and other programs would cut the text at."""


class RowIdType(Integer):
    """The column type of ids, in migrations too; an INTEGER of SQLite has 64 bits."""


Timestamp = UTCDateTime
"""The column type of instants, in migrations too: an aware datetime."""
