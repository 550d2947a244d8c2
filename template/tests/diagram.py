"""The tables as a Mermaid diagram; `uv run python -m tests.diagram` draws the one in README.md anew."""

import re

from sqlalchemy import Integer

from app.schema import tables_in_order
from app.settings import PROJECT

README = PROJECT / "README.md"
DRAWN = re.compile(r"(?<=```mermaid\n)erDiagram\n.*?(?=```)", re.DOTALL)


def draw() -> str:
    """Return the diagram of the tables as the models declare them; the sizes of types are left out."""
    lines = ["erDiagram"]
    tables = tables_in_order()
    for table in tables:
        for key in sorted(table.foreign_key_constraints, key=lambda key: list(key.column_keys)):
            optional = all(column.nullable for column in key.columns)
            parent = f"{key.referred_table.name} {'|o' if optional else '||'}--o{{"
            lines.append(f"    {parent} {table.name} : {' '.join(key.column_keys)}")
    for table in tables:
        lines.append(f"    {table.name} {{")
        for column in table.columns:
            keys = ["PK"] * column.primary_key + ["FK"] * bool(column.foreign_keys)
            kind = "INTEGER" if isinstance(column.type, Integer) else column.type.compile().partition("(")[0]
            lines.append(f"        {kind.lower()} {column.name} {', '.join(keys)}".rstrip())
        lines.append("    }")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    README.write_text(DRAWN.sub(draw(), README.read_text()))
