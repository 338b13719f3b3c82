"""The keys of an action, or why it can't be done, in the tool tip of its button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QHelpEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QToolTip

from refiner_desktop.ui.models.cell_text import tool_tip


class KeyTip(QObject):
    """Keeps “(Ctrl+R)” at the end of a button's tool tip, whoever changes either of them.

    While the button is greyed, its tool tip is the `obstacle`.
    """

    def __init__(
        self, button: QAbstractButton, action: QAction, obstacle: Callable[[], str] = str
    ) -> None:
        super().__init__(button)
        self._button = button
        self._action = action
        self._obstacle = obstacle
        self._added = ""
        self._writing = False
        button.installEventFilter(self)
        action.changed.connect(self._write)
        self._write()

    def _write(self) -> None:
        said = self._button.toolTip().removesuffix(self._added)
        keys = self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._added = f" ({keys})" if said and keys else keys
        self._writing = True
        self._button.setToolTip(said + self._added)
        self._writing = False

    # Reimplemented Qt methods

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTipChange and not self._writing:
            self._write()
        return isinstance(event, QHelpEvent) and self._tells_obstacle(event)

    def _tells_obstacle(self, event: QHelpEvent) -> bool:
        why_not = "" if self._button.isEnabled() else self._obstacle()
        if why_not and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tool_tip(why_not), self._button)
            return True
        return False
