"""Pages of a list, by number and by cursor (API reference, section 2.2)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from refiner_desktop.sandbox.params import Params
from refiner_desktop.sandbox.refusals import refused

LONGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for. `cursor` is empty in page mode."""

    page: int
    length: int
    cursor: str

    @classmethod
    def of(cls, params: Params, default_length: int) -> Window:
        """Read the paging parameters."""
        return cls(
            page=params.count("page", 1),
            length=min(params.count("page_length", default_length), LONGEST_PAGE),
            cursor=params.text("page_cursor"),
        )

    def start(self, after_cursor: int | None) -> int:
        """Return the index of the first item; `after_cursor` is known in cursor mode."""
        return (self.page - 1) * self.length if after_cursor is None else after_cursor

    def envelope(self, items: list[Any], total: int, cursor: str | None = None) -> dict[str, Any]:
        """Return the answer of a list."""
        return {
            "items": items,
            "pagination": {
                "items_count": total,
                "current_page": 1 if self.cursor else self.page,
                "last_page": max(1, -(-total // self.length)),
                "page_length": self.length,
                "next_page_cursor": cursor,
            },
        }


def page_of(rows: Sequence[Any], window: Window) -> Sequence[Any]:
    """Return one page of a list that has no cursor."""
    start = window.start(None)
    return rows[start : start + window.length]


def cursor_after(key: Any, query: int) -> str:
    """Return an opaque text that means "what comes after this key in the list of this query"."""
    packed = msgspec.msgpack.encode((query, key))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def key_of_cursor(cursor: str, query: int, kind: type) -> Any:
    """Return the key; raises `Refusal` for a damaged cursor or one of another query."""
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, rest = msgspec.msgpack.decode(packed, type=tuple[int, msgspec.Raw])
        key: Any = msgspec.msgpack.decode(rest, type=kind)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise refused("The page_cursor is not valid") from None
    if made_for != query:
        raise refused("The page_cursor belongs to another list")
    return key
