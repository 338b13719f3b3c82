"""A field for a whole number with its unit."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox

from refiner_desktop.ui.theme import SPACE


def number_field(name: str, least: int, most: int, unit: str) -> QSpinBox:
    """Return a field without buttons, in line with fields for text; too much becomes `most`."""
    field = QSpinBox(minimum=least, maximum=most)
    field.setObjectName(name)
    field.setGroupSeparatorShown(True)
    field.setSuffix(unit)
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.lineEdit().setTextMargins(SPACE - 1, 0, SPACE - 1, 0)
    field.setCorrectionMode(QSpinBox.CorrectionMode.CorrectToNearestValue)
    return field
