"""What the key of the environment in use opens, and where it is kept."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout

from refiner_desktop.services.environments.connection_status import (
    ConnectionState,
    ConnectionStatus,
)
from refiner_desktop.services.problems import describe
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.usage_panel import UsagePanel

WAITING = (
    "Still waiting for your keyring. It may ask for its password in another window. "
    "Cancel to go on without it."
)


class StatusCard(QFrame):
    """Project, usage and the key's place, and what can be done with a key.

    Signals: `check_requested()`, `copy_requested()`, `forget_requested()`.
    """

    check_requested = Signal()
    copy_requested = Signal()
    forget_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._status: ConnectionStatus | None = None
        self._busy, self._of = False, ""
        self._usage = UsagePanel()
        self._kept = label(role="muted", wrap=True)
        self._check_button = button("Check again", "connection.check", icon="mdi6.refresh")
        self._copy_button = button("Copy key…", "connection.copy_key")
        self._forget_button = button("Forget key", "connection.forget")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self._usage)
        layout.addWidget(self._kept)
        layout.addLayout(self._buttons())
        self._check_button.clicked.connect(self.check_requested)
        self._copy_button.clicked.connect(self.copy_requested)
        self._forget_button.clicked.connect(self.forget_requested)

    def show_status(self, status: ConnectionStatus) -> None:
        """Show what a step of the connection has brought."""
        self._status = status
        self._show()

    def show_busy(self, busy: bool) -> None:
        """Offer nothing that would get into the way of what runs."""
        self._busy = busy
        for each in (self._check_button, self._copy_button):
            each.setEnabled(not busy)
        self._show()

    def _show(self) -> None:
        """Show what is known; what was stays while the same environment connects again."""
        status = self._status
        if status is None or (self._busy and status.project is None and self._is_of(status)):
            return
        self._of = status.environment.id
        if status.project is not None:
            self._usage.show_project(status.project, status.usage)
        self._usage.setVisible(status.project is not None)
        self._kept.setText(f"The key is kept in: {status.kept_in}.")
        self._kept.setVisible(bool(status.kept_in))
        self._check_button.setVisible(status.connected)

    def _is_of(self, status: ConnectionStatus) -> bool:
        return self._of == status.environment.id

    def _buttons(self) -> QLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for each in (self._check_button, self._copy_button, self._forget_button):
            row.addWidget(each)
        row.addStretch(1)
        return row


def sentence_of(status: ConnectionStatus) -> tuple[str, str]:
    """Return the role and the words of a status."""
    if status.keyring_is_slow:
        return "warning", WAITING
    match status.state:
        case ConnectionState.CONNECTED:
            return "success", f"Connected to {status.environment.base_url}."
        case ConnectionState.READING_KEY:
            return "muted", "Reading the key from the keyring…"
        case ConnectionState.CALLING:
            return "muted", f"Asking {status.environment.base_url} what this key opens…"
        case ConnectionState.LOST if status.error:
            return "danger", f"The connection is lost. {describe(status.error)}"
        case ConnectionState.FAILED if status.error:
            return "danger", str(describe(status.error))
        case _:
            return "muted", "Not connected. Paste an API key and press Connect."
