def _check_idle_connections(engine: Engine) -> None:
    """Check a connection that was idle for a second before it is used: one round trip, which busy ones are spared.

    If it is broken, the whole pool is renewed: usually the server has been restarted.
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
                raise InvalidatePoolError from error
