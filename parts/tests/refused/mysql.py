REFUSED = [
    pytest.param(text("/*! DELETE FROM team */ -- SELECT"), marks=needs_server),
    pytest.param(text("TRUNCATE team"), marks=needs_server),
]
