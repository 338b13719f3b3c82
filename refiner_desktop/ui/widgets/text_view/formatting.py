"""JSON made readable, without touching a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import msgspec
import numpy as np

from refiner_desktop.ui.widgets.text_view.content import CHUNK, Content, chunks, gathered
from refiner_desktop.ui.widgets.text_view.tokens import COMMA, read, without_escapes

TOO_DEEP = (
    "This JSON nests too deep to be laid out, so it stands here as it came. It can be searched, "
    "copied and saved, but not folded."
)
NO_JSON = "This is no JSON from beginning to end, so it stands here as it came."

_INDENT = 2
_MOST_DEPTH = 900
_LONGEST_PART = 4 << 20
_FREE_INDENTS = 1 << 20
_MOST_GROWTH = 16

_BLANKS = b" \t\r\n"
_PARTNERS = bytes.maketrans(b"[{", b"]}")
_FIRST = re.compile(rb"[ \t\r\n]*([^ \t\r\n])")
_QUOTE = ord('"')
_NO_STRUCTURE = bytes(set(range(256)) - set(b'[]{},"'))
_STEPS = np.zeros(256, np.int8)
_STEPS[list(b"[{")], _STEPS[list(b"]}")] = 1, -1
# Bytes that no UTF-8 has stand in for what the formatter refuses and JSON allows.
_STAND_INS = ((b"\\\\", b"\xff\xfe"), (b"\\u", b"\xff\xfd"))


def pretty(data: Content) -> Content | None:
    """Return `data` with line breaks and indents; None if it is no JSON or more would change.

    Numbers, escapes and repeated keys stay as they were written: nothing is decoded. JSON that was
    cut off is formatted up to its last comma. It is worked on half a megabyte at a time, cut at
    commas: a single call keeps the interpreter for as long as it runs, and the window with it.
    Where there is no comma for megabytes all is left as it is.
    """
    return attempt(data)[0]


def attempt(data: Content) -> tuple[Content | None, str]:
    """Return what `pretty` does, and why that is None in words, "" where it is not."""
    try:
        formatted = gathered(_formatted(data))
    except (_TooDeep, RecursionError):
        return None, TOO_DEEP
    except (msgspec.MsgspecError, _NotWorthIt):
        return None, NO_JSON
    if not formatted or _fingerprint(formatted) != _fingerprint(data):
        return None, NO_JSON
    return formatted, ""


class _NotWorthIt(ValueError):
    """This is no JSON, or none that can be taken apart."""


class _TooDeep(_NotWorthIt):
    """This nests so deep that it would be mostly blanks."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of members, and which brackets are open before and after it, the outermost first.

    What may follow in JSON depends on the open brackets alone: where each part is JSON with those
    brackets around it, all of them are together. Parts are cut at commas, which belong to none.
    """

    text: bytes
    before: bytes
    after: bytes
    is_last: bool


def _formatted(data: Content) -> Iterator[bytes]:
    begin, brackets, is_cut_off = 0, b"", False
    while begin < len(data) and not is_cut_off:
        part = _next_part(data, begin, brackets)
        yield _separator(brackets) + _format_part(part)
        is_cut_off = part.is_last and bool(part.after)
        begin, brackets = begin + len(part.text) + 1, part.after
    if is_cut_off:
        yield _separator(brackets) + data[begin:].lstrip(_BLANKS)


def _next_part(data: Content, begin: int, before: bytes, size: int = CHUNK) -> _Part:
    text = data[begin : begin + size]
    is_last = begin + size >= len(data)
    if is_last and not (after := _open_after(before, text)):
        return _Part(text, before, after, is_last)
    comma = _last_comma(text)
    if comma is not None:
        text = text[:comma]
        return _Part(text, before, _open_after(before, text), is_last)
    _open_after(before, text)
    if is_last or size > _LONGEST_PART:
        raise _NotWorthIt
    return _next_part(data, begin, before, 2 * size)


def _last_comma(text: bytes) -> int | None:
    """Return where the last comma outside of a string stands."""
    comma = text.rfind(b",")
    if comma < 0 or without_escapes(text[:comma]).count(b'"') % 2 == 0:
        return comma if comma >= 0 else None
    tokens = read(text, 0, in_string=False)
    commas = tokens.offsets[tokens.kinds == COMMA]
    return int(commas[-1]) if len(commas) else None


def _open_after(before: bytes, text: bytes) -> bytes:
    """Return the brackets that are open after `text`, which begins outside of strings."""
    signs = np.frombuffer(without_escapes(text).translate(None, _NO_STRUCTURE), np.uint8)
    is_quote = signs == _QUOTE
    signs = signs[(np.cumsum(is_quote, dtype=np.int32) % 2 == 0) & ~is_quote]
    steps = _STEPS[signs]
    depths = np.cumsum(steps, dtype=np.int64) + len(before)
    lowest, highest = depths.min(initial=len(before)), depths.max(initial=len(before))
    indents = _INDENT * int(depths.sum())
    if lowest < 0:
        raise _NotWorthIt
    if highest > _MOST_DEPTH or indents > _FREE_INDENTS + _MOST_GROWTH * len(text):
        raise _TooDeep
    later = np.minimum.accumulate(depths[::-1])[::-1]
    opened: bytes = signs[(steps > 0) & (depths == later)].tobytes()
    return before[:lowest] + opened


def _separator(brackets: bytes) -> bytes:
    return b",\n" + b" " * (_INDENT * len(brackets)) if brackets else b""


def _format_part(part: _Part) -> bytes:
    _check_ends(part)
    before, after = part.before, part.after
    closing = after[::-1].translate(_PARTNERS)
    text = _format(_opening(before) + part.text + closing)
    indents = _INDENT * sum(range(len(before) + 1))
    names = len('"": ') * before[:-1].count(b"{")
    first = len("[\n") * len(before) + indents + names
    # Every closing bracket stands in a line of its own.
    last = len(text) - _INDENT * sum(range(len(after) + 1))
    return text[first:last]


def _check_ends(part: _Part) -> None:
    """Refuse a comma without a member at either side, which the brackets around would hide."""
    first = _FIRST.match(part.text)
    if part.before and (first is None or first[1] in b"]}"):
        raise _NotWorthIt
    if part.after and part.text.rstrip(_BLANKS)[-1:] in {b"", b"[", b"{"}:
        raise _NotWorthIt


def _opening(brackets: bytes) -> bytes:
    """Return the beginning of a text whose next member stands inside of `brackets`."""
    return brackets[:-1].replace(b"{", b'{"":') + brackets[-1:]


def _format(text: bytes) -> bytes:
    try:
        return msgspec.json.format(text, indent=_INDENT)
    except msgspec.DecodeError:
        # JSON may name half of a surrogate pair, which this formatter refuses.
        if b"\\u" not in text or any(stand_in in text for _, stand_in in _STAND_INS):
            raise
    for escape, stand_in in _STAND_INS:
        text = text.replace(escape, stand_in)
    text = msgspec.json.format(text, indent=_INDENT)
    for escape, stand_in in _STAND_INS:
        text = text.replace(stand_in, escape)
    return text


def _fingerprint(data: Content) -> tuple[int, int]:
    """Return the number and the checksum of all bytes but blanks, to notice a formatter's fault."""
    count = checksum = 0
    for chunk in chunks(data):
        signs = chunk.translate(None, _BLANKS)
        count, checksum = count + len(signs), crc32(signs, checksum)
    return count, checksum
