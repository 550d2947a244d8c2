DRIVER = "postgresql+asyncpg"  # async
DRIVER = "postgresql+psycopg"  # sync
SCHEMES = {"postgres", "postgresql"}
EXAMPLE = f"postgresql://user:password@host:5432/{DATABASE_NAME}"
DEVELOPMENT_URL = f"postgresql://development:development@127.0.0.1:5432/{DATABASE_NAME}"


def _check(url: URL) -> None:
    if not url.database:
        raise ValueError(f"names no database; write {EXAMPLE}")
    if url.port is not None and not 0 < url.port < 2**16:
        raise ValueError(f"names port {url.port}, and ports end at 65535")
