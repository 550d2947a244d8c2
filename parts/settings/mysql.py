DRIVER = "mysql+asyncmy"  # async
DRIVER = "mysql+pymysql"  # sync
SCHEMES = {"mysql", "mariadb"}
EXAMPLE = f"mysql://user:password@host:3306/{DATABASE_NAME}"
DEVELOPMENT_URL = f"mysql://development:development@127.0.0.1:3306/{DATABASE_NAME}"


def _check(url: URL) -> URL:
    if not url.database:
        raise ValueError(f"has no database name; write {EXAMPLE}")
    if url.port is not None and not 0 < url.port < 2**16:
        raise ValueError(f"has port {url.port}, which is not between 1 and 65535; write {EXAMPLE}")
    return url
