"""Text files of any encoding, read line by line with a limit on how long a line may be."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from refiner_desktop.sources.source import SourceUnreadable

ENCODINGS = (
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "iso-8859-1",
    "iso-8859-15",
    "cp1250",
    "cp1251",
    "shift_jis",
    "euc_kr",
    "gb18030",
    "big5",
)
"""Encodings that a person may choose, by the names that Python has for them."""

LONGEST_LINE = 8 * 1024 * 1024
"""Characters; longer lines come from files that are no tables."""

_HEAD = 64 * 1024
_JUDGED = 64 * 1024 * 1024
_READ_AT_ONCE = 1024 * 1024
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def encoding_of(path: Path) -> str:
    """Find out the encoding of a file. Raises `SourceUnreadable` where it is no text.

    The first 64 MB decide: the first letter with an accent may come late.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        return _utf_16_of(head)
    return next((each for each in ("utf-8", "cp1252") if _fits(path, each)), "iso-8859-1")


def head(path: Path, encoding: str) -> str:
    """Return how a text begins. Raises `OSError`."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        return file.read(_READ_AT_ONCE).removeprefix("\ufeff")


def lines(path: Path, encoding: str) -> Iterator[str]:
    """Yield the lines with their ends. Raises `SourceUnreadable` and `OSError`."""
    number = 0
    try:
        with path.open(encoding=encoding, newline="", buffering=_READ_AT_ONCE) as file:
            read = partial(file.readline, LONGEST_LINE)
            for number, line in enumerate(iter(read, ""), start=1):
                if len(line) == LONGEST_LINE:
                    raise SourceUnreadable(f"Line {number} of the file is too long for a table.")
                yield line.removeprefix("\ufeff") if number == 1 else line
    except UnicodeError:
        raise SourceUnreadable(
            f"The text after line {number} of the file is not {encoding.upper()}: "
            "choose another encoding."
        ) from None


def _utf_16_of(head: bytes) -> str:
    """Judge by the zeros in every other byte, which commas and line ends have in any language."""
    encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise SourceUnreadable("This is not a text file, nor a workbook.")
    return encoding


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            for _ in range(_JUDGED // _READ_AT_ONCE):
                part = file.read(_READ_AT_ONCE)
                decoder.decode(part, final=not part)
                if not part:
                    break
        except UnicodeDecodeError:
            return False
    return True
