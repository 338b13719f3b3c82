"""What a table of rows looks like from outside: its columns and how they are sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "boolean", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` names it for good ("email", "attributes.plan"), `title` is for people.

    The values are texts whatever the `kind`; the kind says what every one of them can be read as.
    """

    key: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column to sort by; empty values come last in both directions."""

    key: str
    descending: bool = False
