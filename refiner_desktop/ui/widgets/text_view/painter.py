"""Paints the visible rows of a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from refiner_desktop.ui.widgets.text_view.changes import Change
from refiner_desktop.ui.widgets.text_view.columns import Piece
from refiner_desktop.ui.widgets.text_view.document import Document
from refiner_desktop.ui.widgets.text_view.highlight import Kind, Span, spans
from refiner_desktop.ui.widgets.text_view.layout import Layout, Row
from refiner_desktop.ui.widgets.text_view.look import Gutter, Look
from refiner_desktop.ui.widgets.text_view.matches import Matches
from refiner_desktop.ui.widgets.text_view.selection import Selection

# A key is known by the colon after it, which may stand beyond the right edge.
_LOOK_AHEAD = 200
_NEXT_LINE_CELLS = 0.6
_CARET_PIXELS = 2
_SIGN_PIXELS = 1.6
_MOST_MARKS = 16
_NOTE_CORNER = 4
NOTE_GAP = 0.5
"""The blank before, inside of and behind what stands for folded lines, in cells."""

# Fonts of fixed pitch have these letters; others come from any font and are placed one by one.
_FIXED_PITCH = re.compile(r"[^\t\u0250-\U0010ffff]+")
_VISIBLE = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421}
_VISIBLE |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


@dataclass(frozen=True, slots=True)
class FoldNote:
    """What stands for the lines that a fold hides, and the rest of the last of them."""

    words: str
    tail: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be painted: a text, and what is marked in it. `first_column` is scrolled to.

    `brackets` are the offsets of two that belong together; `fold_note` is asked for every folded
    region that can be seen.
    """

    document: Document
    layout: Layout
    gutter: Gutter
    selection: Selection
    matches: Matches
    current_match: int
    brackets: Sequence[int]
    fold_note: Callable[[int], FoldNote]
    first_row: int
    first_column: int
    has_focus: bool


class ScenePainter:
    """Paints a scene row by row, decoding and colouring only what can be seen."""

    def __init__(self, painter: QPainter, look: Look, scene: Scene, width: int, height: int):
        self._painter, self._look, self._scene = painter, look, scene
        self._width, self._height = width, height
        self._grid = look.grid
        self._gutter = scene.gutter.width
        colours = look.colours
        self._pens = {
            Kind.KEY: QColor(colours.key),
            Kind.STRING: QColor(colours.string),
            Kind.NUMBER: QColor(colours.number),
            Kind.LITERAL: QColor(colours.literal),
            Kind.PUNCTUATION: QColor(colours.punctuation),
            Kind.OTHER: look.text,
        }
        self._under = {
            Change.CHANGED: QColor(colours.changed),
            Change.ONLY_HERE: QColor(colours.only_here),
            Change.MISSING: QColor(colours.missing),
        }

    def paint(self) -> None:
        """Paint all rows that fit."""
        scene = self._scene
        caret_row, caret_column = scene.layout.place(scene.selection.caret)
        fitting = -(-self._height // self._grid.row)
        last_row = min(scene.first_row + fitting, scene.layout.row_count)
        caret_line = scene.layout.row(caret_row).line
        for number in range(scene.first_row, last_row):
            row, top = scene.layout.row(number), (number - scene.first_row) * self._grid.row
            self._paint_change(row, top)
            if number == caret_row and self._marks_caret_line(row):
                self._fill(QRectF(0, top, self._width, self._grid.row), self._look.caret_line)
            if row.first == 0:
                self._paint_line_number(row, top, is_current=row.line == caret_line)
                self._paint_fold_sign(row, top)
            self._paint_row(row, top)
            if number == caret_row and scene.has_focus:
                self._paint_caret(caret_column, top)

    def _marks_caret_line(self, row: Row) -> bool:
        scene = self._scene
        is_changed = scene.document.change(row.line) is not Change.SAME
        return scene.has_focus and not scene.selection and not is_changed

    def _paint_change(self, row: Row, top: float) -> None:
        change = self._scene.document.change(row.line)
        if change is not Change.SAME:
            self._fill(QRectF(0, top, self._width, self._grid.row), self._under[change])
            if row.first == 0:
                self._painter.setPen(self._look.text)
                at = self._scene.gutter.numbers + self._grid.cell / 2
                self._painter.drawText(QPointF(at, top + self._grid.ascent), change.sign)

    def _paint_line_number(self, row: Row, top: float, *, is_current: bool) -> None:
        number = self._scene.document.line_number(row.line)
        if number is None:
            return
        self._painter.setPen(
            self._look.text if is_current else QColor(self._look.colours.line_number)
        )
        area = QRectF(0, top, self._scene.gutter.numbers, self._grid.row)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(area, flags, str(number))

    def _paint_fold_sign(self, row: Row, top: float) -> None:
        folds = self._scene.layout.folds
        region = folds.regions.at(row.line)
        if region is None:
            return
        arm = self._grid.cell * 0.42
        middle = QPointF(
            self._scene.gutter.numbers + self._grid.cell * 1.1, top + self._grid.row / 2
        )
        if folds.is_folded(region):
            corners = [QPointF(-arm / 2, -arm), QPointF(arm / 2, 0), QPointF(-arm / 2, arm)]
        else:
            corners = [QPointF(-arm, -arm / 2), QPointF(0, arm / 2), QPointF(arm, -arm / 2)]
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(QPen(QColor(self._look.colours.line_number), _SIGN_PIXELS))
        self._painter.drawPolyline(QPolygonF([middle + corner for corner in corners]))
        self._painter.restore()

    def _paint_row(self, row: Row, top: float) -> None:
        first = row.first + self._scene.first_column
        last = min(row.last, first + int((self._width - self._gutter) / self._grid.cell) + 1)
        piece = self._scene.layout.columns.piece(row.line, first, last + _LOOK_AHEAD)
        self._painter.save()
        self._painter.setClipRect(QRectF(self._gutter, top, self._width, self._grid.row))
        self._painter.translate(self._gutter + (row.indent - first) * self._grid.cell, top)
        self._paint_marks(row, piece, first, last)
        left, right = bisect_left(piece.columns, first), bisect_left(piece.columns, last)
        for part in self._parts(piece):
            if part.start >= right:
                break
            begin, end = max(part.start, left), min(part.end, right)
            if begin < end:
                self._painter.setPen(self._pens[part.kind])
                self._paint_text(piece.text[begin:end], piece.columns[begin : end + 1])
        if row.ends_line:
            self._paint_fold_note(row)
        self._painter.restore()

    def _paint_fold_note(self, row: Row) -> None:
        folds = self._scene.layout.folds
        region = folds.regions.at(row.line)
        if region is None or not folds.is_folded(region):
            return
        note, cell = self._scene.fold_note(region), self._grid.cell
        column = self._scene.layout.columns.width(row.line) + NOTE_GAP
        words = len(note.words)
        area = QRectF(column * cell, 2, (words + 2 * NOTE_GAP) * cell, self._grid.row - 4)
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setBrush(self._look.note)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.drawRoundedRect(area, _NOTE_CORNER, _NOTE_CORNER)
        self._painter.restore()
        self._painter.setPen(self._pens[Kind.PUNCTUATION])
        for at, text in (
            (column + NOTE_GAP, note.words),
            (column + words + 3 * NOTE_GAP, note.tail),
        ):
            self._painter.drawText(QPointF(at * cell, self._grid.ascent), text)

    def _parts(self, piece: Piece) -> Iterator[Span]:
        strings = self._scene.document.strings
        if strings is None:
            return iter([Span(0, len(piece.text), Kind.OTHER)])
        return spans(piece.text, in_string=strings.open_at(piece.offsets[0]))

    def _paint_text(self, text: str, columns: Sequence[int]) -> None:
        if text.isspace():
            return
        for begin, end in _runs(text, columns):
            at = QPointF(columns[begin] * self._grid.cell, self._grid.ascent)
            self._painter.drawText(at, text[begin:end].translate(_VISIBLE))

    def _paint_marks(self, row: Row, piece: Piece, first: int, last: int) -> None:
        scene, colours = self._scene, self._look.colours
        start, end = piece.offsets[0], piece.offsets[-1]
        for number, begin, stop in scene.document.marks(scene.matches, start, end):
            is_current = number == scene.current_match
            colour = QColor(colours.current_match if is_current else colours.match)
            self._mark(piece.column_of(begin), piece.column_of(stop), first, last, colour)
        for bracket in scene.brackets:
            if start <= bracket < end:
                self._frame(piece.column_of(bracket), first, last)
        selection = scene.selection
        if selection and selection.start <= end and selection.end >= start:
            to = float(piece.column_of(selection.end))
            line_end = scene.document.lines.end(row.line)
            if row.ends_line and selection.start <= line_end < selection.end:
                to = scene.layout.columns.width(row.line) + _NEXT_LINE_CELLS
                last += 1
            begin_column = piece.column_of(selection.start)
            self._mark(begin_column, to, first, last, self._look.selection)

    def _mark(self, begin: float, end: float, first: int, last: int, colour: QColor) -> None:
        begin, end = max(begin, first), min(end, last)
        if begin < end:
            cell = self._grid.cell
            self._fill(QRectF(begin * cell, 0, (end - begin) * cell, self._grid.row), colour)

    def _frame(self, column: int, first: int, last: int) -> None:
        if first <= column < last:
            cell = self._grid.cell
            self._painter.setPen(QColor(self._look.colours.line_number))
            self._painter.drawRect(QRectF(column * cell, 0.5, cell, self._grid.row - 1.5))

    def _paint_caret(self, column: int, top: float) -> None:
        x = self._gutter + (column - self._scene.first_column) * self._grid.cell
        if x >= self._gutter:
            self._fill(QRectF(round(x) - 1, top, _CARET_PIXELS, self._grid.row), self._look.text)

    def _fill(self, area: QRectF, colour: QColor) -> None:
        self._painter.fillRect(area, colour)


def _runs(text: str, columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield what can be drawn at once: text of one pitch, or one character with its marks."""
    begin = 0
    while begin < len(text):
        match = _FIXED_PITCH.match(text, begin)
        end = match.end() if match else begin + 1
        marks = end
        while marks < len(text) and columns[marks + 1] == columns[marks]:
            marks += 1
        if text[begin] != "\t":
            yield begin, min(marks, end + _MOST_MARKS)
        begin = marks
