"""Lets no test connect to the development database, by whatever engine."""

import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect


@event.listens_for(Engine, "do_connect")
def _connect_to_tests_only(_dialect: Dialect, _record: Any, args: Any, options: dict[str, Any]) -> None:
    """Raise RuntimeError unless the database's name contains "test", or it is in memory or in the temporary folder."""
    names = [str(options[key]) for key in ("database", "dbname", "db") if key in options] or [str(args[0])]
    path = Path(names[0])
    if "test" not in path.name and path.name != ":memory:" and Path(tempfile.gettempdir()) not in path.parents:
        raise RuntimeError(
            f"An engine connects to {path.name!r} during the tests. If a module makes an engine of its own, use the "
            "application's database instead: DatabaseDep in an endpoint, `database_of(client)` in a test."
        )
