"""JSON made readable, without touching a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

import msgspec
import numpy as np

from refiner_desktop.ui.widgets.text_view.quotes import blocks, without_escapes

_CHUNK = 1 << 19
_INDENT = 2
_FREE_INDENTS = 1 << 20
_MOST_GROWTH = 16

_QUOTE = ord('"')
_NO_STRUCTURE = bytes(set(range(256)) - set(b'[]{},"'))
_DEPTH_STEP = np.zeros(256, np.int8)
_DEPTH_STEP[list(b"[{")], _DEPTH_STEP[list(b"]}")] = 1, -1

_ITEMS_BEGIN = re.compile(rb"\[\s*(?=\{)")
_ITEMS_END = re.compile(rb"(?<=\})\s*\][^\[\]]*\Z")
_BETWEEN_ITEMS = re.compile(rb"(?<=\})\s*,\s*(?=\{)")
_ITEMS = b'"the items stand here"'


def pretty(data: bytes) -> bytes | None:
    """Return `data` with line breaks and indents; None if it is no JSON or more would change.

    Numbers, escapes and repeated keys stay as they were written: nothing is decoded.
    """
    formatted = _format_in_parts(data) if len(data) > _CHUNK else None
    if formatted is None and _indents(data) <= _most_indents(data):
        formatted = _format(data)
    if formatted is None or _fingerprint(formatted) != _fingerprint(data):
        return None
    return formatted


def _format(data: bytes) -> bytes | None:
    try:
        return msgspec.json.format(data, indent=_INDENT)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _format_in_parts(data: bytes) -> bytes | None:
    """Format one large array of objects, or objects around it, half a megabyte at a time.

    A single call keeps the interpreter for as long as it runs, and the window with it. Where the
    items are is a guess; the frame without them and each run of items inside the same brackets
    have to be JSON by themselves, which no wrong guess passes: what may follow in JSON depends on
    the open brackets alone, and they are the same.
    """
    begin = _ITEMS_BEGIN.search(data, 0, _CHUNK)
    end = _ITEMS_END.search(data, len(data) - _CHUNK)
    if begin is None or end is None or begin.end() >= end.start():
        return None
    frame = _split(data[: begin.end()], data[end.start() :])
    if frame is None:
        return None
    depth = (len(frame[0]) - 1 - frame[0].rindex(b"\n")) // _INDENT
    # The tail closes a single array, so all that is open around it are objects.
    opening, closing = b'{"":' * (depth - 1) + b"[", b"]" + b"}" * (depth - 1)
    formatted = _format_parts(_parts(data, begin.end(), end.start()), opening, closing)
    if formatted is None:
        return None
    separator = b",\n" + b" " * (depth * _INDENT)
    return b"".join([frame[0], separator.join(formatted), frame[1]])


def _format_parts(parts: Iterator[bytes], opening: bytes, closing: bytes) -> list[bytes] | None:
    wrapping = _split(opening, closing)
    if wrapping is None:
        return None
    before, after = map(len, wrapping)
    formatted = []
    for part in parts:
        text = _format(opening + part + closing) if len(part) < 2 * _CHUNK else None
        if text is None or len(text) > len(part) + _most_indents(part):
            return None
        formatted.append(text[before:-after])
    return formatted


def _split(before: bytes, after: bytes) -> tuple[bytes, bytes] | None:
    """Format what stands around items, and return what then stands before and after them."""
    head, found, tail = (_format(before + _ITEMS + after) or b"").partition(_ITEMS)
    return (head, tail) if found and _ITEMS not in tail else None


def _parts(data: bytes, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        cut = _BETWEEN_ITEMS.search(data, start + _CHUNK, end)
        yield data[start : cut.start() if cut else end]
        start = cut.end() if cut else end


def _fingerprint(data: bytes) -> tuple[int, int]:
    """Return the number and the checksum of all bytes but blanks, to notice a formatter's fault."""
    count = checksum = 0
    for begin in range(0, len(data), _CHUNK):
        chunk = data[begin : begin + _CHUNK].translate(None, b" \t\r\n")
        count, checksum = count + len(chunk), crc32(chunk, checksum)
    return count, checksum


def _most_indents(data: bytes) -> int:
    return _FREE_INDENTS + _MOST_GROWTH * len(data)


def _indents(data: bytes) -> int:
    """Return about how many bytes indents need: deep nesting can turn a megabyte into gigabytes."""
    depth = total = quotes = 0
    for _, block in blocks(data, 0, len(data), _CHUNK):
        marks = np.frombuffer(without_escapes(block).translate(None, _NO_STRUCTURE), np.uint8)
        is_quote = marks == _QUOTE
        outside = (np.cumsum(is_quote, dtype=np.int32) + quotes) % 2 == 0
        outside &= ~is_quote
        depths = np.cumsum(_DEPTH_STEP[marks] * outside, dtype=np.int64) + depth
        total += _INDENT * int(depths[outside].sum())
        depth = int(depths[-1]) if len(depths) else depth
        quotes += int(np.count_nonzero(is_quote))
    return total
