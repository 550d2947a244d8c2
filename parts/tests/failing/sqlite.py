FAILING: list[tuple[str, Failure | None]] = [
    ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT max(i) FROM n", Failure.STATEMENT_TIMEOUT),
]
