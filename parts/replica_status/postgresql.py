def replica_status(connection: Connection) -> dict[str, str | float | None]:
    """Return whether a read connection reached the replica, and the replica's lag in seconds if it is known."""
    if "primary_until" in connection.info:
        return {"status": "down", "lag": None}
    # If everything received is replayed, the lag is 0, but only while the replica is still receiving.
    statement = """
        SELECT CASE
            WHEN NOT pg_is_in_recovery() THEN NULL
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
                AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
            ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())
        END
    """
    lag = connection.execute(text(statement)).scalar_one()
    return {"status": "up", "lag": None if lag is None else float(lag)}
