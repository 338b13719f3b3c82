"""Two answers side by side, their differences marked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.api.exchange import Body
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.console import answer_words as words
from refiner_desktop.ui.tabs.console.shown_call import ShownCall
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.compare_pane import ComparePane


class ComparePage(QWidget):
    """Takes the place of request and answer until it is closed. Signals: `closed()` on Esc too."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pane = ComparePane()
        self._close = button("Close", "console.compare.close", icon="mdi6.close")
        line = QHBoxLayout()
        line.addWidget(label("Two answers compared", "heading"), 1)
        line.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(line)
        layout.addWidget(self.pane, 1)
        self._close.clicked.connect(self.closed)

    def compare(self, left: tuple[str, ShownCall], right: tuple[str, ShownCall]) -> None:
        """Compare the answers of two calls, each with words for when it was made."""
        self.pane.set_titles(_title(*left), _title(*right))
        bodies = _body(left[1]), _body(right[1])
        json = all(call.answer is None or words.is_json(call.answer) for _, call in (left, right))
        self.pane.compare(*bodies, json=json)
        self.pane.left.setFocus()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _title(when: str, call: ShownCall) -> str:
    said = words.status_line(call.answer) if call.answer else call.why
    return f"{when} · {call.request.method} {call.request.path}\n{said}"


def _body(call: ShownCall) -> Body:
    return call.answer.body if call.answer else b""
