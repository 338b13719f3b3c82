"""The line in which a person asks an answer a question in JMESPath."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLineEdit

from refiner_desktop.ui.theme import DARK, LIGHT, SPACE

WAVE = 4
"""Pixels from one crest of the underline to the next."""


class QueryEdit(QLineEdit):
    """Underlines the character at which an expression goes wrong. Signals: `left()` on Esc."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__(
            placeholderText="JMESPath, such as items[].email or length(items)",
            clearButtonEnabled=True,
        )
        self.setObjectName("console.filter")
        self.setAccessibleName("Filter the answer with JMESPath")
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._mistake: int | None = None

    @property
    def mistake(self) -> int | None:
        """Which character is underlined."""
        return self._mistake

    def show_mistake(self, position: int | None) -> None:
        """Underline the character at a position; None takes the line away."""
        self._mistake = position
        self.update()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._mistake is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect().adjusted(SPACE // 2, 0, -SPACE // 2, 0))
        painter.setPen(QPen(_danger(self.palette()), 1.4))
        painter.drawPolyline(self._wave(self._mistake))

    def _wave(self, position: int) -> list[QPointF]:
        text, metrics, cursor = self.text(), self.fontMetrics(), self.cursorRect()
        start = cursor.center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left = start + metrics.horizontalAdvance(text[:position])
        width = metrics.horizontalAdvance(text[position : position + 1].strip() or "m")
        steps = range(left, left + max(width, 2 * WAVE), WAVE // 2)
        bottom = cursor.bottom()
        return [QPointF(x, bottom - (WAVE // 2 if n % 2 else 0)) for n, x in enumerate(steps)]


def _danger(palette: QPalette) -> QColor:
    dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
    return QColor((DARK if dark else LIGHT).danger)
