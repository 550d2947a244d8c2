"""Lists are answered a page at a time, in the order of their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

Item = TypeVar("Item")


class Paging(BaseModel):
    """Which part of a list."""

    offset: int = Field(default=0, ge=0, le=2**63 - 1)
    limit: int = Field(default=20, ge=1, le=100)


@dataclass(frozen=True)
class Rows(Generic[Item]):
    """A page as it comes from the database; `total` counts all that the list would hold."""

    items: Sequence[Item]
    total: int
    offset: int
    limit: int


class Page(BaseModel, Generic[Item]):
    """A page as it is answered."""

    items: list[Item]
    total: int
    offset: int
    limit: int
