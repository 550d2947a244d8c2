"""A string without NUL characters. The database would store them, but other programs would cut the text there."""


class RowIdType(sa.BigInteger):
    """The type of id columns, also in migrations."""


class Timestamp(UTCDateTime):
    """The type of columns for aware datetimes, also in migrations. It keeps the microseconds, unlike DATETIME."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DATETIME(fsp=6))
