DELETION = delete(Team).returning(col(Team.id)).cte()
REFUSED = [
    pytest.param(DELETION.select(), marks=needs_server),
    pytest.param(text("WITH gone AS (DELETE FROM team RETURNING id) SELECT * FROM gone"), marks=needs_server),
    pytest.param(text("SELECT * INTO copy FROM team"), marks=needs_server),
    pytest.param(text("TRUNCATE team CASCADE"), marks=needs_server),
    pytest.param(text("SELECT nextval('team_id_seq')"), marks=needs_server),
]
