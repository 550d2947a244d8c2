def replica_status(connection: Connection) -> dict[str, str | float | None]:
    """Return whether a read connection reached the replica, and the replica's lag in seconds if it is known."""
    if "primary_until" in connection.info:
        return {"status": "down", "lag": None}
    try:
        row = connection.exec_driver_sql("SHOW REPLICA STATUS").mappings().first()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        # The database user lacks the privilege.
        row = None
    if row is None:
        return {"status": "up", "lag": None}
    # MySQL has renamed the column. It is None while replication is stopped.
    lag = row["Seconds_Behind_Source" if "Seconds_Behind_Source" in row else "Seconds_Behind_Master"]
    return {"status": "stopped", "lag": None} if lag is None else {"status": "up", "lag": float(lag)}
