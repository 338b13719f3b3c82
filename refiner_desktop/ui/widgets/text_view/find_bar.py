"""The bar under a text in which one types what to find."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget


class FindBar(QWidget):
    """Asks for a text and for the next or previous place of it, and shows how many there are."""

    query_changed = Signal()
    next_requested = Signal()
    previous_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._query_edit = QLineEdit(placeholderText="Find", clearButtonEnabled=True)
        self._query_edit.setAccessibleName("Find")
        self._case_button = _button("Aa", "Match case", checkable=True)
        self._count_label = QLabel()
        self._previous_button = _button("↑", "Previous match (Shift+F3)")
        self._next_button = _button("↓", "Next match (F3)")
        self._close_button = _button("✕", "Close (Esc)")
        self.setFocusProxy(self._query_edit)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self._query_edit, stretch=1)
        layout.addWidget(self._case_button)
        layout.addWidget(self._count_label)
        layout.addWidget(self._previous_button)
        layout.addWidget(self._next_button)
        layout.addWidget(self._close_button)
        self._count_label.setMinimumWidth(self.fontMetrics().horizontalAdvance("888 of 8,888"))
        self._count_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_count(0, 0)

        self._query_edit.textChanged.connect(self.query_changed)
        self._case_button.toggled.connect(self.query_changed)
        self._previous_button.clicked.connect(self.previous_requested)
        self._next_button.clicked.connect(self.next_requested)
        self._close_button.clicked.connect(self.close_requested)

    @property
    def query(self) -> str:
        """What is to be found."""
        return self._query_edit.text()

    @property
    def match_case(self) -> bool:
        """Whether capital and small letters differ."""
        return self._case_button.isChecked()

    def ask(self, suggestion: str = "") -> None:
        """Show the bar and let the person type, with `suggestion` to begin with if there is one."""
        self.show()
        if suggestion:
            self._query_edit.setText(suggestion)
        self._query_edit.selectAll()
        self._query_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_count(self, current: int, count: int) -> None:
        """Show which of how many matches is the current one, counted from 1."""
        if not self.query:
            self._count_label.clear()
        elif not count:
            self._count_label.setText("No matches")
        else:
            self._count_label.setText(f"{current:,} of {count:,}")
        self._previous_button.setEnabled(count > 0)
        self._next_button.setEnabled(count > 0)

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            backwards = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.previous_requested if backwards else self.next_requested).emit()
        else:
            super().keyPressEvent(event)


def _button(text: str, name: str, *, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setCheckable(checkable)
    button.setAutoRaise(True)
    return button
