"""What a contact is called, and the texts of its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

NOBODY = "Anonymous contact"

_PARENTS = ("account.attributes", "account", "attributes")


def name_of(contact: Mapping[str, Any]) -> str:
    """Return the name, else the address, else the user id."""
    return first_of(contact, "display_name", "email", "remote_id") or NOBODY


def cell_of(contact: Mapping[str, Any], key: str) -> str:
    """Return the whole text that the table of contacts has in the column with this key."""
    if key == "segments":
        return ", ".join(segment_names(contact.get("segments")))
    parent = next((each for each in _PARENTS if key.startswith(f"{each}.")), "")
    value: Any = contact
    for name in parent.split(".") if parent else ():
        value = value.get(name) if isinstance(value, dict) else None
    name = key.removeprefix(f"{parent}.")
    return text_of(value.get(name)) if isinstance(value, Mapping) else ""


def segment_names(segments: object) -> Iterator[str]:
    """Yield what each segment is called, whatever shape it came in."""
    for each in segments if isinstance(segments, list) else [segments]:
        yield first_of(each, "name", "uuid") if isinstance(each, dict) else text_of(each)


def first_of(fields: Mapping[str, Any], *keys: str) -> str:
    """Return the text of the first of these fields that has a value."""
    return next((text_of(fields[key]) for key in keys if fields.get(key)), "")


def text_of(value: object) -> str:
    """Return a string as it is, anything else as JSON, nothing as nothing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
