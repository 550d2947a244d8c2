REFUSED = [
    pytest.param(text("/*! DELETE FROM tests_account */ -- SELECT"), marks=needs_server),
    pytest.param(text("TRUNCATE tests_account"), marks=needs_server),
]
