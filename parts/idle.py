def _check_idle_connections(engine: Engine, idle: float = 1) -> None:
    """Replace a connection that broke while it was idle, before a request uses it.

    The check costs a round trip, so a connection that was used less than `idle` seconds ago is trusted. When one is
    found broken, the whole pool is renewed: usually the server has been restarted.
    """

    @event.listens_for(engine, "checkin")
    def checkin(_dbapi_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(dbapi_connection: Any, record: Any, _fairy: Any) -> None:
        if time.monotonic() - record.info.get("used", math.inf) < idle:
            return
        try:
            engine.dialect.do_ping(dbapi_connection)
        except Exception as error:
            raise InvalidatePoolError from error
