"""One answer of `GET /contacts`, turned on its side: columns of texts instead of objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from refiner_desktop.datasets.cell_text import SEPARATOR, segment_names, text_of
from refiner_desktop.datasets.errors import NotAPage
from refiner_desktop.envelope import envelope_of, item_of

# Where a value stands in a contact (API reference, section 5.1): the object and the name inside it.
Path = tuple[str, str]

CONTACT = ""
ATTRIBUTES = "attributes"
ACCOUNT = "account"
ACCOUNT_ATTRIBUTES = "account.attributes"

CONTACT_FIELDS = (
    "uuid",
    "remote_id",
    "email",
    "display_name",
    "first_seen_at",
    "last_seen_at",
)
# One connector has seen these; they may not exist.
RARE_CONTACT_FIELDS = ("last_form_submission_at", "last_tracking_event_at")
ACCOUNT_FIELDS = (
    "uuid",
    "remote_id",
    "display_name",
    "domain",
    "first_seen_at",
    "last_seen_at",
)


class Page:
    """The contacts of one answer by column; a contact that comes twice is kept once, the later one.

    `cells` holds a list of `size` texts for every path that has a value. What JSON did not write as
    a string is kept as its JSON text, and `literals` lists the paths of such values for each row.
    `segment_lists` holds each row's segments as JSON; `commas` says whether a name among them
    holds what separates names in the cell.

    With `at_most`, items beyond so many are left out; `unreadable` counts those that are no
    contact. Raises `NotAPage` when the bytes are something else.
    """

    def __init__(self, body: bytes, at_most: int | None = None) -> None:
        items = _items(body)[:at_most]
        readable = list(_contacts(items))
        contacts = _newest(readable)
        self.unreadable = len(items) - len(readable)
        self.size = len(contacts)
        self.cells: dict[Path, list[str | None]] = {}
        self.literals: list[list[Path]] = [[] for _ in contacts]
        self.segment_lists: list[str | None] = [None] * self.size
        self.commas = False
        for row, contact in enumerate(contacts):
            self._put_contact(row, contact)

    def _put_contact(self, row: int, contact: Mapping[str, Any]) -> None:
        own = (*CONTACT_FIELDS, *RARE_CONTACT_FIELDS)
        self._put(row, CONTACT, {name: contact.get(name) for name in own})
        self._put(row, ATTRIBUTES, _object(contact.get("attributes")))
        account = _object(contact.get("account"))
        self._put(row, ACCOUNT, {name: account.get(name) for name in ACCOUNT_FIELDS})
        self._put(row, ACCOUNT_ATTRIBUTES, _object(account.get("attributes")))
        segments = contact.get("segments")
        if names := segment_names(segments):
            self._put(row, CONTACT, {"segments": SEPARATOR.join(names)})
            self.segment_lists[row] = text_of(segments)
            self.commas = self.commas or any(SEPARATOR in name for name in names)

    def _put(self, row: int, parent: str, values: Mapping[str, Any]) -> None:
        cells = self.cells
        for name, value in values.items():
            if value is None:
                continue
            path = (parent, name)
            column = cells.get(path)
            if column is None:
                column = cells[path] = [None] * self.size
            if type(value) is str:
                column[row] = value
            else:
                column[row] = text_of(value)
                self.literals[row].append(path)


def _items(body: bytes) -> list[msgspec.Raw]:
    try:
        return envelope_of(body).rows()
    except msgspec.ValidationError as exc:
        raise NotAPage("the answer holds no list of contacts") from exc
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise NotAPage("the answer is not JSON") from exc


def _contacts(items: Iterable[msgspec.Raw]) -> Iterator[Mapping[str, Any]]:
    # One by one, although all at once is a little faster: one that is broken takes no other with
    # it, and the window gets its turns at Python's lock.
    for item in items:
        try:
            contact = item_of(item)
        except ValueError:
            continue
        if isinstance(contact, dict):
            yield contact


def _newest(contacts: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    newest: dict[object, Mapping[str, Any]] = {}
    for position, contact in enumerate(contacts):
        uuid = contact.get("uuid")
        key = text_of(uuid) if uuid else position  # without a uuid nobody can tell who it is
        newest.pop(key, None)  # so that the later one also stands later
        newest[key] = contact
    return list(newest.values())


def _object(value: Any) -> Mapping[str, Any]:
    # An empty map may arrive as an empty list (API reference, section 11, point 16).
    return value if isinstance(value, dict) else {}
