"""Which row of the view shows what: lines as they are, or wrapped to a width, or folded away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refiner_desktop.ui.widgets.text_view.columns import ColumnIndex, Columns
from refiner_desktop.ui.widgets.text_view.folding import Folds
from refiner_desktop.ui.widgets.text_view.lines import Offsets


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the view: the columns of `line` from `first` to before `last`.

    They are shown `indent` cells from the left edge.
    """

    line: int
    first: int
    last: int
    indent: int
    ends_line: bool


class Layout:
    """Rows over the lines of a text. `wrap` is the width of a row in cells, None for no wrapping.

    A wrapped line goes on under its own indent. Rows are cut by arithmetic, so only the lines that
    are longer than a row are listed; a wide character at the edge hangs over by one cell. Lines
    inside of `folds` have no rows.
    """

    def __init__(
        self, columns: ColumnIndex, wrap: int | None = None, folds: Folds | None = None
    ) -> None:
        self.columns = columns
        self.lines = columns.lines
        self.folds = folds or Folds()
        self.widest = columns.widest
        self._wrap = wrap or max(self.widest, 1)
        self._long = self._indents = extra = _NONE
        if self.widest > self._wrap and isinstance(columns, Columns):
            self._long = self.folds.shown(columns.longer_than(self._wrap))
            self._indents = _indents(columns, self._long, self._wrap // 2)
            further = columns.widths[self._long].astype(np.int64) - self._wrap
            extra = -(-further // (self._wrap - self._indents))
        self._extra = np.cumsum(extra)
        self._long_rows = self.folds.numbers_of(self._long) + self._extra - extra
        self.row_count = len(self.lines) - self.folds.hidden_count + int(extra.sum())

    def row(self, number: int) -> Row:
        """Return what row `number` shows."""
        nearest = int(np.searchsorted(self._long_rows, number, side="right")) - 1
        if nearest < 0:
            return self._row(self.folds.line_of(number), 0, 0)
        line = self.folds.line_of(number - int(self._extra[nearest]))
        long = int(self._long[nearest])
        if line > long:
            return self._row(line, 0, 0)
        part = number - int(self._long_rows[nearest])
        return self._row(long, part, int(self._indents[nearest]))

    def row_of(self, line: int) -> int:
        """Return the first row of `line`, which is shown or is the one past the last."""
        before = int(np.searchsorted(self._long, line))
        return self.folds.number_of(line) + (int(self._extra[before - 1]) if before else 0)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the row of `offset` and the cell in it, counted from the left edge.

        What is folded away has its place at the end of the line that stands for it.
        """
        line = self.lines.at(offset)
        holder = self.folds.holder(line)
        if holder != line:
            line, offset = holder, self.lines.end(holder)
        column = self.columns.column_of(offset)
        first = self.row_of(line)
        nearest = int(np.searchsorted(self._long, line))
        if column < self._wrap or nearest == len(self._long) or self._long[nearest] != line:
            return first, column
        indent = int(self._indents[nearest])
        # The end of a line that fills its last row is shown there, and not in a row of its own.
        last_part = self.row_of(self.folds.after(line)) - first - 1
        part = min(1 + (column - self._wrap) // (self._wrap - indent), last_part)
        return first + part, column - self._row(line, part, indent).first + indent

    def offset_at(self, row: int, cell: int) -> int:
        """Return the offset under a cell of the view; both are kept inside the text."""
        shown = self.row(min(max(row, 0), self.row_count - 1))
        # One past the last cell is where the next row begins, unless the line ends there.
        limit = shown.last if shown.ends_line else shown.last - 1
        column = shown.first + max(cell - shown.indent, 0)
        return self.columns.offset_at(shown.line, min(column, limit))

    def _row(self, line: int, part: int, indent: int) -> Row:
        width = self.columns.width(line)
        if part == 0:
            return Row(line, 0, self._wrap, 0, ends_line=self._wrap >= width)
        first = self._wrap + (part - 1) * (self._wrap - indent)
        last = first + self._wrap - indent
        return Row(line, first, last, indent, ends_line=last >= width)


_NONE: Offsets = np.zeros(0, np.int64)


def _indents(columns: Columns, lines: Offsets, most: int) -> Offsets:
    """Return how many blanks each of `lines`, which are longer than `most`, begins with."""
    octets = np.frombuffer(columns.lines.data, np.uint8)
    starts = columns.lines.starts[lines]
    indents = np.zeros(len(lines), np.int64)
    indented = np.arange(len(lines))
    for depth in range(most):
        indented = indented[octets[starts[indented] + depth] == ord(" ")]
        if not len(indented):
            break
        indents[indented] += 1
    return indents
