DRIVER = "sqlite+aiosqlite"  # async
DRIVER = "sqlite"  # sync
SCHEMES = {"sqlite"}
EXAMPLE = f"sqlite:///{DATABASE_NAME}.db"
DEVELOPMENT_URL = EXAMPLE


def _check(url: URL) -> None:
    path = Path(url.database or "")
    if not path.parent.is_dir():
        raise ValueError(f"names a file in {path.parent}, which is not a directory; create it, or correct the path")
    if url.database and path.is_dir():
        raise ValueError(f"names {path}, which is a directory; name a file")
