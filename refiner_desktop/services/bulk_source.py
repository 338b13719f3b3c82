"""A CSV file of users, read line by line and never as a whole."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

PREVIEW_ROWS = 5
SNIFFED = 64 * 1024
READ_AT_ONCE = 1024 * 1024
FIELD_LIMIT = 10 * 1024 * 1024
DELIMITERS = ",;\t|"


class SourceUnreadable(Exception):
    """The file is no table; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A CSV file with a header. `samples` are its first lines of data, as wide as the header."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield number and cells of every line of data, from 1. Raises `SourceUnreadable`."""
        with _readable(self.path, self.encoding) as file:
            lines = csv.reader(file, delimiter=self.delimiter)
            next(lines)
            width = len(self.columns)
            try:
                for number, cells in enumerate((line for line in lines if line), start=1):
                    yield number, tuple((cells + [""] * width)[:width])
            except (csv.Error, UnicodeError) as exc:
                raise SourceUnreadable(str(exc)) from exc

    def fingerprint(self) -> str:
        """Return the SHA-256 of the file, which a run keeps beside its path."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def open_source(path: Path) -> Source:
    """Look at the beginning of a file. Raises `SourceUnreadable` or `OSError`."""
    csv.field_size_limit(FIELD_LIMIT)
    encoding = _encoding(path)
    with _readable(path, encoding) as file:
        delimiter = _delimiter(file.read(SNIFFED))
        file.seek(0)
        try:
            lines = list(islice(csv.reader(file, delimiter=delimiter), PREVIEW_ROWS + 1))
        except (csv.Error, UnicodeError) as exc:
            raise SourceUnreadable(str(exc)) from exc
    if not lines or not any(lines[0]):
        raise SourceUnreadable("the file is empty, or its first line names no columns")
    columns = tuple(name.strip() for name in lines[0])
    width = len(columns)
    samples = tuple(tuple((line + [""] * width)[:width]) for line in lines[1:])
    return Source(path, encoding, delimiter, columns, samples)


def _encoding(path: Path) -> str:
    """Judge by the whole file: the first letter with an accent may come late."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while part := file.read(READ_AT_ONCE):
                decoder.decode(part)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(text: str) -> str:
    try:
        return csv.Sniffer().sniff(text, DELIMITERS).delimiter
    except csv.Error:  # a single column has no delimiter to find
        return ","


def _readable(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")
