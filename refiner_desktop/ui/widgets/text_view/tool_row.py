"""Buttons above a text: how to show it, folding and finding."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.text_pane import TextPane


class ToolRow(QWidget):
    """Does with buttons what the menu of a pane's text does. Put it where there is room for it."""

    def __init__(self, pane: TextPane) -> None:
        super().__init__()
        # Whoever places the row hides it where it does not fit: it must not hold the window open.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        tools = pane.view.tools
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        for action in tools.modes.values():
            layout.addWidget(_button(action))
        layout.addSpacing(SPACE)
        layout.addWidget(_button(tools.wrap))
        layout.addStretch(1)
        for action in (tools.fold_all, tools.unfold_all, pane.line_action, pane.find_action):
            layout.addWidget(_button(action))


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setAccessibleName(action.text().removesuffix("…"))
    button.setProperty("role", "toggle" if action.isCheckable() else "quiet")
    return button
