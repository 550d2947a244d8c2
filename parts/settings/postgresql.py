DRIVER = "postgresql+asyncpg"  # async
DRIVER = "postgresql+psycopg"  # sync
SCHEMES = {"postgres", "postgresql"}
EXAMPLE = f"postgresql://user:password@host:5432/{DATABASE_NAME}"
DEVELOPMENT_URL = f"postgresql://development:development@127.0.0.1:5432/{DATABASE_NAME}"


def _check(url: URL) -> URL:
    if not url.database:
        raise ValueError(f"has no database name; write {EXAMPLE}")
    if url.port is not None and not 0 < url.port < 2**16:
        raise ValueError(f"has port {url.port}, which is not between 1 and 65535; write {EXAMPLE}")
    return url
