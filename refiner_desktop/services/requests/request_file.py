"""A saved request as a TOML file that people can read, compare and edit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from refiner_desktop.services.requests.draft import EMPTY, BodyKind, RequestDraft, Row
from refiner_desktop.settings.settings import Patience

SUFFIX = ".toml"

_LITERAL = re.compile(r"(?:(?!''')[\t\n\x20-\x7e\x80-\ud7ff\ue000-\U0010ffff])*(?<!')")
_LONE = re.compile(r"[\ud800-\udfff]")
_KEYS = frozenset(RequestDraft.__dataclass_fields__)
_ROWS = {"query", "headers", "form"}
_ROW_KEYS = frozenset(Row.__dataclass_fields__)


class RequestUnreadable(ValueError):
    """A file is no saved request; the sentence says why."""


def draft_to_toml(draft: RequestDraft) -> str:
    """Write what differs from an empty request; a body of several lines stands as it was typed.

    What no file can hold, half a character, becomes a question mark in a box.
    """
    return "".join(f"{line}\n" for line in _lines(draft))


def draft_from_toml(data: bytes) -> RequestDraft:
    """Read what `draft_to_toml` wrote or a person edited. Raises `RequestUnreadable`."""
    import tomllib

    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
        draft = msgspec.convert(found, RequestDraft)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as exc:
        raise RequestUnreadable(f"{exc}.") from exc
    except UnicodeDecodeError as exc:
        raise RequestUnreadable("It is not written in UTF-8.") from exc
    except (ValueError, OverflowError) as exc:  # what is left is a number of thousands of digits
        raise RequestUnreadable("A number in it is too long.") from exc
    if unknown := next(_unknown(found), None):
        raise RequestUnreadable(f"A request has no “{unknown}”.")
    return draft


def _unknown(found: dict[str, Any]) -> Iterator[str]:
    """Yield what is written wrong, or by a later version: it must not go when this one saves."""
    yield from found.keys() - _KEYS
    for name in _ROWS & found.keys():
        for row in found[name]:
            yield from row.keys() - _ROW_KEYS


def _lines(draft: RequestDraft) -> Iterator[str]:
    yield f"method = {_text(draft.method)}"
    yield f"path = {_text(draft.path)}"
    yield from _rows("query", draft.query)
    yield from _rows("headers", draft.headers)
    if draft.without:
        yield f"without = [{', '.join(map(_text, draft.without))}]"
    if draft.patience is not None:
        yield f"patience = {_patience(draft.patience)}"
    if draft.body is not BodyKind.NONE:
        yield f"body = {_text(draft.body.value)}"
    yield from _rows("form", draft.form)
    if draft.file:
        yield f"file = {_text(draft.file)}"
    if draft.text != EMPTY.text:
        yield f"text = {_long_text(draft.text)}"


def _rows(name: str, rows: Iterable[Row]) -> Iterator[str]:
    if rows:
        yield f"{name} = ["
        yield from (f"  {_row(row)}," for row in rows)
        yield "]"


def _row(row: Row) -> str:
    off = "" if row.on else ", on = false"
    return f"{{ name = {_text(row.name)}, value = {_text(row.value)}{off} }}"


def _patience(patience: Patience) -> str:
    values = (f"{name} = {seconds}" for name, seconds in msgspec.structs.asdict(patience).items())
    return f"{{ {', '.join(values)} }}"


def _text(text: str) -> str:
    """Write a string on one line: TOML escapes as JSON does, and DEL in addition."""
    whole = _LONE.sub("\ufffd", text)
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _long_text(text: str) -> str:
    text = _LONE.sub("\ufffd", text)
    if "\n" in text and _LITERAL.fullmatch(text):
        return f"'''\n{text}'''"
    return _text(text)
