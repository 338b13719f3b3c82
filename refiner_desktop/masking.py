"""Keeps secrets out of everything that is shown or written."""

from __future__ import annotations

import json
import re
import sys
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from mmap import mmap
from urllib.parse import quote, quote_plus

from refiner_desktop.secret import MASK, Secret

SHORTEST = 8
"""Secrets of fewer characters stay: their dots would blank everyday text, and no service hands
out so short a key."""

WINDOW = 64 * 1024
"""Bytes that are looked through at a time, so that no other thread waits long for its turn."""

_LONGEST_PIECE = 16 * WINDOW

Span = tuple[int, int]

_DOTS = MASK.encode()
_WIDE_STARS = b"\0".join([b"*"] * len(MASK))
"""Stars in UTF-16 for what stands between the outer NULs of either byte order."""
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ESCAPE = re.compile(rb"%[2-7]|\\u00[2-7]")
"""How any escape of a letter, digit or dash begins."""

_ESCAPE_BYTES = 13
"""The longest escape that is recognised: `u0041` behind eight backslashes, in JSON in JSON."""

_SHORT_ESCAPES = frozenset('/"\\')
"""What JSON writes as itself behind a backslash."""

_TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Mask:
    r"""Replaces every secret that it has learned by dots, in whatever form it is written.

    The forms are: plain, percent-encoded as a whole or in parts, escaped in JSON (`\/`, `\u002d`),
    Base64 of either alphabet, also as a part of a longer text, and UTF-16, which gets stars.
    A UUID is known in any case of its letters. All else stays byte for byte, and JSON stays JSON.
    It serves any thread.
    """

    def __init__(self, *secrets: Secret) -> None:
        self._lock = threading.Lock()
        self._secrets = frozenset(secrets)
        self._search = _Search(self._secrets)

    def learn(self, secret: Secret) -> None:
        """Mask this secret too, from now on."""
        with self._lock:
            if secret not in self._secrets:
                self._secrets |= {secret}
                self._search = _Search(self._secrets)

    @property
    def state(self) -> object:
        """Another object whenever it has learned something."""
        return self._search

    def text(self, text: str) -> str:
        """Return `text` with dots for every secret; the same object when there is none in it."""
        if len(text) < self._search.shortest:
            return text
        data = text.encode("utf-8", "surrogatepass")
        masked = self.data(data)
        return text if masked is data else masked.decode("utf-8", "surrogatepass")

    def data(self, data: bytes) -> bytes:
        """Return `data` with dots, in UTF-8, for every secret; the same object as in `text`."""
        spans = self._spans(data)
        return b"".join(_dotted(data, spans)) if spans else data

    def pieces(self, data: bytes | mmap) -> Iterator[bytes] | None:
        """Return `data` with dots for every secret, bit by bit; None when there is none in it."""
        spans = self._spans(data)
        return _dotted(data, spans) if spans else None

    def _spans(self, data: bytes | mmap) -> list[Span]:
        search = self._search
        if len(data) < search.shortest:
            return []
        return [
            span
            for start in range(0, len(data), WINDOW)
            for span in search.spans(data, start, start + WINDOW + search.longest)
        ]


class _Search:
    """Finds every form of some secrets. It never changes. No `repr`, which would show them."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        values = [value for each in secrets if len(value := each.reveal()) >= SHORTEST]
        uuids = [value for value in values if _UUID.fullmatch(value)]
        spelled = [
            (value.lower(), value.upper()) if value in uuids else (value,) for value in values
        ]
        forms = {form for spellings in spelled for each in spellings for form in _forms(each)}
        folded = [value.lower().encode() for value in uuids]
        self._in_any_case = (*folded, *map(_wide, folded))
        self._exact = tuple(sorted(forms))
        self._escaped = [_any_escapes(spellings) for spellings in spelled]
        self._backslashed = not _SHORT_ESCAPES.isdisjoint("".join(values))
        self.shortest = min(map(len, values), default=sys.maxsize)
        self.longest = _ESCAPE_BYTES * max((len(value.encode()) for value in values), default=0)

    def spans(self, data: bytes | mmap, start: int, stop: int) -> Iterator[Span]:
        """Yield where a secret begins and ends between `start` and `stop`."""
        window = data[start:stop]
        for form in [form for form in self._exact if form in window]:
            yield from _places(window, form, start)
        folded = window.lower() if self._in_any_case else b""
        for form in [form for form in self._in_any_case if form in folded]:
            yield from _places(folded, form, start)
        if self._may_be_escaped(window):
            for pattern in self._escaped:
                for match in pattern.finditer(data, start, stop):
                    yield _with_backslashes(data, match.start()), match.end()

    def _may_be_escaped(self, window: bytes) -> bool:
        if self._backslashed and b"\\" in window:
            return True
        return (b"%" in window or b"\\u00" in window) and bool(_ESCAPE.search(window))


def _places(window: bytes, form: bytes, start: int) -> Iterator[Span]:
    place = window.find(form)
    while place >= 0:
        yield start + place, start + place + len(form)
        place = window.find(form, place + len(form))


def _with_backslashes(data: bytes | mmap, start: int) -> int:
    r"""Return where the escape at `start` begins, however deep it is nested.

    Of the backslashes in a row some may be escaped ones. JSON of `k` of them and an escape has an
    odd number, 2k + 1, and every further level doubles it: the power of two in it is the escape's.
    """
    first = last = start
    while data[last : last + 1] == b"\\":
        last += 1
    while data[first - 1 : first] == b"\\":
        first -= 1
    return last - ((last - first) & (first - last)) if last > start else start


def _dotted(data: bytes | mmap, spans: Iterable[Span]) -> Iterator[bytes]:
    kept = 0
    for first, last in sorted(spans):
        if first >= kept:
            yield from _cut(data, kept, first)
            yield _WIDE_STARS if data[first + 1] == 0 else _DOTS
        kept = max(kept, last)
    yield from _cut(data, kept, len(data))


def _cut(data: bytes | mmap, first: int, last: int) -> Iterator[bytes]:
    for start in range(first, last, _LONGEST_PIECE):
        yield data[start : min(start + _LONGEST_PIECE, last)]


def _wide(raw: bytes) -> bytes:
    """Return what UTF-16 of either byte order holds of ASCII."""
    return b"\0".join(raw[place : place + 1] for place in range(len(raw)))


def _forms(value: str) -> Iterator[bytes]:
    raw = value.encode("utf-8", "surrogatepass")
    yield raw
    if raw.isascii():
        yield _wide(raw)
    yield raw.decode("latin-1").encode()  # a header's text: each character stands for a byte
    yield json.dumps(value)[1:-1].encode()
    for form in (quote(raw), quote(raw, safe=""), quote_plus(raw)):
        yield form.encode()
        yield re.sub("%..", lambda escape: escape[0].lower(), form).encode()
    for core in _base64(raw):
        yield from {core, core.replace(b"/", rb"\/"), quote(core, safe="").encode()}


def _base64(raw: bytes) -> Iterator[bytes]:
    """Yield the characters of Base64 that `raw` alone decides, wherever in a text it begins."""
    for before in range(3):
        encoded = b64encode(bytes(before) + raw)
        core = encoded[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
        yield core
        yield core.translate(_TO_URL_SAFE)


def _any_escapes(spellings: Sequence[str]) -> re.Pattern[bytes]:
    """Return what finds a text with any of its characters escaped, in either spelling."""
    characters = zip(*spellings, strict=True)
    choices = ({way for each in set(either) for way in _escapes(each)} for either in characters)
    return re.compile(b"".join(b"(?:%s)" % b"|".join(sorted(ways)) for ways in choices))


def _escapes(character: str) -> Iterator[bytes]:
    raw = character.encode("utf-8", "surrogatepass")
    units = character.encode("utf-16-be", "surrogatepass")
    yield re.escape(raw)
    yield b"".join(rb"%%(?:25){0,2}%s" % _hexadecimal(byte) for byte in raw)
    pairs = zip(units[::2], units[1::2], strict=True)
    yield b"".join(rb"\\{1,8}u%s%s" % (_hexadecimal(a), _hexadecimal(b)) for a, b in pairs)
    if character in _SHORT_ESCAPES:
        yield rb"\\{1,8}%s" % re.escape(raw)


def _hexadecimal(byte: int) -> bytes:
    return b"".join(b"[%c%c]" % (ord(d), ord(d.upper())) for d in f"{byte:02x}")
