"""What the bars around a text are made of."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QToolButton


def flat_button(text: str, name: str, *, checkable: bool = False) -> QToolButton:
    """Return a small button; `name` is its tool tip and what a screen reader says."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setCheckable(checkable)
    button.setProperty("role", "toggle" if checkable else "")
    button.setAutoRaise(True)
    return button


def mark_wrong(field: QLineEdit, sentence: str) -> None:
    """Mark a field and say why; no sentence takes the mark away."""
    field.setToolTip(sentence)
    if field.property("wrong") != bool(sentence):
        field.setProperty("wrong", bool(sentence))
        field.style().unpolish(field)
        field.style().polish(field)
