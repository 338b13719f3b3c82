"""Pages of a list: API reference, section 2.2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.models import Contact
from refiner_desktop.api.reading import V, Value, parse
from refiner_desktop.envelope import Envelope, envelope_of, item_of

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
    contact: bytes = b""
    """Where the page was made of one contact, that alone: exactly what came."""

    def __len__(self) -> int:
        return self.length

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """The contacts, decoded when first asked for. Raises `UnreadableAnswer`."""
        return page_of(Contact)(self.body).items


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page of any list, each item as the bytes that came."""

    items: tuple[bytes, ...]
    pagination: Pagination

    def __len__(self) -> int:
        return len(self.items)


def contact_page(body: bytes) -> ContactPage:
    """Open a page of contacts without decoding them. Raises `UnreadableAnswer`."""
    envelope = _envelope(body)
    return ContactPage(body, _pagination(envelope), len(envelope.rows()))


def raw_page(body: bytes) -> RawPage:
    """Open a page of whatever it lists, or a bare list, which has no pages.

    Half an emoji becomes U+FFFD. Raises `UnreadableAnswer`.
    """
    if body.lstrip()[:1] == b"[":
        return RawPage(_as_bytes(_rows(body)), Pagination())
    envelope = _envelope(body)
    return RawPage(_as_bytes(envelope.rows()), _pagination(envelope))


def items_in(body: bytes) -> tuple[bytes, ...]:
    """Return the items that a body lists; what is no list is a single item.

    Raises `UnreadableAnswer`.
    """
    try:
        return raw_page(body).items
    except UnreadableAnswer:
        rows = _rows(b"[" + body + b"]")
        if len(rows) != 1:  # nothing at all, or values without brackets around them
            raise
        return (bytes(rows[0]),)


def _as_bytes(rows: list[msgspec.Raw]) -> tuple[bytes, ...]:
    """Copy rows, of which there may be a million, one by one: other threads get their turn."""
    return tuple(bytes(row) for row in rows)


def _rows(items: bytes) -> list[msgspec.Raw]:
    try:
        rows: list[msgspec.Raw] = parse(items, list[msgspec.Raw])
    except UnreadableAnswer:
        # An envelope is mended where half an emoji spoils it.
        return _envelope(b'{"items":' + items + b"}").rows()
    return rows


def page_of_one(contact: bytes) -> ContactPage:
    """Return a page that holds the one contact of these bytes, which are known to be an object."""
    return ContactPage(b'{"items":[' + contact + b"]}", Pagination(items_count=1), 1, contact)


def page_of(kind: type[V]) -> Callable[[bytes], Page[V]]:
    """Return a reader of pages of `kind`. It raises `UnreadableAnswer`."""

    def read(body: bytes) -> Page[V]:
        envelope = _envelope(body)
        items = (kind.read(_item(raw)) for raw in envelope.rows())
        return Page(tuple(item for item in items if item is not None), _pagination(envelope))

    return read


def _envelope(body: bytes) -> Envelope:
    try:
        return envelope_of(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        envelope: Envelope = parse(body, Envelope)  # which says what is wrong with it
        return envelope


def _item(raw: msgspec.Raw) -> Any:
    try:
        return item_of(raw)
    except ValueError as exc:
        raise UnreadableAnswer(str(exc)) from exc


def _pagination(envelope: Envelope) -> Pagination:
    return Pagination.read(envelope.pagination) or Pagination()
