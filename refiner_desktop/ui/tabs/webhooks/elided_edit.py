"""A line whose end gives way to dots while nobody is in it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame

MARGIN = 2
"""Pixels that a line keeps free before and behind its text."""


class ElidedEdit(QLineEdit):
    """Shows that there is more of an address than the room holds."""

    def _has_room(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) <= self._room().width()

    def _room(self) -> QRect:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return inside.marginsRemoved(self.textMargins()).adjusted(MARGIN, 0, -MARGIN, 0)

    # Reimplemented Qt methods

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or self._has_room() or self.echoMode() != self.EchoMode.Normal:
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        room, dots = self._room(), Qt.TextElideMode.ElideRight
        painter.setPen(self.palette().text().color())
        text = self.fontMetrics().elidedText(self.text(), dots, room.width())
        painter.drawText(room, self.alignment() | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
