"""A JSON file read object by object, however large the list is that they are in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Self, TextIO

from refiner_desktop.sources.source import SourceUnreadable

LONGEST_VALUE = 8 * 1024 * 1024
"""Characters; a larger value than this among the rows can't be sent anyway."""

_READ_AT_ONCE = 1024 * 1024
_BLANK = re.compile(r"[ \t\r\n]*")
_END = ""
_IN_NUMBERS = "0123456789.eE+-"  # and nothing, which is in any text
_LONGEST_TOKEN = 16


class Decimal(float):
    """A number with a point or an exponent; as a `float` it loses digits that `text` has."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read a number of a JSON text."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def decoded(text: str) -> object:
    """Return the value of a whole JSON text. Raises `ValueError` or `RecursionError`."""
    return _DECODER.decode(text)


def listed(path: Path, encoding: str) -> Iterator[object]:
    """Yield what is in the list of a file, be it the whole or the first list of objects in it.

    Raises `SourceUnreadable` or `OSError`.
    """
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from _Stream(file).listed()
    except UnicodeError:
        raise SourceUnreadable(
            f"The file is not {encoding.upper()} throughout: choose another encoding."
        ) from None


def _not_json(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_not_json, parse_float=Decimal)


class _Stream:
    """A window that moves over the text: `_text` from `_at` on is still to be read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = file.read(_READ_AT_ONCE).removeprefix("\ufeff")
        self._at = 0
        self._values = 0

    def listed(self) -> Iterator[object]:
        """Yield the values of the list."""
        match self._next():
            case "[":
                yield from self._items()
            case "{" if self._find_list():
                yield from self._items()
            case mark:
                raise self._unreadable("it is empty" if mark == _END else "it holds no list")

    def _items(self) -> Iterator[object]:
        self._take("[")
        if self._next() == "]":
            return
        while True:
            yield self._value()
            self._values += 1
            if self._next() != ",":
                self._take("]")
                return
            self._take(",")

    def _find_list(self) -> bool:
        """Move to the first list of objects, or empty list, among the values of an object."""
        self._take("{")
        while self._next() == '"':
            self._value()
            self._take(":")
            if self._next() == "[" and self._second() in "{]":
                return True
            self._value()
            if self._next() == ",":
                self._take(",")
        return False

    def _value(self) -> object:
        """Return the next value, once enough was read to know where it ends."""
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise self._unreadable("it is nested too deeply") from None
            except ValueError as exc:
                if self._is_broken(exc) or not self._more():
                    raise self._unreadable(getattr(exc, "msg", str(exc))) from None
                continue
            if self._text[end : end + 1] not in _IN_NUMBERS or not self._more():
                self._at = end
                return value

    def _is_broken(self, error: ValueError) -> bool:
        """Tell what can't be read from what only goes on in the next piece."""
        if not isinstance(error, json.JSONDecodeError):
            return True
        unfinished = error.msg.startswith("Unterminated")
        return not unfinished and error.pos < len(self._text) - _LONGEST_TOKEN

    def _take(self, mark: str) -> None:
        if self._next() != mark:
            raise self._unreadable(f"“{mark}” is missing")
        self._at += 1

    def _next(self) -> str:
        """Move over blanks and return the character that follows, nothing at the end."""
        while True:
            self._at = self._after_blanks(self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return _END

    def _second(self) -> str:
        """Return the character after the next one, without moving."""
        while (at := self._after_blanks(self._at + 1)) >= len(self._text) and self._more():
            pass
        return self._text[at : at + 1]

    def _after_blanks(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at

    def _more(self) -> bool:
        """Read on and forget what is done; return whether there was more."""
        if len(self._text) - self._at > LONGEST_VALUE:
            raise self._unreadable("it is too large for a row")
        part = self._file.read(_READ_AT_ONCE)
        self._text, self._at = self._text[self._at :] + part, 0
        return bool(part)

    def _unreadable(self, reason: str) -> SourceUnreadable:
        line = self._values + 1
        return SourceUnreadable(f"The JSON breaks off at object {line}: {reason}.", line)
