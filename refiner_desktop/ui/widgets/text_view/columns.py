"""Between byte offsets and columns: which cell of a fixed-pitch grid a character stands in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from refiner_desktop.ui.widgets.text_view.characters import (
    FIRST_COMBINING,
    boundary,
    byte_length,
    cell_width,
    decode,
)
from refiner_desktop.ui.widgets.text_view.content import Content, chunks
from refiner_desktop.ui.widgets.text_view.lines import LineIndex, Lines, Offsets

_BLOCK = 1024
_CHUNK = 1 << 18
_LONGEST_PIECE = 1 << 16

Codes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring characters of one line.

    `offsets` and `columns` have one entry per character and one for the end of the last.
    """

    text: str
    offsets: Sequence[int]
    columns: Sequence[int]

    def column_of(self, offset: int) -> int:
        """Return the column of the character at `offset`, kept inside the piece."""
        return self.columns[max(bisect_right(self.offsets, offset) - 1, 0)]

    def offset_at(self, column: int) -> int:
        """Return the offset of the character over `column`, past the marks on the one before."""
        return self.offsets[max(bisect_right(self.columns, column) - 1, 0)]


class ColumnIndex(Protocol):
    """Maps the offsets of a text to columns and back."""

    @property
    def lines(self) -> LineIndex:
        """The lines of the text."""

    @property
    def widest(self) -> int:
        """The number of cells that the widest line takes."""

    def width(self, line: int) -> int:
        """Return how many cells `line` takes."""

    def column_of(self, offset: int) -> int:
        """Return the column in its line of the character at `offset`."""

    def offset_at(self, line: int, column: int) -> int:
        """Return the offset of the character of `line` over `column`, or the line's end."""

    def piece(self, line: int, first: int, last: int) -> Piece:
        """Return the characters of `line` in the columns from `first` to before `last`."""


class Columns:
    """Maps offsets to columns and back, decoding only a neighbourhood.

    Where every byte is a cell the mapping is arithmetic. Elsewhere the number of cells before every
    `_BLOCK`th byte is kept, so that even in a line of megabytes the work is that of one block.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        starts, ends = lines.starts, lines.ends()
        self._plain = all(map(_is_plain, chunks(lines.data)))
        if self._plain:
            self.widths = (ends - starts).astype(np.uint32)
        else:
            self._marks = np.fromiter(_marks(lines.data), np.int64)
            before = _cells_before(lines.data, np.concatenate([starts, ends, self._marks]))
            first, last, self._mark_cells = np.split(before, [len(starts), 2 * len(starts)])
            self._first_cells = first
            self.widths = (last - first).astype(np.uint32)
        self.widest = int(self.widths.max())

    def width(self, line: int) -> int:
        """Return how many cells `line` takes."""
        return int(self.widths[line])

    def longer_than(self, width: int) -> Offsets:
        """Return the lines that take more cells than `width`."""
        return np.flatnonzero(self.widths > width)

    def column_of(self, offset: int) -> int:
        """Return the column in its line of the character at `offset`."""
        line = self.lines.at(offset)
        start, end = self.lines.start(line), self.lines.end(line)
        if self._plain:
            return min(offset, end) - start
        begin, column = self._mark_at_offset(line, offset)
        upto = min(boundary(self.lines.data, offset), end)
        return _piece(self.lines.data[begin:upto], begin, column).columns[-1]

    def offset_at(self, line: int, column: int) -> int:
        """Return the offset of the character of `line` over `column`, or the line's end."""
        return self.piece(line, column, column + 1).offset_at(column)

    def piece(self, line: int, first: int, last: int) -> Piece:
        """Return the characters of `line` in the columns from `first` to before `last`.

        Some of their neighbours may come along.
        """
        start, end = self.lines.start(line), self.lines.end(line)
        if self._plain:
            begin, stop = min(start + first, end), min(start + last, end)
            text = self.lines.data[begin:stop].decode("ascii")
            return Piece(text, range(begin, stop + 1), range(begin - start, stop - start + 1))
        begin, column = self._mark_at_column(line, min(first, int(self.widths[line])))
        stop = min(end, self._mark_past_column(line, last), begin + _LONGEST_PIECE)
        return _piece(self.lines.data[begin : boundary(self.lines.data, stop)], begin, column)

    def _mark_at_offset(self, line: int, offset: int) -> tuple[int, int]:
        return self._from_mark(line, int(np.searchsorted(self._marks, offset, side="right")) - 1)

    def _mark_at_column(self, line: int, column: int) -> tuple[int, int]:
        cells = int(self._first_cells[line]) + column
        # Left, so that marks without a width of their own stay with the character before them.
        return self._from_mark(line, int(np.searchsorted(self._mark_cells, cells)) - 1)

    def _mark_past_column(self, line: int, column: int) -> int:
        cells = int(self._first_cells[line]) + column
        mark = int(np.searchsorted(self._mark_cells, cells, side="right"))
        return int(self._marks[mark]) if mark < len(self._marks) else len(self.lines.data)

    def _from_mark(self, line: int, mark: int) -> tuple[int, int]:
        start = self.lines.start(line)
        if mark < 0 or self._marks[mark] <= start:
            return start, 0
        return int(self._marks[mark]), int(self._mark_cells[mark] - self._first_cells[line])


def _is_plain(data: bytes) -> bool:
    return data.isascii() and b"\t" not in data


def _piece(data: bytes, offset: int, column: int) -> Piece:
    if _is_plain(data):
        text, size = data.decode("ascii"), len(data) + 1
        return Piece(text, range(offset, offset + size), range(column, column + size))
    text = decode(data)
    # Not with numpy: it lets other threads run, for which every row that is painted would wait.
    return Piece(
        text,
        list(accumulate(map(byte_length, text), initial=offset)),
        list(accumulate(map(cell_width, text), initial=column)),
    )


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def byte_lengths(text: str) -> npt.NDArray[np.uint8]:
    """Return how many bytes each character of a decoded text came from."""
    return _byte_lengths(_codes(text))


def _byte_lengths(codes: Codes) -> npt.NDArray[np.uint8]:
    """Return how many bytes each decoded character came from."""
    lengths = np.ones(len(codes), np.uint8)
    for first_of_longer in (0x80, 0x800, 0x10000):
        lengths += codes >= first_of_longer
    lengths[(codes >= 0xDC80) & (codes <= 0xDCFF)] = 1
    return lengths


def _cell_widths(codes: Codes) -> npt.NDArray[np.uint8]:
    """Return `cell_width` of every character."""
    table = np.ones(int(codes.max(initial=0)) + 1, np.uint8)
    special = np.unique(codes[(codes >= FIRST_COMBINING) | (codes == ord("\t"))])
    table[special] = [cell_width(chr(code)) for code in special.tolist()]
    return table[codes]


def _marks(data: Content, step: int = _BLOCK) -> Iterator[int]:
    return (boundary(data, offset) for offset in range(0, len(data), step))


def _cells_before(data: Content, offsets: Offsets) -> Offsets:
    """Return how many cells the characters before each of `offsets` take.

    Ends of lines count as cells too, which cancels out inside a line.
    """
    order = np.argsort(offsets, kind="stable")
    wanted, cells = offsets[order], np.empty_like(offsets)
    bounds = [*_marks(data, _CHUNK), len(data)]
    before = done = 0
    for begin, end in pairwise(bounds):
        upto = int(np.searchsorted(wanted, end, side="right"))
        inside, total = _cells_in_chunk(data[begin:end], wanted[done:upto] - begin)
        cells[order[done:upto]] = inside + before
        before, done = before + total, upto
    return cells


def _cells_in_chunk(chunk: bytes, offsets: Offsets) -> tuple[Offsets, int]:
    if _is_plain(chunk):
        return offsets, len(chunk)
    codes = _codes(decode(chunk))
    ends = np.cumsum(_byte_lengths(codes), dtype=np.int64)
    cells = np.concatenate([[0], np.cumsum(_cell_widths(codes), dtype=np.int64)])
    return cells[np.searchsorted(ends, offsets, side="right")], int(cells[-1])
