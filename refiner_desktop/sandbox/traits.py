"""What becomes of the data that a caller sends about a user (API reference, section 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from refiner_desktop.sandbox import moments
from refiner_desktop.sandbox.contacts import Traits

LONGEST_TEXT = 255
MOST_TRAITS = 1_000

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^0-9A-Za-z]+")


def slug(name: str) -> str:
    """Return a name in lower snake case: `firstName` and `First name` become `first_name`."""
    return _NOT_WORD.sub("_", _HUMP.sub("_", name)).strip("_").lower()


def clean(data: Mapping[str, Any]) -> Traits:
    """Return sent data as traits: nested maps flattened, values as texts, empty ones as None."""
    return {name: trait_text(name, value) for name, value in _flat(data) if name}


def trait_text(name: str, value: Any) -> str | None:
    """Return one value as Refiner keeps it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = str(value)
    if name.endswith(("_at", "_date")):
        return _date(text)
    return text[:LONGEST_TEXT]


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        name = slug(f"{prefix}_{key}")
        if isinstance(value, Mapping):
            yield from _flat(value, name)
        else:
            yield name, value


def _date(text: str) -> str:
    try:
        return moments.iso(moments.parse(text))
    except ValueError:
        return text[:LONGEST_TEXT]
