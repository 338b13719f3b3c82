"""The switcher in the frame: which environment the whole window shows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from refiner_desktop.services.connection import ConnectionService, ConnectionStatus
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.styling import label, restyle
from refiner_desktop.ui.theme import SPACE

WIDTH = 220
DOT = 12


class EnvironmentSwitch(QWidget):
    """A list of the environments, each with its colour, and the state of the connection.

    Signals: `chosen(environment)`; `add_requested()`.
    """

    chosen = Signal(object)
    add_requested = Signal()

    def __init__(self, connection: ConnectionService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._combo = QComboBox()
        self._combo.setObjectName("environment.switch")
        self._combo.setAccessibleName("Environment")
        self._combo.setMinimumWidth(WIDTH)
        self._state = label(role="muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._combo)
        layout.addWidget(self._state)
        self._combo.activated.connect(self._on_activated)
        connection.changed.connect(self._on_changed)
        self._on_changed(connection.status)

    def _on_changed(self, status: ConnectionStatus) -> None:
        self._combo.clear()
        # The one in use may be new and not saved yet.
        known = {each.id: each for each in (*self._connection.environments, status.environment)}
        for environment in known.values():
            self._combo.addItem(_dot(environment.colour), environment.name, environment)
        self._combo.addItem("Add an environment…")
        self._combo.setCurrentIndex(list(known).index(status.environment.id))
        role, text = _STATES[status.state.name]
        self._state.setText(text)
        restyle(self._state, "role", role)

    def _on_activated(self, index: int) -> None:
        environment = self._combo.itemData(index)
        if not isinstance(environment, Environment):
            self._on_changed(self._connection.status)
            self.add_requested.emit()
        elif environment.id != self._connection.environment.id:
            self.chosen.emit(environment)


_STATES = {
    "OFF": ("muted", "Not connected"),
    "READING_KEY": ("muted", "Reading the key…"),
    "CALLING": ("muted", "Connecting…"),
    "CONNECTED": ("success", "Connected"),
    "FAILED": ("danger", "Not connected"),
}


def _dot(colour: str) -> QIcon:
    pixmap = QPixmap(DOT, DOT)
    pixmap.fill(QColor(colour))
    return QIcon(pixmap)
