"""How the connection is: step by step, what the key opens, and where it is kept."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout

from refiner_desktop.services.connection import ConnectionState, ConnectionStatus
from refiner_desktop.services.problems import describe
from refiner_desktop.settings.secrets import KeyringExposes
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.usage_panel import UsagePanel

WAITING = (
    "Still waiting for your keyring. It may ask for its password in another window. "
    "Cancel to go on without it."
)


class StatusCard(QFrame):
    """Says how far the connection is and offers what can be done about it.

    Signals: `cancel_requested()`, `check_requested()`, `copy_requested()`, `forget_requested()`,
    `agree_requested()`.
    """

    cancel_requested = Signal()
    check_requested = Signal()
    copy_requested = Signal()
    forget_requested = Signal()
    agree_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.refusal: KeyringExposes | None = None
        self.setProperty("role", "card")
        self._sentence = label(wrap=True)
        self._sentence.setObjectName("connection.status")
        self._sentence.setAccessibleName("Connection status")
        self._usage = UsagePanel()
        self._kept = label(role="muted", wrap=True)
        self._cancel_button = button("Cancel", "connection.cancel")
        self._check_button = button("Check again", "connection.check", icon="mdi6.refresh")
        self._copy_button = button("Copy key…", "connection.copy_key")
        self._forget_button = button("Forget key", "connection.forget")
        self._agree_button = button("Keep it there all the same…", "connection.agree")
        self._lay_out()
        self._connect()

    def show_status(self, status: ConnectionStatus, *, has_key: bool) -> None:
        """Show a step of the connection."""
        self.say(*sentence_of(status))
        if status.project is not None:
            self._usage.show_project(status.project, status.usage)
        self._usage.setVisible(status.project is not None)
        self._kept.setText(f"The key is kept in: {status.kept_in}.")
        self._kept.setVisible(bool(status.kept_in))
        self._check_button.setVisible(status.connected)
        self._copy_button.setVisible(has_key)
        self._forget_button.setEnabled(has_key)

    def say(self, role: str, sentence: str) -> None:
        """Put a sentence where the state of the connection stands."""
        self._sentence.setText(sentence)
        restyle(self._sentence, "role", role)

    def show_busy(self, busy: bool) -> None:
        """Offer to cancel while something runs."""
        self._cancel_button.setVisible(busy)
        for each in (self._check_button, self._copy_button):
            each.setEnabled(not busy)

    def show_refusal(self, problem: BaseException | None) -> None:
        """Offer to keep the key in an unsafe keyring all the same, after one was refused."""
        self.refusal = problem if isinstance(problem, KeyringExposes) else None
        self._agree_button.setVisible(self.refusal is not None)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self._sentence)
        layout.addWidget(self._usage)
        layout.addWidget(self._kept)
        layout.addLayout(self._buttons())
        self._agree_button.hide()
        self._cancel_button.hide()

    def _buttons(self) -> QLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for each in (
            self._cancel_button, self._check_button, self._copy_button, self._forget_button,
            self._agree_button,
        ):  # fmt: skip
            row.addWidget(each)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self._cancel_button.clicked.connect(self.cancel_requested)
        self._check_button.clicked.connect(self.check_requested)
        self._copy_button.clicked.connect(self.copy_requested)
        self._forget_button.clicked.connect(self.forget_requested)
        self._agree_button.clicked.connect(self.agree_requested)


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
