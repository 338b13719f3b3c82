"""The Connection tab: a key goes in, and what it opens is shown."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.secret import Secret
from refiner_desktop.services.connection import ConnectionService, ConnectionState, ConnectionStatus
from refiner_desktop.services.problems import describe
from refiner_desktop.settings.settings import COLOURS, Environment
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.styling import button, card, label, restyle
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.theme import FORM_WIDTH, SPACE
from refiner_desktop.ui.widgets.secret_edit import SecretEdit
from refiner_desktop.ui.widgets.usage_panel import UsagePanel

WHERE_THE_KEY_IS = "In Refiner, open Integrations > Rest API and copy the key of this environment."


class ConnectionTab(Tab):
    """Connects one environment, says what its key opens, and forgets the key on demand."""

    def __init__(self, connection: ConnectionService) -> None:
        super().__init__("Connection", "mdi6.connection")
        self._connection = connection
        self._environment = connection.environment
        self._make()
        self._lay_out()
        self._connect()
        self._fill_form(connection.environment)
        self._show_status(connection.status)

    def register(self, registry: ActionRegistry) -> None:
        """Add connecting, checking and forgetting."""
        registry.add("Connection", "Connect", self.connect_now)
        registry.add("Connection", "Check the connection again", self.check)
        registry.add("Connection", "Add an environment", self.begin_new)
        registry.add("Connection", "Forget the key", self.forget)

    def connect_now(self) -> None:
        """Connect with what stands in the form; an empty key field means the remembered key."""
        environment = msgspec.structs.replace(
            self._environment,
            name=self._name.text().strip() or "Production",
            base_url=self._base_url.text().strip(),
            remember=self._remember.isChecked(),
        )
        self.connect_to(environment, self._key.secret())

    def connect_to(self, environment: Environment, key: Secret) -> None:
        """Connect an environment; an empty key means the remembered one."""
        wrong = not _is_address(environment.base_url)
        restyle(self._base_url, "wrong", "true" if wrong else "false")
        if wrong:
            self._say("The base URL must begin with https:// and name a server.", "danger")
            self._base_url.setFocus()
            return
        self._environment = environment
        self.tasks.start("connect", self._connect_to(environment, key), label="Connecting")

    def switch_to(self, environment: Environment) -> None:
        """Show another environment and connect it where its key is at hand."""
        self.tasks.start(
            "connect", self._connection.switch(environment), label=f"Opening {environment.name}"
        )

    def focus_key(self) -> None:
        """Put the cursor where a new user begins."""
        self._key.setFocus()

    def check(self) -> None:
        """Ask again what the key opens."""
        self.tasks.start("connect", self._check(), label="Checking the connection")

    def forget(self) -> None:
        """Remove the key of the environment in use."""
        self.tasks.start("connect", self._forget(), label="Forgetting the key")

    def begin_new(self) -> None:
        """Empty the form for another environment; nothing is kept until it is connected."""
        colour = COLOURS[len(self._connection.environments) % len(COLOURS)]
        self._fill_form(Environment(name="", colour=colour))
        self.wanted.emit()
        self._name.setFocus()

    def _make(self) -> None:
        self._name = QLineEdit(placeholderText="Production")
        self._name.setObjectName("connection.name")
        self._base_url = QLineEdit()
        self._base_url.setObjectName("connection.base_url")
        self._key = SecretEdit("connection.api_key", "API key")
        self._remember = QCheckBox("Remember the key in this system's keyring")
        self._connect_button = button(
            "Connect", "connection.connect", role="primary", icon="mdi6.lightning-bolt"
        )
        self._forget_button = button("Forget key", "connection.forget")
        self._status_label = label(wrap=True)
        self._status_label.setObjectName("connection.status")
        self._status_label.setAccessibleName("Connection status")
        self._kept_label = label(role="muted", wrap=True)
        self._usage = UsagePanel()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(SPACE * 2)
        column.addWidget(label("Connect to Refiner", "title"))
        column.addWidget(label(WHERE_THE_KEY_IS, "muted", wrap=True))
        column.addWidget(self._form())
        column.addWidget(self._status_card())
        column.addStretch(1)
        narrow = QWidget()
        narrow.setLayout(column)
        narrow.setMaximumWidth(FORM_WIDTH + SPACE * 12)
        page = QWidget()
        centred = QHBoxLayout(page)
        centred.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 3)
        centred.addWidget(narrow)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setProperty("role", "page")
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _form(self) -> QFrame:
        frame = card()
        form = QFormLayout(frame)
        form.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 3)
        form.setSpacing(SPACE * 2)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("Environment name", self._name)
        form.addRow("API base URL", self._base_url)
        form.addRow("API key", self._key)
        form.addRow("", self._remember)
        buttons = QHBoxLayout()
        buttons.addWidget(self._connect_button)
        buttons.addWidget(self._forget_button)
        buttons.addStretch(1)
        form.addRow("", buttons)
        return frame

    def _status_card(self) -> QFrame:
        frame = card()
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self._status_label)
        layout.addWidget(self._usage)
        layout.addWidget(self._kept_label)
        return frame

    def _connect(self) -> None:
        self._connect_button.clicked.connect(self.connect_now)
        self._forget_button.clicked.connect(self.forget)
        for edit in (self._name, self._base_url, self._key.edit):
            edit.returnPressed.connect(self.connect_now)
        self._connection.changed.connect(self._show_status)
        self._connection.switched.connect(self._fill_form)

    async def _connect_to(self, environment: Environment, key: Secret) -> None:
        await self._connection.connect(environment, key)
        self._key.clear()
        self.announced.emit(f"Connected to {self._connection.environment.name}.")

    async def _check(self) -> None:
        await self._connection.check()
        self.announced.emit("The connection works.")

    async def _forget(self) -> None:
        await self._connection.forget()
        self.announced.emit("The key is forgotten. Paste it again to connect.")

    def _fill_form(self, environment: Environment) -> None:
        self._environment = environment
        self._name.setText(environment.name)
        self._base_url.setText(environment.base_url)
        self._remember.setChecked(environment.remember)
        self._key.clear()

    def _show_status(self, status: ConnectionStatus) -> None:
        role, sentence = _sentence(status)
        self._say(sentence, role)
        shown = status.project is not None
        self._usage.setVisible(shown)
        self._kept_label.setVisible(bool(status.kept_in))
        self._kept_label.setText(f"The key is kept in: {status.kept_in}.")
        if status.project is not None:
            self._usage.show_project(status.project, status.usage)
        if status.connected and status.environment.id == self._environment.id:
            self._follow(status.environment)

    def _follow(self, environment: Environment) -> None:
        """Show the environment as it was kept, unless a person is typing another one."""
        if environment != self._environment:
            self._fill_form(environment)

    def _say(self, sentence: str, role: str) -> None:
        self._status_label.setText(sentence)
        restyle(self._status_label, "role", role)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _sentence(status: ConnectionStatus) -> tuple[str, str]:
    """Return the role and the words of a status."""
    match status.state:
        case ConnectionState.CONNECTED:
            return "success", f"Connected to {status.environment.base_url}."
        case ConnectionState.READING_KEY:
            return "muted", "Reading the key from the keyring…"
        case ConnectionState.CALLING:
            return "muted", f"Asking {status.environment.base_url} what this key opens…"
        case ConnectionState.FAILED if status.error:
            return "danger", str(describe(status.error))
        case _:
            return "muted", "Not connected. Paste an API key and press Connect."
