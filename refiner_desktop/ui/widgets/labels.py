"""Labels for texts from elsewhere: never HTML, and never wider than the place they are given."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption

from refiner_desktop.ui.models.cell_text import one_line, tool_tip

LONGEST_TEXT = 800
"""Of a longer text the beginning is shown, and more of it in the tool tip."""

NARROWEST = 60
"""No elided label gets smaller than this many pixels."""

_BREAK = "\u200b"
_LONG_RUN = re.compile(r"[^\s/\u200b-]{24,}")


class WrappedLabel(QLabel):
    """Several lines of plain text; a word longer than a line is broken."""

    def __init__(self, text: str = "") -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._whole = ""
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = QAction("Copy", self)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setText(text)

    def copy(self) -> None:
        """Put what is selected on the clipboard, or the whole text, as it came."""
        selected = self.selectedText().replace(_BREAK, "").replace("\u2029", "\n")
        QGuiApplication.clipboard().setText(selected or self._whole)

    # Reimplemented Qt methods

    def text(self) -> str:
        return self._whole

    def setText(self, text: str) -> None:
        self._whole = text
        cut = len(text) > LONGEST_TEXT
        self.setToolTip(tool_tip(text) if cut else "")
        self.setAccessibleDescription(text)  # or else the tool tip with its HTML is read
        super().setText(_breakable(text[:LONGEST_TEXT]) + ("…" if cut else ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)


class ElidedLabel(QLabel):
    """One line of plain text that ends where the room does; then a tool tip has all of it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def _says_no_more(self) -> bool:
        """Whether the tool tip would only repeat what can be read."""
        fits = self.sizeHint().width() <= self.width()
        return fits and self.toolTip() == tool_tip(self.text())

    # Reimplemented Qt methods

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(tool_tip(text) if text else "")
        self.setAccessibleDescription(text)  # or else the tool tip with its HTML is read

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._says_no_more():
            event.ignore()  # or the one of what lies behind is not shown
            return False
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(NARROWEST, hint.width()), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QPainter(self), QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            one_line(self.text()), Qt.TextElideMode.ElideRight, room.width()
        )
        self.style().drawItemText(
            painter, room, self.alignment().value, self.palette(), self.isEnabled(), shown,
            self.foregroundRole(),
        )  # fmt: skip


def _breakable(text: str) -> str:
    """Return the text with places inside long words where a line may end."""
    return _LONG_RUN.sub(lambda run: re.sub(r"(.{8})", rf"\1{_BREAK}", run[0]), text)
