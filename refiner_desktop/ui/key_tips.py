"""The keys of an action, in the tool tip of the button that does the same."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton


class KeyTip(QObject):
    """Keeps “(Ctrl+R)” at the end of a button's tool tip, whoever changes either of them."""

    def __init__(self, button: QAbstractButton, action: QAction) -> None:
        super().__init__(button)
        self._button = button
        self._action = action
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
        return False
