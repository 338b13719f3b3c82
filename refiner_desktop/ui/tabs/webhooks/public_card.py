"""How Refiner reaches this computer: a tunnel program, started from here, and its address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.deliveries.tunnels import TunnelStatus
from refiner_desktop.ui.moments import clock
from refiner_desktop.ui.styling import button, caption, label, restyle
from refiner_desktop.ui.tabs.webhooks.copy_field import CopyField
from refiner_desktop.ui.tabs.webhooks.install_lines import install_line
from refiner_desktop.ui.tabs.webhooks.web_address import what_is_wrong
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.tunnels import Tool

HOW = (
    "1.  Refiner delivers over the internet, and your computer has no address there.",
    "2.  A tunnel program lends it one: whatever comes to that address is handed to the listener "
    "here, for as long as both run.",
    "3.  Give Refiner that address, with the hook's path. The token keeps strangers out.",
)
NONE_FOUND = (
    "None of cloudflared, ngrok and tailscale is on this computer. cloudflared needs no account; "
    "this line for a terminal installs it. Then look again."
)
ADDRESS_HINT = (
    "Where another tunnel or server of yours leads to this listener, write its address here: the "
    "Destination URL below begins with it, and requests that are addressed to it are let in."
)
OFF = "The listener is off: start it first, the tunnel leads to it."


class PublicCard(QFrame):
    """Signals: `start_requested(tool)`, `stop_requested()`, `look_requested()`;
    `address_changed(url)` when a person writes the address that their own tunnel has.
    """

    start_requested = Signal(object)
    stop_requested = Signal()
    look_requested = Signal()
    address_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._group = QButtonGroup(self)
        self._tools: tuple[Tool, ...] = ()
        self._choices = QWidget()
        self._choice_row = QHBoxLayout(self._choices)
        self._choice_row.setContentsMargins(0, 0, 0, 0)
        self._choice_row.setSpacing(SPACE * 2)
        self._none = label(NONE_FOUND, "muted", wrap=True)
        self._none.setObjectName("webhooks.tunnel.none")
        self._install = CopyField("webhooks.tunnel.install", "Line that installs cloudflared")
        self._install.set_text(install_line())
        self._address = QLineEdit(placeholderText="https://hooks.example.org")
        self._address.setObjectName("webhooks.public_address")
        self._wrong = label(role="problem", wrap=True)
        self._wrong.hide()
        self._looked = label(role="muted", elide=True)
        self._looked.setObjectName("webhooks.tunnel.looked")
        self._start = button("Start the tunnel", "webhooks.tunnel.start", icon="mdi6.play")
        self._stop = button("Stop", "webhooks.tunnel.stop", icon="mdi6.stop")
        self._look = button("Look again", "webhooks.tunnel.look", icon="mdi6.refresh")
        self._needs = label(role="muted", wrap=True)
        self._state = label(role="muted", wrap=True)
        self._state.setObjectName("webhooks.tunnel.state")
        self._url = CopyField("webhooks.tunnel.url", "Public URL")
        self._lay_out()
        self._connect()
        self.show_tools(())

    def show_tools(self, tools: Sequence[Tool]) -> None:
        """Offer these programs; the one that is chosen stays chosen."""
        if tuple(tools) != self._tools:
            chosen = self._chosen()
            self._tools = tuple(tools)
            self._fill(chosen)
        for part in (self._none, self._install):
            part.setVisible(not tools)
        self._show_needs()
        self._choices.setVisible(bool(tools))

    def say_looked(self, tools: Sequence[Tool]) -> None:
        """Say what was found, and when."""
        found = ", ".join(each.name for each in tools) or "nothing"
        self._looked.setText(f"Looked at {clock(datetime.now().astimezone())}: {found} found.")

    def show_address(self, url: str) -> None:
        """Show the address that holds, unless another is being written."""
        if not self._address.hasFocus():
            self._address.setText(url)

    def show_status(self, status: TunnelStatus, *, listening: bool) -> None:
        """Say how the tunnel is."""
        self._start.setEnabled(listening and bool(self._tools) and not status.running)
        self._stop.setEnabled(status.running)
        for choice in self._group.buttons():
            choice.setEnabled(not status.running)
        said = status.sentence if status.running or listening else OFF
        self._state.setText(said)
        self._state.setVisible(bool(said))
        restyle(self._state, "role", _role(status))
        self._url.set_text(status.url)
        self._url.setVisible(bool(status.url))

    def focus(self) -> None:
        """Bring the keyboard to the first thing that can be done."""
        first = self._group.checkedButton() or self._look
        first.setFocus()

    def _fill(self, chosen: Tool | None) -> None:
        for choice in self._group.buttons():
            self._group.removeButton(choice)
            self._choice_row.removeWidget(choice)
            choice.deleteLater()
        for place, each in enumerate(self._tools):
            choice = QRadioButton(each.title)
            choice.setToolTip(each.path)
            choice.setChecked(each == chosen or (chosen not in self._tools and place == 0))
            self._group.addButton(choice, place)
            self._choice_row.insertWidget(place, choice)

    def _chosen(self) -> Tool | None:
        place = self._group.checkedId()
        return self._tools[place] if 0 <= place < len(self._tools) else None

    def _show_needs(self) -> None:
        chosen = self._chosen()
        self._needs.setText(chosen.needs if chosen else "")
        self._needs.setVisible(chosen is not None)

    def _on_address_written(self) -> None:
        url = self._address.text().strip().rstrip("/")
        problem = what_is_wrong(url)
        self._wrong.setText(problem)
        self._wrong.setVisible(bool(problem))
        restyle(self._address, "wrong", "true" if problem else "false")
        if not problem:
            self.address_changed.emit(url)

    def _on_start_clicked(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.start_requested.emit(chosen)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for each in (self._start, self._stop, self._look):
            buttons.addWidget(each)
        buttons.addWidget(self._looked, 1)
        self._choice_row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(label("A public URL for this computer", "heading"))
        for line in HOW:
            layout.addWidget(label(line, wrap=True))
        layout.addSpacing(SPACE // 2)
        layout.addWidget(self._choices)
        layout.addWidget(self._needs)
        layout.addWidget(self._none)
        layout.addWidget(self._install)
        layout.addLayout(buttons)
        layout.addWidget(self._state)
        layout.addWidget(self._url)
        layout.addSpacing(SPACE // 2)
        address = QFormLayout()
        address.setHorizontalSpacing(SPACE * 2)
        address.addRow(caption("My public address", self._address), self._address)
        layout.addLayout(address)
        layout.addWidget(self._wrong)
        layout.addWidget(label(ADDRESS_HINT, "muted", wrap=True))

    def _connect(self) -> None:
        self._group.idClicked.connect(self._show_needs)
        self._start.clicked.connect(self._on_start_clicked)
        self._stop.clicked.connect(self.stop_requested)
        self._look.clicked.connect(self.look_requested)
        self._address.editingFinished.connect(self._on_address_written)


def _role(status: TunnelStatus) -> str:
    if status.well:
        return "success"
    return "danger" if status.failed or (status.url and status.trouble) else "muted"
