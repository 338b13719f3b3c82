"""Where the caret goes when a key moves it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from refiner_desktop.ui.widgets.text_view.characters import TAB_CELLS
from refiner_desktop.ui.widgets.text_view.selection import next_word, previous_word

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.layout import Layout


class Motion(Enum):
    """A way to move the caret."""

    LEFT = auto()
    RIGHT = auto()
    WORD_LEFT = auto()
    WORD_RIGHT = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    LINE_START = auto()
    LINE_END = auto()
    TEXT_START = auto()
    TEXT_END = auto()

    @property
    def is_vertical(self) -> bool:
        """Whether the caret keeps its column, also across shorter rows."""
        return self in {Motion.UP, Motion.DOWN, Motion.PAGE_UP, Motion.PAGE_DOWN}


def moved(layout: Layout, offset: int, motion: Motion, *, page: int, column: int) -> int:
    """Return the offset after `motion`. `page` is in rows; `column` is the one to keep."""
    if motion.is_vertical:
        return _vertically(layout, offset, motion, page, column)
    return _out_of_folds(
        layout, _HORIZONTALLY[motion](layout, offset), forwards=motion in _FORWARDS
    )


def _out_of_folds(layout: Layout, offset: int, *, forwards: bool) -> int:
    """Return `offset`, or where the text goes on behind or before the fold that hides it."""
    line = layout.lines.at(offset)
    holder = layout.folds.holder(line)
    if holder == line:
        return offset
    following = layout.folds.after(holder)
    if forwards and following < len(layout.lines):
        return layout.lines.start(following)
    return layout.lines.end(holder)


def _vertically(layout: Layout, offset: int, motion: Motion, page: int, column: int) -> int:
    rows = page if motion in {Motion.PAGE_UP, Motion.PAGE_DOWN} else 1
    upwards = motion in {Motion.UP, Motion.PAGE_UP}
    row = layout.place(offset)[0] + (-rows if upwards else rows)
    if row < 0:
        return 0
    if row >= layout.row_count:
        return _text_end(layout)
    return layout.offset_at(row, column)


def _left(layout: Layout, offset: int) -> int:
    line, column = layout.lines.at(offset), layout.columns.column_of(offset)
    piece = layout.columns.piece(line, max(column - TAB_CELLS, 0), column)
    before = bisect_left(piece.columns, column) - 1
    if before < 0:
        return layout.lines.end(line - 1) if line else 0
    return piece.offset_at(piece.columns[before])


def _right(layout: Layout, offset: int) -> int:
    line, column = layout.lines.at(offset), layout.columns.column_of(offset)
    piece = layout.columns.piece(line, column, column + TAB_CELLS + 1)
    after = bisect_right(piece.columns, column)
    if after == len(piece.columns):
        return layout.lines.start(line + 1) if line + 1 < len(layout.lines) else piece.offsets[-1]
    return piece.offset_at(piece.columns[after])


def _line_start(layout: Layout, offset: int) -> int:
    return layout.lines.start(layout.lines.at(offset))


def _line_end(layout: Layout, offset: int) -> int:
    return layout.lines.end(layout.lines.at(offset))


def _text_end(layout: Layout) -> int:
    return _out_of_folds(layout, len(layout.lines.data), forwards=False)


_FORWARDS = {Motion.RIGHT, Motion.WORD_RIGHT}
_HORIZONTALLY: dict[Motion, Callable[[Layout, int], int]] = {
    Motion.LEFT: _left,
    Motion.RIGHT: _right,
    Motion.WORD_LEFT: lambda layout, offset: previous_word(layout.lines, offset),
    Motion.WORD_RIGHT: lambda layout, offset: next_word(layout.lines, offset),
    Motion.LINE_START: _line_start,
    Motion.LINE_END: _line_end,
    Motion.TEXT_START: lambda layout, offset: 0,
    Motion.TEXT_END: lambda layout, offset: _text_end(layout),
}
