"""The fields of one contact in groups, as the detail pane lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refiner_desktop.ui.tabs.contacts.contact_text import first_of, text_of

TITLES = {
    "uuid": "UUID",
    "remote_id": "User id",
    "email": "E-mail",
    "display_name": "Display name",
    "domain": "Domain",
    "first_seen_at": "First seen",
    "last_seen_at": "Last seen",
    "last_form_submission_at": "Last survey answer",
    "last_tracking_event_at": "Last event",
}
"""What people call the fields of contact and account; attributes go by their own names."""

_PARTS = ("attributes", "segments", "account")


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field: its title, its whole value as text, and its path in the contact."""

    title: str
    value: str
    path: str


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together, under a heading."""

    title: str
    lines: tuple[FieldLine, ...]

    def matching(self, words: Sequence[str]) -> FieldGroup:
        """Return the lines in which all words occur, in title, value or path."""
        kept = (line for line in self.lines if _contains_all(line, words))
        return FieldGroup(self.title, tuple(kept))


def groups_of(contact: Mapping[str, Any]) -> list[FieldGroup]:
    """Return everything that stands in a contact of API reference, section 5.1, or of any shape."""
    own = {key: value for key, value in contact.items() if key not in _PARTS}
    account = contact.get("account")
    nested = account.get("attributes") if isinstance(account, dict) else None
    groups = (
        ("Contact", _own(own, "")),
        ("Attributes", _all(contact.get("attributes"), "attributes")),
        ("Segments", _segments(contact.get("segments"))),
        ("Account", _account(account)),
        ("Account attributes", _all(nested, "account.attributes")),
    )
    made = (FieldGroup(title, tuple(lines)) for title, lines in groups)
    return [group for group in made if group.lines]


def answers_of(data: object) -> list[FieldGroup]:
    """Return the answers of a response by question, as one group."""
    lines = tuple(_all(data, "data"))
    return [FieldGroup("Answers", lines)] if lines else []


def _own(fields: Mapping[str, Any], parent: str) -> Iterator[FieldLine]:
    for key, value in fields.items():
        yield FieldLine(TITLES.get(key, key), text_of(value), f"{parent}{key}")


def _account(account: object) -> Iterator[FieldLine]:
    if isinstance(account, dict):
        yield from _own({k: v for k, v in account.items() if k != "attributes"}, "account.")
    else:
        yield from _all(account, "account")


def _all(values: object, path: str) -> Iterator[FieldLine]:
    """Yield a line for each value of an object; anything odd is one line, an empty value none."""
    if isinstance(values, dict):
        for name, value in values.items():
            yield FieldLine(name, text_of(value), f"{path}.{name}")
    elif values not in (None, []):  # an empty map may arrive as an empty list (section 11, 16)
        yield FieldLine(path, text_of(values), path)


def _segments(segments: object) -> Iterator[FieldLine]:
    for each in segments if isinstance(segments, list) else [segments]:
        if isinstance(each, dict):
            yield FieldLine(first_of(each, "name", "uuid"), first_of(each, "uuid"), "segments")
        elif each is not None:
            yield FieldLine(text_of(each), "", "segments")


def _contains_all(line: FieldLine, words: Sequence[str]) -> bool:
    text = f"{line.title}\n{line.path}\n{line.value}".casefold()
    return all(word.casefold() in text for word in words)
