REFUSED = [
    text("REPLACE INTO tests_account (id, name, balance) VALUES (1, 'A', 0)"),
    text("PRAGMA user_version = 4711"),
]
