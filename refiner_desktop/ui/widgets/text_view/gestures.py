"""Selecting with the mouse: drag, words by double click, lines by triple click."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from refiner_desktop.ui.widgets.text_view.selection import Selection, line_at, word_at

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.document import Document
    from refiner_desktop.ui.widgets.text_view.lines import LineIndex

_SCROLL_MS = 40

Unit = Callable[["LineIndex", int], Selection]


def _caret_at(_lines: LineIndex, offset: int) -> Selection:
    return Selection(offset, offset)


class SelectableView(Protocol):
    """What a view lets the mouse do."""

    @property
    def document(self) -> Document | None:
        """The text, None while there is none."""

    @property
    def selection(self) -> Selection:
        """What is selected now."""

    def select(self, selection: Selection) -> None:
        """Select something else."""

    def offset_at(self, position: QPoint) -> int:
        """Return the place in the text that is nearest to a point."""

    def scroll_by(self, rows: int, columns: int) -> None:
        """Show another part of the text."""

    def viewport(self) -> QWidget:
        """Return the widget whose coordinates the points are in."""


class MouseSelection(QObject):
    """Turns presses and moves of the mouse into the selection of a view.

    After a double or triple click a drag goes on by words or lines. A drag beyond the edge scrolls.
    """

    def __init__(self, view: SelectableView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._unit: Unit = _caret_at
        self._origin: Selection | None = None
        self._position = QPoint()
        self._since_double_click = QElapsedTimer()
        self._scroll_timer = QTimer(self, interval=_SCROLL_MS)
        self._scroll_timer.timeout.connect(self._on_scroll_timeout)

    def press(self, position: QPoint, *, extend: bool) -> None:
        """Begin a selection, or go on with the present one if `extend`."""
        if self._is_third_click(position):
            self._begin(line_at, position)
        elif extend:
            anchor = self._view.selection.anchor
            self._unit, self._origin = _caret_at, Selection(anchor, anchor)
            self.move(position)
        else:
            self._begin(_caret_at, position)

    def double_click(self, position: QPoint) -> None:
        """Select a word."""
        self._begin(word_at, position)
        self._since_double_click.start()

    def move(self, position: QPoint) -> None:
        """Let the selection grow to `position` while a button is held."""
        document = self._view.document
        if self._origin is None or document is None:
            return
        self._position = position
        there = self._unit(document.lines, self._view.offset_at(position))
        self._view.select(self._origin.grown(there))
        if self._view.viewport().rect().contains(position):
            self._scroll_timer.stop()
        elif not self._scroll_timer.isActive():
            self._scroll_timer.start()

    def release(self) -> None:
        """End the drag."""
        self._origin = None
        self._scroll_timer.stop()

    def _begin(self, unit: Unit, position: QPoint) -> None:
        document = self._view.document
        if document is not None:
            self._unit, self._position = unit, position
            self._origin = unit(document.lines, self._view.offset_at(position))
            self._view.select(self._origin)

    def _is_third_click(self, position: QPoint) -> bool:
        timer = self._since_double_click
        if not timer.isValid() or timer.elapsed() > QApplication.doubleClickInterval():
            return False
        timer.invalidate()
        distance = (position - self._position).manhattanLength()
        return distance < QApplication.startDragDistance()

    def _on_scroll_timeout(self) -> None:
        area = self._view.viewport().rect()
        down = _beyond(self._position.y(), area.height())
        right = _beyond(self._position.x(), area.width())
        self._view.scroll_by(down, right)
        self.move(self._position)


def _beyond(position: int, size: int) -> int:
    """Return which way, -1, 0 or 1, `position` lies outside of a length."""
    return (position >= size) - (position < 0)
