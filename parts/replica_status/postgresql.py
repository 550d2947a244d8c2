_LAG = text(
    """
    SELECT CASE
        WHEN NOT pg_is_in_recovery() THEN NULL
        WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
        ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())
    END
    """
)
"""A replica that has replayed all it received is up to date only while it still receives."""


def replica_status(connection: Connection) -> dict[str, str | float | None]:
    """Return whether a connection for reads reached the replica, and by how many seconds that lags, if it says so."""
    if "primary_until" in connection.info:
        return {"status": "down", "lag": None}
    lag = connection.execute(_LAG).scalar_one()
    return {"status": "up", "lag": None if lag is None else float(lag)}
