"""How the listener listens, how long deliveries are kept, and whether they are announced."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import msgspec
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
from refiner_desktop.services.problems import describe
from refiner_desktop.settings.settings import ListenerSettings, Retention
from refiner_desktop.storage.deliveries import Kept
from refiner_desktop.ui.amounts import number, size
from refiner_desktop.ui.styling import caption, label, restyle, size_dialog
from refiner_desktop.ui.tabs.webhooks.careful_dialog import CarefulDialog
from refiner_desktop.ui.tabs.webhooks.delivery_words import counted
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.number_field import number_field

WIDTH, HEIGHT = 560, 610
SAVE = "save the settings of the listener"
THIS_COMPUTER = "127.0.0.1"
ANYWHERE = "0.0.0.0"
KEEP_HINT = (
    "From 100 deliveries and 10 MB on; beyond any of the three limits the oldest are deleted. "
    "Refused ones have a tenth of this room besides. Pinned ones stay, and are not counted."
)
OPEN_HINT = (
    "Other computers reach the listener there. Every hook needs a token, and you are asked before "
    "it begins."
)
HOSTS_HINT = (
    "Names besides this computer's that a request may be addressed to, such as hooks.example.org, "
    "separated by blanks. The address of a tunnel that runs here, and “My public address”, "
    "are let in anyway."
)
NO_TRAY = "This desktop has no place to announce deliveries; the number on the tab stays."


Save = Callable[[ListenerSettings, QWidget], Awaitable[bool]]
"""Lets settings hold; asks over a widget where that needs a question, False is a no."""


class SettingsDialog(CarefulDialog):
    """Asks for what is rarely changed. `tray` says whether the desktop can announce deliveries.

    It stays open, with what was given, until `save` has let it hold.
    """

    def __init__(
        self,
        parent: QWidget,
        settings: ListenerSettings,
        kept: Kept,
        save: Save,
        tasks: TaskRunner,
        *,
        tray: bool,
    ) -> None:
        super().__init__(parent, "Settings of the listener", "Save", tasks)
        self._kept = kept
        self._settings = settings
        self._save = save
        self._make(settings)
        self._notify.setEnabled(tray)
        self._lay_out()
        self._no_tray.setVisible(not tray)
        self._host.editTextChanged.connect(self._check)
        self._check()
        self._deliveries.setFocus()
        self._deliveries.selectAll()

    def settings(self) -> ListenerSettings:
        """Return what was given."""
        return msgspec.structs.replace(
            self._settings,
            host=self._host.currentText().strip(),
            hosts=tuple(map(_host_name, self._hosts.text().replace(",", " ").split())),
            browsers=self._browsers.isChecked(),
            body_megabytes=self._body.value(),
            notify=self._notify.isChecked(),
            retention=Retention(
                deliveries=self._deliveries.value(),
                megabytes=self._megabytes.value(),
                days=self._days.value(),
            ),
        )

    def changed(self) -> bool:
        """Whether other settings are given than those that hold."""
        return self.settings() != self._settings

    async def _let_hold(self) -> None:
        try:
            agreed = await self._save(self.settings(), self)
        except TokensNotKept:
            super().accept()  # it holds all the same
            raise
        except Exception as exc:
            self.say(str(describe(exc)))
        else:
            if agreed:
                super().accept()

    def _make(self, settings: ListenerSettings) -> None:
        name = "webhooks.settings"
        self._deliveries = number_field(f"{name}.deliveries", 100, 10_000_000, " deliveries")
        self._megabytes = number_field(f"{name}.megabytes", 10, 1_000_000, " MB of bodies")
        self._days = number_field(f"{name}.days", 0, 3_650, " days")
        self._days.setSpecialValueText("for ever")
        self._body = number_field(f"{name}.body", 1, 1_000, " MB")
        for field, value in (
            (self._deliveries, settings.retention.deliveries),
            (self._megabytes, settings.retention.megabytes),
            (self._days, settings.retention.days),
            (self._body, settings.body_megabytes),
        ):
            field.setValue(value)
        self._host = QComboBox(editable=True)
        self._host.setObjectName("webhooks.settings.host")
        self._host.addItems([THIS_COMPUTER, ANYWHERE])
        self._host.setEditText(settings.host)
        self._hosts = QLineEdit(" ".join(settings.hosts))
        self._hosts.setObjectName("webhooks.settings.hosts")
        self._browsers = QCheckBox("Let pages in a browser deliver")
        self._browsers.setToolTip("Such requests have an Origin header")
        self._browsers.setObjectName("webhooks.settings.browsers")
        self._browsers.setChecked(settings.browsers)
        self._notify = QCheckBox("Announce deliveries on the desktop")
        self._notify.setObjectName("webhooks.settings.notify")
        self._notify.setChecked(settings.notify)
        self._no_tray = label(NO_TRAY, "muted", wrap=True)

    def _lay_out(self) -> None:
        size_dialog(self, WIDTH, HEIGHT)
        self._open = label(OPEN_HINT, "warning", wrap=True)
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE)
        form.addRow(caption("Keep at most", self._deliveries), self._deliveries)
        form.addRow(caption("And at most", self._megabytes), self._megabytes)
        form.addRow(caption("Not longer than", self._days), self._days)
        form.addRow("", label(_in_words(self._kept), wrap=True))
        form.addRow("", label(KEEP_HINT, "muted", wrap=True))
        form.addRow(caption("Largest body", self._body), self._body)
        form.addRow(caption("Listen on", self._host), _stack(self._host, self._open))
        form.addRow(caption("Host names", self._hosts), self._hosts)
        form.addRow("", label(HOSTS_HINT, "muted", wrap=True))
        form.addRow("", self._browsers)
        form.addRow("", _stack(self._notify, self._no_tray))
        self.fields.addLayout(form)

    def _check(self) -> None:
        host = self._host.currentText().strip()
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            problem = "" if host == "localhost" else "An address looks like 127.0.0.1 or ::1."
            is_open = False
        else:
            problem, is_open = "", not address.is_loopback
        self._open.setVisible(is_open)
        restyle(self._host, "wrong", "true" if problem else "false")
        self.say(problem)
        self.go_on.setEnabled(not problem)

    # Reimplemented Qt methods

    def accept(self) -> None:
        self.tasks.start(SAVE, self._let_hold())


def _in_words(kept: Kept) -> str:
    some = "pinned" if kept.pinned == kept.count else f"{number(kept.pinned)} of them pinned"
    pinned = f", {some}" if kept.pinned else ""
    return f"Kept now: {counted(kept.count)}, {size(kept.size)}{pinned}."


def _host_name(written: str) -> str:
    """Return the name in what may be a whole address."""
    return urlsplit(written if "://" in written else f"//{written}").hostname or written


def _stack(*widgets: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE // 2)
    for each in widgets:
        layout.addWidget(each)
    return box
