"""Pages of a list: API reference, section 2.2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

from refiner_desktop.api.models import Contact
from refiner_desktop.api.reading import V, Value, parse

ItemT = TypeVar("ItemT")


class Pagination(Value, frozen=True):
    """Where a page stands. `items_count` is the total over all pages."""

    items_count: int = 0
    current_page: int = 1
    last_page: int = 1
    page_length: int = 0
    next_page_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """One page of a list."""

    items: tuple[ItemT, ...]
    pagination: Pagination

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class ContactPage:
    """One page of contacts, as the bytes that came; `len()` says how many contacts it holds.

    A load hands `body` on unread, since decoding a thousand contacts twice would be a waste.
    """

    body: bytes
    pagination: Pagination
    length: int

    def __len__(self) -> int:
        return self.length

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """The contacts, decoded when first asked for. Raises `UnreadableAnswer`."""
        return page_of(Contact)(self.body).items


class _Envelope(msgspec.Struct):
    # `Raw` checks the syntax of an item and builds nothing. A list may be null, or an object if PHP
    # took it for one.
    items: list[msgspec.Raw] | dict[str, msgspec.Raw] | None
    pagination: Any = None

    def rows(self) -> list[msgspec.Raw]:
        return list(self.items.values()) if isinstance(self.items, dict) else self.items or []


def contact_page(body: bytes) -> ContactPage:
    """Open a page of contacts without decoding them. Raises `UnreadableAnswer`."""
    envelope: _Envelope = parse(body, _Envelope)
    return ContactPage(body, _pagination(envelope), len(envelope.rows()))


def page_of_one(contact: bytes) -> ContactPage:
    """Return a page that holds the one contact of these bytes, which are known to be an object."""
    return ContactPage(b'{"items":[' + contact + b"]}", Pagination(items_count=1), 1)


def page_of(kind: type[V]) -> Callable[[bytes], Page[V]]:
    """Return a reader of pages of `kind`. It raises `UnreadableAnswer`."""

    def read(body: bytes) -> Page[V]:
        envelope: _Envelope = parse(body, _Envelope)
        items = (kind.read(parse(bytes(raw))) for raw in envelope.rows())
        return Page(tuple(item for item in items if item is not None), _pagination(envelope))

    return read


def _pagination(envelope: _Envelope) -> Pagination:
    return Pagination.read(envelope.pagination) or Pagination()
