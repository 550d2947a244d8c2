def replica_status(connection: Connection) -> dict[str, str | float | None]:
    """Return whether a connection for reads reached the replica, and by how many seconds that lags, if it says so."""
    if "primary_until" in connection.info:
        return {"status": "down", "lag": None}
    lag = connection.execute(_LAG).scalar_one()
    return {"status": "up", "lag": None if lag is None else float(lag)}
