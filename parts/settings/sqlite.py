DRIVER = "sqlite+aiosqlite"  # async
DRIVER = "sqlite"  # sync
SCHEMES = {"sqlite"}
EXAMPLE = f"sqlite:////path/to/{DATABASE_NAME}.db"
DEVELOPMENT_URL = URL.create(DRIVER, database=str(PROJECT / f"{DATABASE_NAME}.db"))


def _check(url: URL) -> URL:
    name = url.database or ":memory:"
    if name.startswith((":memory:", "file:")):
        return url
    if not HAS_SOURCES and not Path(name).is_absolute():
        raise ValueError(f"names {name}, but without the service's sources a path must be absolute; write {EXAMPLE}")
    # A path that is relative to the working directory would name another database in each.
    path = PROJECT / name
    if not path.parent.is_dir():
        raise ValueError(f"names a file in {path.parent}, which is not a directory; create it, or correct the path")
    if path.is_dir():
        raise ValueError(f"names {path}, which is a directory; name a file")
    return url.set(database=str(path))
