"""The bar under a text in which one types what to find."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.bar_parts import flat_button, mark_wrong
from refiner_desktop.ui.widgets.text_view.matches import Matches, Mistake, Query


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
        self._case_button = flat_button("Aa", "Match case", checkable=True)
        self._regex_button = flat_button(".*", "Regular expression", checkable=True)
        self._count_label = QLabel()
        self._previous_button = flat_button("↑", "Previous match (Shift+F3)")
        self._next_button = flat_button("↓", "Next match (F3)")
        self._close_button = flat_button("✕", "Close (Esc)")
        self.setFocusProxy(self._query_edit)
        self._lay_out()
        self._connect()
        self.show_count(0, Matches())

    @property
    def query(self) -> Query:
        """What is to be found."""
        return Query(
            self._query_edit.text(),
            match_case=self._case_button.isChecked(),
            is_regex=self._regex_button.isChecked(),
        )

    def ask(self, suggestion: str = "") -> None:
        """Show the bar and let the person type, with `suggestion` to begin with if there is one."""
        self.show()
        if suggestion:
            self._query_edit.setText(suggestion)
        self._query_edit.selectAll()
        self._query_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_count(self, current: int, matches: Matches) -> None:
        """Show which of the matches is the current one, counted from 1."""
        count = len(matches)
        more = "+" if matches.why_partial else ""
        if not self._query_edit.text():
            self._count_label.clear()
        elif count:
            self._count_label.setText(f"{number(current)} of {number(count)}{more}")
        else:
            self._count_label.setText(matches.why_partial or "No matches")
        self._count_label.setToolTip(matches.why_partial)
        self._previous_button.setEnabled(count > 0)
        self._next_button.setEnabled(count > 0)

    def show_mistake(self, mistake: Mistake) -> None:
        """Say what is wrong with the expression; what was found before stays."""
        self._count_label.setText(mistake.sentence)
        mark_wrong(self._query_edit, mistake.sentence)

    def clear_mistake(self) -> None:
        """Unmark the field."""
        mark_wrong(self._query_edit, "")

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        layout.addWidget(self._query_edit, stretch=1)
        for part in (
            self._case_button,
            self._regex_button,
            self._count_label,
            self._previous_button,
            self._next_button,
            self._close_button,
        ):
            layout.addWidget(part)
        self._count_label.setMinimumWidth(self.fontMetrics().horizontalAdvance("888 of 8,888"))
        self._count_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._count_label.setTextFormat(Qt.TextFormat.PlainText)

    def _connect(self) -> None:
        self._query_edit.textChanged.connect(self.query_changed)
        self._case_button.toggled.connect(self.query_changed)
        self._regex_button.toggled.connect(self.query_changed)
        self._previous_button.clicked.connect(self.previous_requested)
        self._next_button.clicked.connect(self.next_requested)
        self._close_button.clicked.connect(self.close_requested)

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            backwards = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.previous_requested if backwards else self.next_requested).emit()
        else:
            super().keyPressEvent(event)
