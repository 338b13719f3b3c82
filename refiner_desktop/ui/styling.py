"""Small helpers that give widgets their part in the style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from refiner_desktop.ui.widgets.labels import ElidedLabel, WrappedLabel


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects on, and let the widget take the new look."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def label(text: str = "", role: str = "", *, wrap: bool = False, elide: bool = False) -> QLabel:
    """Return a label that shows its text as it is, never as HTML.

    A text of any length goes into one that wraps or elides: neither makes the window wider.
    """
    made: QLabel
    if wrap:
        made = WrappedLabel(text)
    elif elide:
        made = ElidedLabel(text)
    else:
        made = QLabel(text, textFormat=Qt.TextFormat.PlainText)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setProperty("role", role)
    return made


def caption(text: str, field: QWidget, *, high: bool = False) -> QLabel:
    """Return the label of a field in a form, as high as it; beside the top of a `high` one."""
    made = QLabel(text)
    made.setBuddy(field)
    if high:
        made.setFixedHeight(2 * made.fontMetrics().height())
    else:
        made.setMinimumHeight(field.sizeHint().height())
    field.setAccessibleName(text)
    return made


def button(text: str, name: str = "", *, role: str = "", icon: str = "") -> QPushButton:
    """Return a push button. `icon` is put on by `Icons` once the window is on the screen."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setProperty("icon_name", icon)
    made.setAutoDefault(False)
    return made


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


def card() -> QFrame:
    """Return a raised area that groups what belongs together."""
    made = QFrame()
    made.setProperty("role", "card")
    return made
