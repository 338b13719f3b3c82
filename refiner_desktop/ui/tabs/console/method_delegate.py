"""Calls in lists: the method in its colour, and what is too long cut in its middle."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.theme import theme_of

ROLES = {
    "GET": "success", "POST": "accent", "PUT": "warning", "PATCH": "warning", "DELETE": "danger",
    "HEAD": "muted", "OPTIONS": "muted",
}  # fmt: skip
"""The colour role of each method, the same wherever one is shown."""


class MethodDelegate(QStyledItemDelegate):
    """Of calls that differ at their end both ends are seen; a text that begins with no method is
    shown all the same. What stands in further lines is about the call.
    """

    # Reimplemented Qt methods

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        option = QStyleOptionViewItem(option)
        self.initStyleOption(option, index)
        style = option.widget.style()
        place = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, option.widget)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, option.widget)
        place.adjust(margin + 1, 0, -margin - 1, 0)
        lines, option.text = option.text.split("\u2028"), ""  # Qt's own sign for a line break
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        painter.setFont(option.font)
        height = option.fontMetrics.lineSpacing()
        top = place.center().y() - height * len(lines) // 2 + 1
        for number, line in enumerate(lines):
            _draw(painter, option, line, QRect(place.x(), top, place.width(), height), number)
            top += height
        painter.restore()


def _draw(
    painter: QPainter, option: QStyleOptionViewItem, line: str, place: QRect, number: int
) -> None:
    method, blank, rest = line.partition(" ")
    if number == 0 and method in ROLES:
        painter.setPen(QColor(getattr(theme_of(option.palette), ROLES[method])))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, method)
        place = place.adjusted(option.fontMetrics.horizontalAdvance(method + blank), 0, 0, 0)
        line = rest
    painter.setPen(option.palette.color(QPalette.ColorRole.Text))
    shown = option.fontMetrics.elidedText(line, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
