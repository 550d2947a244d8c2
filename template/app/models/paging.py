"""Lists are answered a page at a time, in the order of their ids.

A page is found by its offset, or by the id that it comes after. The database counts its way to an offset and counts all
rows for the total, which a table of a hundred thousand makes felt; it goes straight to an id, however far that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

Item = TypeVar("Item")


class Paging(BaseModel):
    """Which part of a list."""

    offset: int = Field(default=0, ge=0, le=2**63 - 1)
    limit: int = Field(default=20, ge=1, le=100)
    after: int | None = Field(
        default=None,
        ge=0,
        le=2**63 - 1,
        description="List what comes after this id, without a total; the next page comes after the last id.",
    )


@dataclass(frozen=True)
class Rows(Generic[Item]):
    """A page as it comes from the database; `total` counts all that the list would hold, None after an id."""

    items: Sequence[Item]
    total: int | None
    offset: int
    limit: int


class Page(BaseModel, Generic[Item]):
    """A page as it is answered."""

    items: list[Item]
    total: int | None
    offset: int
    limit: int
