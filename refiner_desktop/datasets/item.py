"""One item of any list as cells: a column for every key, nested ones by their path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from refiner_desktop.datasets.page import CONTACT, Path
from refiner_desktop.envelope import item_of

VALUE: Path = (CONTACT, "value")
"""Where an item that is no object stands."""

_DEEPEST = 4


def cells_of(item: bytes) -> Iterator[tuple[Path, str, bool]]:
    """Yield path, text and whether the text is JSON rather than a string, for all that has a value.

    Numbers keep every digit; one beyond all measure is its text. Half an emoji is U+FFFD. Lists
    are one cell, and so are objects beyond the fourth level. A name with a dot in it stands in
    quotation marks, as JMESPath has it, so that it is not taken for a path.
    """
    yield from _cells(CONTACT, "value", _whole(item).strip(), 0)


def _cells(parent: str, name: str, raw: bytes, depth: int) -> Iterator[tuple[Path, str, bool]]:
    if raw == b"null":
        return
    if raw[:1] == b"{" and depth < _DEEPEST and (members := _members(raw)) is not None:
        inside = f"{parent}.{name}" if parent else name if depth else CONTACT
        for key, value in members.items():
            yield from _cells(inside, _step(key), bytes(value), depth + 1)
        return
    value = _value(raw)
    if isinstance(value, str):
        yield (parent, name), value, False
    else:
        yield (parent, name), raw.decode("utf-8", "replace"), value is not None


def _step(key: str) -> str:
    return json.dumps(key, ensure_ascii=False) if "." in key else key


def _whole(item: bytes) -> bytes:
    try:
        return bytes(msgspec.json.decode(item, type=msgspec.Raw))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.dumps(item_of(msgspec.Raw(item)), ensure_ascii=False).encode()


def _members(raw: bytes) -> dict[str, msgspec.Raw] | None:
    try:
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _value(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
