"""Small buttons of the console, and the way from a search to what it found."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QToolButton


def tool(text: str, name: str, title: str, *, role: str = "quiet") -> QToolButton:
    """Return a tool button with a name for programs and one for people.

    With the role `toggle` it stays down, with `menu` it opens a menu.
    """
    made = QToolButton()
    made.setText(text)
    made.setObjectName(name)
    made.setAccessibleName(title)
    made.setToolTip(title)
    made.setProperty("role", role)
    made.setCheckable(role == "toggle")
    if role == "menu":
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return made


def step_down(search: QLineEdit, found: QAbstractItemView) -> None:
    """Let Down go from a search to the first row of what it found."""

    def go() -> None:
        model = found.model()
        if model.rowCount() > 0:
            found.setFocus(Qt.FocusReason.TabFocusReason)
            if not found.currentIndex().isValid():
                found.setCurrentIndex(model.index(0, 0))

    down = QShortcut(Qt.Key.Key_Down, search, context=Qt.ShortcutContext.WidgetShortcut)
    down.activated.connect(go)
