def _check_idle_connections(engine: Engine) -> None:
    """Ping a connection at checkout if it was idle for more than a second. Busy connections save the round trip.

    If the ping fails, replace all pooled connections, because the server has probably been restarted.
    """

    @event.listens_for(engine, "checkin")
    def checkin(_dbapi_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(dbapi_connection: Any, record: Any, _fairy: Any) -> None:
        if time.monotonic() - record.info.get("used", math.inf) > 1:
            try:
                engine.dialect.do_ping(dbapi_connection)
            except Exception as error:
                raise InvalidatePoolError from error  # SQLAlchemy closes all pooled connections and connects again
