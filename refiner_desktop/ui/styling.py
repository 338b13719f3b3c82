"""Small helpers that give widgets their part in the style sheet."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QPushButton,
    QTabWidget,
    QToolButton,
    QWidget,
)

from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.labels import ElidedLabel, WrappedLabel
from refiner_desktop.ui.widgets.pressed_by_enter import PushButton, ToolButton

MOST_OF_SCREEN = 0.9
"""What a dialog may take of a screen: it has a title bar too."""


def size_dialog(dialog: QWidget, width: int, height: int) -> None:
    """Give a dialog a size in the proportion of its text, but leave it on the screen."""
    wanted = QSize(scaled(width), scaled(height))
    dialog.resize(wanted.boundedTo(dialog.screen().availableSize() * MOST_OF_SCREEN))


def code_font() -> QFont:
    """Return the system's font for code, as large as the person's other text."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    text = QGuiApplication.font()
    if text.pointSizeF() > 0:
        font.setPointSizeF(text.pointSizeF())
    else:
        font.setPixelSize(text.pixelSize())
    return font


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
    name_field(field, text)
    return made


def name_field(field: QWidget, title: str) -> None:
    """Name a field, and in a list that can be typed into also what takes the typing."""
    field.setAccessibleName(title)
    if isinstance(field, QComboBox):
        field.setAccessibleDescription(title)  # on Linux its name is what is chosen in it
        if (edit := field.lineEdit()) is not None:
            edit.setAccessibleName(title)


def button(text: str, name: str = "", *, role: str = "", icon: str = "") -> QPushButton:
    """Return a push button. `icon` is put on by `Icons` once the window is on the screen."""
    made = PushButton(text)
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setProperty("icon_name", icon)
    return made


def abbreviate(made: QPushButton, words: str, *, short: bool) -> None:
    """Let a button with an icon go without its words where there is no room for them."""
    made.setText("" if short else words)
    made.setToolTip(words if short else "")
    made.setAccessibleName(words)


def button_box(standard: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Return the row of buttons below a dialog."""
    made = QDialogButtonBox(standard)
    take_off_icons(made)
    return made


def take_off_icons(box: QWidget) -> None:
    """Take the desktop's own icons off: they follow another theme than ours, or none."""
    for each in box.findChildren(QPushButton):
        each.setIcon(QIcon())


def tool(text: str, name: str, title: str, *, role: str = "quiet") -> QToolButton:
    """Return a tool button with a name for programs and one for people.

    With the role `toggle` it stays down, with `menu` it opens a menu.
    """
    made = ToolButton()
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


def pages(title: str, name: str = "") -> QTabWidget:
    """Return a widget of pages whose tabs are called something, for those who hear them."""
    made = QTabWidget()
    made.setObjectName(name)
    name_tabs(made, title)
    return made


def name_tabs(tabs: QTabWidget, title: str) -> None:
    """Say what pages these are. The arrows at their end are for the mouse: keys have their own."""
    for each in (tabs, tabs.tabBar()):
        each.setAccessibleName(title)
    for arrow in tabs.tabBar().findChildren(QToolButton):
        arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def put_in_corner(tabs: QTabWidget, corner: QWidget, *controls: QWidget) -> None:
    """Put something beside the tabs, and let Tab come from there to the controls in it."""
    tabs.setCornerWidget(corner)
    for before, after in pairwise((tabs.tabBar(), *(controls or (corner,)))):
        QWidget.setTabOrder(before, after)
