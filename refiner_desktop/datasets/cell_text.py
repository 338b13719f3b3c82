"""The text that a contact has in a cell, the same wherever it is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

SEPARATOR = ", "
"""Stands between the names of a contact's segments."""

_PARENTS = ("account.attributes", "account", "attributes")


def text_of(value: object) -> str:
    """Return a string as it is, anything else as JSON, nothing as nothing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def segment_name(segment: object) -> str:
    """Return what a segment is called, whatever shape it came in."""
    if isinstance(segment, dict):
        return text_of(segment.get("name") or segment.get("uuid") or segment)
    return text_of(segment)


def segment_names(segments: object) -> list[str]:
    """Return the names of a contact's segments; what is no list holds none."""
    return [segment_name(each) for each in segments] if isinstance(segments, list) else []


def cell_of(contact: Mapping[str, Any], key: str) -> str:
    """Return the whole text that a contact has in the column with this key."""
    if key == "segments":
        return SEPARATOR.join(segment_names(contact.get("segments")))
    parent = next((each for each in _PARENTS if key.startswith(f"{each}.")), "")
    value: Any = contact
    for name in parent.split(".") if parent else ():
        value = value.get(name) if isinstance(value, dict) else None
    name = key.removeprefix(f"{parent}.")
    return text_of(value.get(name)) if isinstance(value, Mapping) else ""
