"""Finds operations of migrations that stop a running service: `uv run python -m tests.lint_migrations FILE...`.

squawk reads the SQL of each revision. It reports locks that last long, and changes that the running version can't bear.
A revision says in `squawk_ignore = ["rule", ...]` which of its rules it breaks on purpose.
"""

import io
import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.script import Script, ScriptDirectory

from app.schema import alembic_config

OTHERS = (
    "prefer-bigint-over-int",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "require-lock-timeout",
    "require-statement-timeout",
)
"""Rules about style, and about timeouts, which `migrations/env.py` sets."""


def sql_of(script: Script) -> str:
    config = alembic_config()
    config.output_buffer = io.StringIO()
    command.upgrade(config, f"{script.down_revision or 'base'}:{script.revision}", sql=True)
    return config.output_buffer.getvalue()


def main(paths: set[Path]) -> int:
    """Check the revisions in these files. Return 1 if one breaks a rule."""
    status = 0
    for script in ScriptDirectory.from_config(alembic_config()).walk_revisions():
        if Path(script.path).resolve() in paths:
            excluded = ",".join([*OTHERS, *getattr(script.module, "squawk_ignore", [])])
            squawk = ["squawk", f"--exclude={excluded}", f"--stdin-filepath={script.path}"]
            status |= subprocess.run(squawk, input=sql_of(script), text=True, check=False).returncode
    return int(status != 0)


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit("Name the files of the revisions to check.")
    sys.exit(main({Path(name).resolve() for name in sys.argv[1:]}))
