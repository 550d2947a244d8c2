"""Paging: lists are returned a page at a time, in the order of their ids.

A page starts at an offset, or after an id. For an offset the database reads all rows before it and counts all rows for
the total, which is slow from about a hundred thousand rows on. It finds an id through the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

Item = TypeVar("Item")


class OffsetPaging(BaseModel):
    """The page to return, for tables with any key."""

    offset: int = Field(default=0, ge=0, le=2**63 - 1)
    limit: int = Field(default=20, ge=1, le=100)


class Paging(OffsetPaging):
    """The page to return, for tables whose key is an integer."""

    after: int | None = Field(
        default=None,
        ge=0,
        le=2**63 - 1,
        description="Return rows with higher ids, without a total. For the next page, pass the last id of this one.",
    )


@dataclass(frozen=True)
class Rows(Generic[Item]):
    """A page of rows. `total` is the number of all matching rows, or None for a page after an id."""

    items: Sequence[Item]
    total: int | None
    offset: int
    limit: int


class Page(BaseModel, Generic[Item]):
    """A page in a response."""

    items: list[Item]
    total: int | None
    offset: int
    limit: int
