"""What a table from a file is: its columns, its first rows, and how it is read."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Self

from refiner_desktop.sources.kinds import Kind, kind_of

SAMPLES = 50
"""Rows that are shown before the whole file is read."""


class Format(StrEnum):
    """How a file is built. CSV is text with any delimiter."""

    CSV = "CSV"
    EXCEL = "Excel"
    JSON = "JSON"
    JSON_LINES = "JSON Lines"


class SourceUnreadable(Exception):
    """The file is no table; the message says what is wrong, and `line` where, as in a `Row`.

    A `line` of 0 is the file as a whole.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class NothingToRead(SourceUnreadable):
    """There are no rows in whatever way it is read; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How a file is to be read; what is empty is found out.

    An opened source says what is in force, with nothing empty that its format needs.
    """

    format: Format | None = None
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    has_header: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Names are unique within a source and never empty.

    `title` is what the file itself has for a name, be it empty or the same as another's.
    """

    name: str
    kind: Kind = Kind.TEXT
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number among the rows of data, and as many cells as there are columns.

    `line` is where a person finds it: the line of a text that it begins in, the row of a sheet,
    the place in a JSON list. Both count from 1. An empty cell is an empty text. With a `problem`
    the row can't be used; its cells are what could be read of it.
    """

    number: int
    line: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Source(ABC):
    """A table in a file. Nothing but its first rows, `samples`, is kept in memory.

    `sheets` are the names of a workbook's sheets, and empty in other formats.
    """

    path: Path
    options: SourceOptions
    columns: tuple[Column, ...]
    samples: tuple[Row, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Yield every row from the beginning. Raises `SourceUnreadable` or `OSError`."""

    def fingerprint(self) -> str:
        """Return the SHA-256 of the file as it is now, in hexadecimal digits. Raises `OSError`."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def around(self, line: int, should_stop: Callable[[], bool]) -> tuple[Row, ...]:
        """Return about as many rows as samples, the one in this line in their midst.

        Where the file breaks off, or on request, there are fewer. Raises `OSError`.
        """
        found: deque[Row] = deque(maxlen=SAMPLES)
        left = SAMPLES // 2
        with suppress(SourceUnreadable):
            for row in self.rows():
                found.append(row)
                left -= row.line >= line
                if not left or should_stop():
                    break
        return tuple(found)

    def sampled(self, rows: Iterable[Row]) -> Self:
        """Return the same with the first of `rows`, and with what they say about its columns."""
        taken = replace(self, samples=tuple(islice(rows, SAMPLES)))
        kinds = map(kind_of, taken.sample_values())
        columns = zip(self.columns, kinds, strict=True)
        return replace(taken, columns=tuple(replace(each, kind=kind) for each, kind in columns))

    def sample_values(self) -> list[tuple[str, ...]]:
        """Return the cells of the samples by column, without the rows that have a problem."""
        usable = [row.cells for row in self.samples if not row.problem]
        return list(zip(*usable, strict=True)) if usable else [()] * len(self.columns)
