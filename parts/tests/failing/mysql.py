FAILING: list[tuple[str, Failure | None]] = [
    ("UPDATE tests_account SET name = repeat('x', 101)", Failure.BAD_DATA),
    ("UPDATE tests_account SET balance = 3000000000", Failure.BAD_DATA),
    ("SELECT 18446744073709551615 + 1", Failure.BAD_DATA),
    # Alone in a statement, an interrupted sleep() is no error on MySQL.
    ("SELECT name FROM tests_account WHERE sleep(60)", Failure.STATEMENT_TIMEOUT),
    ("KILL QUERY CONNECTION_ID()", Failure.STATEMENT_TIMEOUT),
    ("KILL CONNECTION_ID()", Failure.UNAVAILABLE),
    ("CALL nowhere()", None),
]
