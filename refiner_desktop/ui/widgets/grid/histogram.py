"""Bars side by side, each an item that can be pointed at, read out and chosen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.grid.counted_item import LEAST, ROWS_ROLE, SHARE_ROLE

HEIGHT = 120


class Histogram(QListView):
    """One bar for each of some counts; arrows go from bar to bar."""

    def __init__(self) -> None:
        super().__init__()
        self.setModel(QStandardItemModel(self))
        self.setItemDelegate(_BarDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(scaled(HEIGHT))
        self.setProperty("role", "bars")

    def show_bars(self, bars: list[tuple[int, str]]) -> None:
        """Show bars of these counts, each with a sentence about it."""
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        most = max((rows for rows, _ in bars), default=0)
        for rows, text in bars:
            item = QStandardItem()
            item.setEditable(False)
            item.setData(rows, ROWS_ROLE)
            item.setData(rows / most if most else 0.0, SHARE_ROLE)
            item.setData(text, Qt.ItemDataRole.AccessibleTextRole)
            model.appendRow(item)

    def bar_width(self, place: int) -> int:
        """Return how wide a bar is with its gap; together they fill the width to the pixel."""
        width, count = self.viewport().width(), max(1, self.model().rowCount())
        return (place + 1) * width // count - place * width // count

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class _BarDelegate(QStyledItemDelegate):
    # Reimplemented Qt methods

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        histogram = self.parent()
        assert isinstance(histogram, Histogram)
        return QSize(histogram.bar_width(index.row()), histogram.viewport().height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place: QRect = option.rect
        chosen = option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver)
        if chosen:
            painter.fillRect(place, option.palette.color(QPalette.ColorRole.Highlight))
        rows = index.data(ROWS_ROLE)
        height = max(LEAST, round((place.height() - LEAST) * index.data(SHARE_ROLE))) if rows else 0
        gap = 1 if place.width() > 3 else 0
        bar = QRect(
            place.left() + gap, place.bottom() + 1 - height, place.width() - 2 * gap, height
        )
        painter.fillRect(bar, option.palette.color(QPalette.ColorRole.Link))
