DELETION = delete(Account).returning(col(Account.id)).cte()
REFUSED = [
    pytest.param(DELETION.select(), marks=needs_server),
    pytest.param(text("WITH gone AS (DELETE FROM tests_account RETURNING id) SELECT * FROM gone"), marks=needs_server),
    pytest.param(text("SELECT * INTO copy FROM tests_account"), marks=needs_server),
    pytest.param(text("TRUNCATE tests_account CASCADE"), marks=needs_server),
    pytest.param(text("SELECT nextval('tests_account_id_seq')"), marks=needs_server),
]
