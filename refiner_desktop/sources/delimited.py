"""CSV and its relatives: text with a delimiter between the cells."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from refiner_desktop.sources.shaping import Record, header_columns, require_same, shaped
from refiner_desktop.sources.source import Format, Row, Source, SourceOptions, SourceUnreadable
from refiner_desktop.sources.text import encoding_of, lines

DELIMITERS = (",", ";", "\t", "|")

_JUDGED_LINES = 30


class DelimitedSource(Source):
    """A text file with a row on each line, or on several where quotes say so."""

    __slots__ = ()

    def rows(self) -> Iterator[Row]:
        """Yield every row. Raises `SourceUnreadable` or `OSError`."""
        records = _records(self.path, self.options)
        if self.options.has_header:
            require_same(self.columns, header_columns(_first(records), has_header=True))
        yield from shaped(records, self.columns, self.options.delimiter)


def open_delimited(path: Path, options: SourceOptions) -> DelimitedSource:
    """Look at the beginning of a file. Raises `SourceUnreadable` or `OSError`."""
    encoding = options.encoding or encoding_of(path)
    delimiter = options.delimiter or _delimiter_of(path, encoding)
    options = replace(options, format=Format.CSV, encoding=encoding, delimiter=delimiter, sheet="")
    columns = header_columns(_first(_records(path, options)), has_header=options.has_header)
    source = DelimitedSource(path, options, columns)
    return source.sampled(source.rows())


class _Lines:
    """Lines for a csv reader, which asks for more than there are only to end with no row.

    A row that comes once `exhausted` was cut off by the end of the file: a quote never closed.
    """

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self.last = ""
        self.exhausted = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source, None)
        if line is None:
            self.exhausted = True
            raise StopIteration
        self.last = line
        return line


def _first(records: Iterator[Record]) -> Sequence[str]:
    """Return the cells of the first record. Raises `SourceUnreadable` where they can't be read."""
    line, cells = next(records, (0, []))
    if cells is None:
        raise SourceUnreadable("A cell of the first line is too long.", line)
    return cells


def _records(path: Path, options: SourceOptions) -> Iterator[Record]:
    """Yield every row that is not blank, the header too."""
    source = _Lines(lines(path, options.encoding))
    reader = csv.reader(source, delimiter=options.delimiter)
    while True:
        begun = reader.line_num + 1
        cells: list[str] | None
        try:
            cells = next(reader, [])
        except csv.Error:  # which it says of a cell beyond its limit, 131,072 characters
            if reader.line_num > begun or source.last.count('"') % 2:
                text = f"A cell of line {begun} of the file is too long"
                raise SourceUnreadable(f"{text}: perhaps a quote never closes.", begun) from None
            cells = None
        if source.exhausted:
            if cells:
                text = f"A quote that opens in line {begun} of the file never closes."
                raise SourceUnreadable(text, begun)
            return
        if cells != []:
            yield begun, cells


def _delimiter_of(path: Path, encoding: str) -> str:
    """Return the delimiter that cuts most of the first lines into as many cells as the first."""
    judged = islice(lines(path, encoding), _JUDGED_LINES)
    text = [line for line in judged if len(line) < csv.field_size_limit()]

    def agreement(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(text, delimiter=delimiter) if cells]
        except csv.Error:
            widths = []
        width = widths[0] if widths else 0
        return (widths.count(width), width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=agreement)
