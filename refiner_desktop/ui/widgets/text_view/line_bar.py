"""The bar under a text in which one types where to go."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.bar_parts import flat_button, mark_wrong


class LineBar(QWidget):
    """Asks for the number of a line, or of a byte, between two bounds.

    Signals: `line_chosen(number)`, `close_requested`.
    """

    line_chosen = Signal(int)
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first, self._last = 1, 1
        self._edit = QLineEdit()
        self._bounds = QLabel()
        close_button = flat_button("✕", "Close (Esc)")
        self.setFocusProxy(self._edit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        layout.addWidget(self._edit)
        layout.addWidget(self._bounds)
        layout.addStretch(1)
        layout.addWidget(close_button)

        self._edit.textChanged.connect(lambda: mark_wrong(self._edit, ""))
        close_button.clicked.connect(self.close_requested)

    def ask(self, what: str, first: int, last: int) -> None:
        """Show the bar and let the person type the number of `what`."""
        self._first, self._last = first, last
        self._edit.setPlaceholderText(f"Go to {what}")
        self._edit.setAccessibleName(f"Go to {what}")
        self._bounds.setText(f"{number(first)} to {number(last)}")
        self.show()
        self._edit.selectAll()
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _choose(self) -> None:
        number = _number(self._edit.text())
        if number is None:
            mark_wrong(self._edit, "This is no number.")
        else:
            self.line_chosen.emit(min(max(number, self._first), self._last))

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose()
        else:
            super().keyPressEvent(event)


def _number(text: str) -> int | None:
    """Read a number, with separators of thousands or as 0x… too."""
    try:
        return int(text.strip().replace(",", "").replace(" ", ""), 0 if "x" in text else 10)
    except ValueError:
        return None
