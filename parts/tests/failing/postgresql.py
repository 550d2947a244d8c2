FAILING: list[tuple[str, Failure | None]] = [
    ("UPDATE tests_account SET name = repeat('x', 101)", Failure.BAD_DATA),
    ("UPDATE tests_account SET balance = 3000000000", Failure.BAD_DATA),
    ("SELECT pg_sleep(60)", Failure.STATEMENT_TIMEOUT),
    ("SELECT pg_cancel_backend(pg_backend_pid())", Failure.STATEMENT_TIMEOUT),
    ("SELECT pg_terminate_backend(pg_backend_pid())", Failure.UNAVAILABLE),
]
