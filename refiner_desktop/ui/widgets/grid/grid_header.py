"""The header of a grid: it says by what the rows are sorted, and in which order."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QHeaderView, QWidget

from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.ui.theme import SPACE

UP, DOWN, MENU = "▲", "▼", "▾"
MENU_WIDTH = 22
"""What the way to a column's menu takes of the end of its section, in pixels."""


class GridHeader(QHeaderView):
    """Marks the columns that sort, and that each has a menu at its end.

    With more than one column that sorts, each mark has its rank.

    Signals: `sort_clicked(section, add)` on a click, `add` with Shift.
    """

    sort_clicked = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._marks: Mapping[int, str] = {}
        self._adds = False
        self._size: QSize | None = None
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.sectionClicked.connect(lambda section: self.sort_clicked.emit(section, self._adds))

    def show_marks(self, marks: Mapping[int, str]) -> None:
        """Write these marks into the sections of the columns that sort."""
        self._marks = marks
        self.viewport().update()

    # Reimplemented Qt methods

    def sizeHint(self) -> QSize:
        """Return a size found once: Qt asks hundreds of sections at every change of one."""
        if self._size is None and self.count():
            self._size = super().sizeHint()
        return self._size or super().sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        self._size = None
        super().changeEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._adds = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        super().paintSection(painter, rect, section)
        painter.restore()
        right = rect.right() - 1
        self._paint_mark(painter, rect, MENU, right, MENU_WIDTH, QPalette.ColorRole.PlaceholderText)
        if mark := self._marks.get(section):
            width = self.fontMetrics().horizontalAdvance(mark) + SPACE
            link = QPalette.ColorRole.Link
            self._paint_mark(painter, rect, mark, right - MENU_WIDTH, width, link)

    def _paint_mark(
        self,
        painter: QPainter,
        section: QRect,
        mark: str,
        right: int,
        width: int,
        colour: QPalette.ColorRole,
    ) -> None:
        place = QRect(right - width, section.top() + 1, width, section.height() - 3)
        painter.save()
        # A long title must not shine through.
        painter.fillRect(place, self.palette().color(QPalette.ColorRole.Window))
        painter.setPen(self.palette().color(colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, mark)
        painter.restore()


def sort_marks(sort: tuple[SortKey, ...], places: Mapping[str, int]) -> dict[int, str]:
    """Return the mark of every section that sorts: an arrow, with its rank if there are more."""
    arrows = [DOWN if key.descending else UP for key in sort]
    ranks = [f" {rank}" if len(sort) > 1 else "" for rank in _ranks(sort)]
    marks = zip(sort, arrows, ranks, strict=True)
    return {places[key.key]: arrow + rank for key, arrow, rank in marks if key.key in places}


def sort_words(sort: tuple[SortKey, ...]) -> dict[str, str]:
    """Return by a column's key how it sorts, in words for those who hear the table."""
    ranks = [f", number {rank} of {len(sort)}" if len(sort) > 1 else "" for rank in _ranks(sort)]
    return {
        key.key: f"sorted {'descending' if key.descending else 'ascending'}{rank}"
        for key, rank in zip(sort, ranks, strict=True)
    }


def clicked_sort(sort: tuple[SortKey, ...], key: str, *, add: bool) -> tuple[SortKey, ...]:
    """Return the sort after a click on a column: ascending, then descending, then not at all.

    With `add` the other columns go on sorting, each at its rank.
    """
    before = next((each for each in sort if each.key == key), None)
    if before is None:
        return (*sort, SortKey(key)) if add else (SortKey(key),)
    if not add and len(sort) > 1:
        return (SortKey(key),)
    turned = () if before.descending else (SortKey(key, descending=True),)
    place = sort.index(before)
    return (*sort[:place], *turned, *sort[place + 1 :])


def _ranks(sort: tuple[SortKey, ...]) -> range:
    return range(1, len(sort) + 1)
