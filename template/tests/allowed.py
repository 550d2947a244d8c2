"""Exceptions to the rules of tests/test_rules.py and tests/proof.py, for code that breaks one on purpose.

A failing test names the rule. Add the code's full name, in which `*` stands for any text, and say in a comment why:

    ("app.routes.imports.start_import", "several-commits"),  # an import goes on where it stopped
"""

from fnmatch import fnmatch

ALLOWED: set[tuple[str, str]] = set()


def is_allowed(name: str, rule: str) -> bool:
    """Return whether the endpoint, dependency or table column of this name may break the rule."""
    return any(fnmatch(name, pattern) and rule == allowed for pattern, allowed in ALLOWED)
