"""Lines that say how many rows they stand for: a text, a bar and a count."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QStandardItem
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from refiner_desktop.ui.amounts import counted, number
from refiner_desktop.ui.models.cell_text import one_line, tool_tip
from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.theme import SPACE, scaled

VALUE_ROLE = Qt.ItemDataRole.UserRole + 1
ROWS_ROLE = Qt.ItemDataRole.UserRole + 2
SHARE_ROLE = Qt.ItemDataRole.UserRole + 3
"""Of the longest bar, from 0 to 1."""

LINE_HEIGHT = 28
BAR_STRENGTH = 0.2
"""The text on the bar stays as easy to read as beside it."""
LEAST = 2
"""A bar of few rows is still to be seen."""
EMPTY = "(empty)"


class CountedItem(QStandardItem):
    """A value of a column with its count; `rows` None where nobody counted."""

    def __init__(self, value: str, rows: int | None, most: int = 0) -> None:
        super().__init__(one_line(value) or EMPTY)
        self.setEditable(False)
        self.setData(value, VALUE_ROLE)
        self.setData(rows, ROWS_ROLE)
        self.setData((rows or 0) / most if most else 0.0, SHARE_ROLE)
        self.setToolTip(tool_tip(value))
        counted = "" if rows is None else f", {rows_in_words(rows)}"
        self.setData(f"{one_line(value) or 'empty'}{counted}", Qt.ItemDataRole.AccessibleTextRole)


class CountedDelegate(QStyledItemDelegate):
    """Paints the count at the right and, behind the text, a bar as long as the share."""

    # Reimplemented Qt methods

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, scaled(LINE_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        whole = QRect(option.rect)
        self._paint_back(painter, option, index)
        self._paint_bar(painter, option, whole, index.data(SHARE_ROLE) or 0.0)
        rows = index.data(ROWS_ROLE)
        count = "" if rows is None else number(rows)
        width = option.fontMetrics.horizontalAdvance(count) + 2 * SPACE
        option.rect = whole.adjusted(0, 0, -width, 0)
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(whole.adjusted(0, 0, -SPACE, 0), right, count)
        painter.restore()

    def _paint_back(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        panel = QStyleOptionViewItem(option)
        self.initStyleOption(panel, index)
        style = option.widget.style()
        element = QStyle.PrimitiveElement.PE_PanelItemViewItem
        style.drawPrimitive(element, panel, painter, option.widget)

    def _paint_bar(
        self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, share: float
    ) -> None:
        bar = line.adjusted(0, 1, 0, -1)
        bar.setWidth(max(LEAST, round(line.width() * share)) if share else 0)
        colour = QColor(option.palette.color(QPalette.ColorRole.Link))
        colour.setAlphaF(BAR_STRENGTH)
        painter.fillRect(bar, colour)


def rows_in_words(rows: int) -> str:
    """Return “1 row”, “1,204 rows”."""
    return counted(rows, "row")
