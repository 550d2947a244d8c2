"""Lets no engine connect to the development database during the tests."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect


@event.listens_for(Engine, "do_connect")
def _connect_to_tests_only(_dialect: Dialect, _record: Any, args: Any, options: dict[str, Any]) -> None:
    """Raise RuntimeError unless the database's name contains "test", or the database is in memory."""
    names = [options[key] for key in ("database", "dbname", "db") if key in options]
    name = Path(str(names[0] if names else args[0])).name
    if "test" not in name and name != ":memory:":
        raise RuntimeError(
            f"An engine connects to {name!r} during the tests. If a module makes an engine of its own, use the "
            "application's database instead: DatabaseDep in an endpoint, `database_of(client)` in a test."
        )
