"""The value at a place of a JSON text, and the path that leads to it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import msgspec

from refiner_desktop.ui.widgets.text_view.content import Content
from refiner_desktop.ui.widgets.text_view.structure import Structure
from refiner_desktop.ui.widgets.text_view.tokens import Frame, blocks, without_escapes

_STRING_BLOCK = 1 << 14
_BLANKS = re.compile(rb"[ \t\r\n]*")
_SCALAR = re.compile(rb"[^ \t\r\n,:\]\}]*")
_COLON = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a JSON text: the bytes from `start` to before `end`, and where it is a member."""

    start: int
    end: int
    frame: Frame | None


def value_at(structure: Structure, offset: int) -> Value | None:
    """Return the value at `offset`; of a member that is the value, wherever in it one points.

    A bracket, and the blanks before one that closes, stand for all that it encloses; so does a
    place in an empty list or object.
    """
    behind_blanks = _skip(_BLANKS, structure.data, offset)
    if structure.data[behind_blanks : behind_blanks + 1] in {b"]", b"}"}:
        offset = behind_blanks
    frame = structure.frame_at(offset)
    pair = structure.pair_at(offset)
    if pair and pair[0] == offset:
        return Value(offset, pair[1] + 1, frame)
    found = None if pair else _member(structure, frame)
    if found or frame is None:
        return found
    around = structure.pair_at(frame.opener)
    return Value(around[0], around[1] + 1, frame.parent) if around else None


def text_of(data: Content, value: Value) -> str:
    """Return a value as one would paste it: a string without quotes and escapes."""
    written = data[value.start : value.end]
    return _unquoted(written) if written[:1] == b'"' else written.decode("utf-8", "replace")


def path_to(data: Content, value: Value) -> str:
    """Return the JMESPath expression that leads from the whole text to a value."""
    steps = list[str]()
    frame = value.frame
    while frame:
        if data[frame.opener : frame.opener + 1] == b"[":
            steps.append(f"[{frame.position}]")
        else:
            steps.append("." + _name(_key(data, frame)))
        frame = frame.parent
    return "".join(reversed(steps)).removeprefix(".") or "@"


def _member(structure: Structure, frame: Frame | None) -> Value | None:
    data = structure.data
    start = _skip(_BLANKS, data, frame.member if frame else 0)
    if frame and data[frame.opener : frame.opener + 1] == b"{":
        after_key = _string_end(data, start)
        colon = _COLON.match(data, after_key)
        if colon is None:
            return None
        start = colon.end()
    end = _value_end(structure, start)
    return Value(start, end, frame) if end > start else None


def _value_end(structure: Structure, start: int) -> int:
    sign = structure.data[start : start + 1]
    if sign == b'"':
        return _string_end(structure.data, start)
    if sign in {b"[", b"{"}:
        pair = structure.pair_at(start)
        return pair[1] + 1 if pair else len(structure.data)
    return _skip(_SCALAR, structure.data, start)


def _string_end(data: Content, start: int) -> int:
    """Return where the string ends whose quote stands at `start`."""
    for begin, block in blocks(data, start + 1, len(data), _STRING_BLOCK):
        quote = without_escapes(block).find(b'"')
        if quote >= 0:
            return begin + quote + 1
    return len(data)


def _key(data: Content, frame: Frame) -> str:
    start = _skip(_BLANKS, data, frame.member)
    return _unquoted(data[start : _string_end(data, start)])


def _name(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _unquoted(written: bytes) -> str:
    try:
        return msgspec.json.decode(written, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return written[1:-1].decode("utf-8", "replace")


def _skip(pattern: re.Pattern[bytes], data: Content, start: int) -> int:
    match = pattern.match(data, start)
    return match.end() if match else start
