"""A line of a small language that underlines where it goes wrong."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit

from refiner_desktop.ui.theme import SPACE, theme_of

WAVE = 4
"""Pixels from one crest of the underline to the next."""


class MarkedEdit(QLineEdit):
    """Underlines the part at which an expression goes wrong. Signals: `left()` on Esc."""

    left = Signal()

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholderText=placeholder, clearButtonEnabled=True)
        self._mistake: tuple[int, int] | None = None

    @property
    def mistake(self) -> int | None:
        """At which character the underlined part begins."""
        return self._mistake[0] if self._mistake else None

    def show_mistake(self, position: int | None, end: int | None = None) -> None:
        """Underline from a character to another, or one only; None takes the line away."""
        after = position + 1 if position is not None and end is None else end
        self._mistake = None if position is None or after is None else (position, after)
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
        painter.setPen(QPen(QColor(theme_of(self.palette()).danger), 1.4))
        painter.drawPolyline(self._wave(*self._mistake))

    def _wave(self, position: int, end: int) -> list[QPointF]:
        text, metrics, cursor = self.text(), self.fontMetrics(), self.cursorRect()
        start = cursor.center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left = start + metrics.horizontalAdvance(text[:position])
        width = metrics.horizontalAdvance(text[position:end].strip() or "m")
        steps = range(left, left + max(width, 2 * WAVE), WAVE // 2)
        bottom = cursor.bottom()
        return [QPointF(x, bottom - (WAVE // 2 if n % 2 else 0)) for n, x in enumerate(steps)]
