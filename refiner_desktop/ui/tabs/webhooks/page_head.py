"""The line above a page that takes the place of the list until it is closed."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from refiner_desktop.ui.styling import button, label


def page_head(title: str, name: str) -> tuple[QHBoxLayout, QPushButton]:
    """Return a heading and the button beside it that closes the page."""
    close = button("Close", name, icon="mdi6.close")
    close.setToolTip("Back to the deliveries (Esc)")
    line = QHBoxLayout()
    line.addWidget(label(title, "heading"), 1)
    line.addWidget(close)
    return line, close
