"""The switcher in the frame: which environment the whole window shows, and how careful it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.connection_status import (
    ConnectionState,
    ConnectionStatus,
)
from refiner_desktop.services.environments.environments import EnvironmentsService
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.dots import dot
from refiner_desktop.ui.styling import label, name_field, restyle
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.calm_combo import CalmComboBox

WIDTH = 220


class EnvironmentSwitch(QWidget):
    """A list of the environments, each with its colour, and the state of the connection.

    Signals: `chosen(environment)`; `add_requested()`.
    """

    chosen = Signal(object)
    add_requested = Signal()

    def __init__(
        self,
        environments: EnvironmentsService,
        connection: ConnectionService,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._environments = environments
        self._connection = connection
        self._combo = CalmComboBox()
        self._combo.setObjectName("environment.switch")
        name_field(self._combo, "Environment")
        self._combo.setMinimumWidth(scaled(WIDTH))
        self._production = label("Production", "mark")
        self._read_only = label("Read-only", "mark")
        self._state = label(role="muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        for part in (self._combo, self._production, self._read_only, self._state):
            layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._combo.activated.connect(self._on_activated)
        environments.changed.connect(lambda _: self.show_status(connection.status))
        connection.changed.connect(self.show_status)
        self.show_status(connection.status)

    def show_status(self, status: ConnectionStatus) -> None:
        """Show the environment in use among the others, and how its connection is."""
        # The one in use may be new and not saved yet.
        known = {each.id: each for each in (*self._environments.all, status.environment)}
        self._combo.clear()
        for environment in known.values():
            self._combo.addItem(dot(environment.colour), environment.name, environment)
        self._combo.addItem("Add an environment…")
        self._combo.setCurrentIndex(list(known).index(status.environment.id))
        guarded = status.environment.production and not self._environments.not_begun(status)
        self._production.setVisible(guarded)
        self._read_only.setVisible(status.environment.read_only)
        role, text = _STATES[status.state]
        self._state.setText(text)
        restyle(self._state, "role", role)

    def _on_activated(self, index: int) -> None:
        environment = self._combo.itemData(index)
        self.show_status(self._connection.status)  # the person may yet decide to stay
        if not isinstance(environment, Environment):
            self.add_requested.emit()
        elif environment.id != self._connection.environment.id:
            self.chosen.emit(environment)


_STATES = {
    ConnectionState.OFF: ("muted", "Not connected"),
    ConnectionState.READING_KEY: ("muted", "Reading the key…"),
    ConnectionState.CALLING: ("muted", "Connecting…"),
    ConnectionState.CONNECTED: ("success", "Connected"),
    ConnectionState.LOST: ("danger", "Connection lost"),
    ConnectionState.FAILED: ("danger", "Not connected"),
}
