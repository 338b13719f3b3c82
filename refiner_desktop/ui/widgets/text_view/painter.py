"""Paints the visible rows of a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from refiner_desktop.ui.widgets.text_view.columns import Piece
from refiner_desktop.ui.widgets.text_view.document import Document
from refiner_desktop.ui.widgets.text_view.highlight import Kind, Span, spans
from refiner_desktop.ui.widgets.text_view.layout import Layout, Row
from refiner_desktop.ui.widgets.text_view.look import Look
from refiner_desktop.ui.widgets.text_view.search import Matches
from refiner_desktop.ui.widgets.text_view.selection import Selection

# A key is known by the colon after it, which may stand beyond the right edge.
_LOOK_AHEAD = 200
_NEXT_LINE_CELLS = 0.6
_CARET_PIXELS = 2
_MOST_MARKS = 16

# Fonts of fixed pitch have these letters; others come from any font and are placed one by one.
_FIXED_PITCH = re.compile(r"[^\t\u0250-\U0010ffff]+")
_VISIBLE = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421}
_VISIBLE |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be painted: a text, and what is marked in it. `first_column` is scrolled to."""

    document: Document
    layout: Layout
    selection: Selection
    matches: Matches
    current_match: int
    first_row: int
    first_column: int
    has_focus: bool


class ScenePainter:
    """Paints a scene row by row, decoding and colouring only what can be seen."""

    def __init__(self, painter: QPainter, look: Look, scene: Scene, width: int, height: int):
        self._painter, self._look, self._scene = painter, look, scene
        self._width, self._height = width, height
        self._grid = look.grid
        self._gutter = look.grid.gutter(len(scene.document.lines))
        colours = look.colours
        self._pens = {
            Kind.KEY: QColor(colours.key),
            Kind.STRING: QColor(colours.string),
            Kind.NUMBER: QColor(colours.number),
            Kind.LITERAL: QColor(colours.literal),
            Kind.PUNCTUATION: QColor(colours.punctuation),
            Kind.OTHER: look.text,
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
            if number == caret_row and scene.has_focus and not scene.selection:
                self._fill(QRectF(0, top, self._width, self._grid.row), self._look.caret_line)
            self._paint_line_number(row, top, is_current=row.line == caret_line)
            self._paint_row(row, top)
            if number == caret_row and scene.has_focus:
                self._paint_caret(caret_column, top)

    def _paint_line_number(self, row: Row, top: float, *, is_current: bool) -> None:
        if row.first:
            return
        self._painter.setPen(
            self._look.text if is_current else QColor(self._look.colours.line_number)
        )
        area = QRectF(0, top, self._gutter - 1.5 * self._grid.cell, self._grid.row)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(area, flags, str(row.line + 1))

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
        self._painter.restore()

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
        for number, begin, stop in scene.matches.between(start, end):
            is_current = number == scene.current_match
            colour = QColor(colours.current_match if is_current else colours.match)
            self._mark(piece.column_of(begin), piece.column_of(stop), first, last, colour)
        selection = scene.selection
        if selection and selection.start <= end and selection.end >= start:
            to = float(piece.column_of(selection.end))
            line_end = scene.document.lines.end(row.line)
            if row.ends_line and selection.start <= line_end < selection.end:
                to = float(scene.layout.columns.widths[row.line]) + _NEXT_LINE_CELLS
                last += 1
            begin_column = piece.column_of(selection.start)
            self._mark(begin_column, to, first, last, self._look.selection)

    def _mark(self, begin: float, end: float, first: int, last: int, colour: QColor) -> None:
        begin, end = max(begin, first), min(end, last)
        if begin < end:
            cell = self._grid.cell
            self._fill(QRectF(begin * cell, 0, (end - begin) * cell, self._grid.row), colour)

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
