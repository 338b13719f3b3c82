"""A contact as Refiner sends it, byte for byte, asked for when it is looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

TASK = "raw contact"
WAITING = "Asking Refiner for the contact…"
SENT = "As Refiner sends it now"
LOADED = "As it was loaded, without what was empty"
FAILED = "It could not be read anew. Press Refresh to try again."

AskRaw = Callable[[str], Awaitable[bytes]]


class RawPage(QWidget):
    """Shows what was loaded until the answer is there, and keeps it where there is none.

    `ask` gets a contact's UUID.
    """

    def __init__(self, ask: AskRaw, tasks: TaskRunner, empty_text: str) -> None:
        super().__init__()
        self._ask = ask
        self._tasks = tasks
        self._uuid = ""
        self._asked = False
        self._source = label(role="muted", elide=True)
        self._refresh_button = button(
            "Refresh", "contacts.detail.json.refresh", role="quiet", icon="mdi6.refresh"
        )
        self._refresh_button.setToolTip("Ask Refiner for the contact again")
        self._text = text_pane("contacts.detail.json", "Contact as JSON", empty_text)
        self._lay_out()
        self._refresh_button.clicked.connect(self.refresh)
        self.show_contact({}, "")

    def show_contact(self, contact: Mapping[str, Any], uuid: str) -> None:
        """Turn to a contact, or to none."""
        self._tasks.cancel(TASK)
        self._uuid, self._asked = uuid, False
        self._source.setText(LOADED if uuid else "")
        self._refresh_button.setEnabled(bool(uuid))
        if contact:
            self._text.view.set_json(msgspec.json.encode(contact))
        else:
            self._text.view.clear()
        if self.isVisible():
            self._ask_once()

    def refresh(self) -> None:
        """Ask for the contact, again if need be."""
        if self._uuid:
            self._asked = True
            self._tasks.start(TASK, self._load(self._uuid), label="Reading the contact")

    def _ask_once(self) -> None:
        if not self._asked:
            self.refresh()

    async def _load(self, uuid: str) -> None:
        before = self._source.text()
        self._source.setText(WAITING)
        source = before
        try:
            sent = await self._ask(uuid)
            if uuid == self._uuid:
                self._text.view.set_json(sent)
                source = SENT
        except Exception:
            source = FAILED
            raise
        finally:
            if uuid == self._uuid:
                self._source.setText(source)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._source, 1)
        line.addWidget(self._refresh_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(line)
        layout.addWidget(self._text, 1)

    # Reimplemented Qt methods

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_once()
