"""Every endpoint, table and repository keeps the rules. To break one on purpose, see tests/allowed.py."""

import importlib
import pkgutil
from collections.abc import Iterable

import app.models
from app.main import create_app
from tests.allowed import is_allowed
from tests.rules import RULES, broken_by_repositories, broken_by_routes, broken_by_tables
from tests.support import settings_for_tests


def check(broken: Iterable[tuple[str, str]]) -> None:
    messages = {f'("{name}", "{rule}") {RULES[rule]}' for name, rule in broken if not is_allowed(name, rule)}
    way_out = "If one is meant, add the part in parentheses to tests/allowed.py."
    assert not messages, "\n".join([*sorted(messages), way_out])


def test_endpoints_keep_rules() -> None:
    check(broken_by_routes(create_app(settings_for_tests()).routes))


def test_tables_keep_rules() -> None:
    for module in pkgutil.walk_packages(app.models.__path__, "app.models."):
        importlib.import_module(module.name)
    check(broken_by_tables())


def test_repositories_keep_rules() -> None:
    check(broken_by_repositories())
