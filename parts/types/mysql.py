"""A string without the NUL character, which the database would take and other programs would cut the text at."""


class RowIdType(BigInteger):
    """The column type of ids, in migrations too."""


class Timestamp(UTCDateTime):
    """The column type of instants, in migrations too: an aware datetime with the microseconds that DATETIME drops."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DATETIME(fsp=6))
