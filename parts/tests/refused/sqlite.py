REFUSED = [
    text("REPLACE INTO team (id, name, headquarters) VALUES (1, 'A', 'B')"),
    text("PRAGMA user_version = 4711"),
]
