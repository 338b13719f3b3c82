"""What the Identify and the Track page have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.services.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.services.tracking import Sent
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.draft_form import DraftForm
from refiner_desktop.ui.widgets.send_result import SendResult

HALF = 10_000
"""More than there is: both sides get the same."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a page says. `name` is also the beginning of its widgets' names."""

    name: str
    introduction: str
    action: str
    icon: str
    running: str
    done: str


class DraftPage(QWidget):
    """A form beside what came back. It is sent once, however often the button is hit.

    What is missing is marked once a person has tried to send; a bad value in a row, at once.
    Subclasses add their fields; `draft` returns what stands in them, `deliver` sends it. Signals:
    `announced(text)` after a successful call.
    """

    announced = Signal(str)

    def __init__(
        self,
        wording: Wording,
        tasks: TaskRunner,
        draft: Callable[[], IdentifyDraft | TrackDraft],
        deliver: Callable[[], Awaitable[Sent]],
    ) -> None:
        super().__init__()
        self._wording = wording
        self._tasks = tasks
        self._draft = draft
        self._deliver = deliver
        self._marking = False
        self.form = DraftForm()
        self.result = SendResult(f"{wording.name}.result")
        self.user_id = self.add_line("user_id", "User id", "Your own id of the user")
        self.email = self.add_line("email", "E-mail", "name@example.org")
        self.right = QVBoxLayout()
        self._send_button = button(
            wording.action, f"{wording.name}.send", role="primary", icon=wording.icon
        )
        self._send_button.clicked.connect(self.send)
        self._lay_out()

    def add_line(self, field: str, title: str, example: str) -> QLineEdit:
        """Add a line to type into; Enter in it sends the form."""
        edit = QLineEdit(placeholderText=example)
        edit.setObjectName(f"{self._wording.name}.{field}")
        edit.textChanged.connect(self.on_edited)
        edit.returnPressed.connect(self.send)
        self.form.add(field, title, edit)
        return edit

    def send(self) -> None:
        """Send the form, unless something in it stops the call or it is on its way already."""
        self._marking = True
        self.on_edited()
        stopped = any(problem.stops for problem in self._draft().problems())
        if not stopped and not self._tasks.running(self._wording.name):
            self._tasks.start(self._wording.name, self._send(), label=self._wording.running)

    def leave_environment(self) -> None:
        """Take away what came back; what was typed stays."""
        self._tasks.cancel(self._wording.name)
        self.result.clear()

    def on_edited(self) -> None:
        """Mark what is wrong with what was just typed."""
        problems = self._draft().problems()
        self.form.show_problems(p for p in problems if self._marking or p.row is not None)

    async def _send(self) -> None:
        self.result.show_waiting()
        try:
            sent = await self._deliver()
        except asyncio.CancelledError:
            if self.result.is_waiting:
                self.result.show_cancelled()
            raise
        except Exception:
            self.result.show_failed()
            raise
        self.result.show_sent(sent)
        self.announced.emit(self._wording.done)

    def _lay_out(self) -> None:
        right = QWidget()
        right.setLayout(self.right)
        self.right.setContentsMargins(SPACE, 0, 0, 0)
        self.right.setSpacing(SPACE)
        self.right.addWidget(label("What came back", "heading"))
        self.right.addWidget(self.result, 1)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.addWidget(self._left())
        splitter.addWidget(right)
        splitter.setSizes([HALF, HALF])
        layout = QVBoxLayout(self)
        layout.addWidget(splitter)

    def _left(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACE, 0)
        column.setSpacing(SPACE * 2)
        column.addWidget(label(self._wording.introduction, "muted", wrap=True))
        column.addWidget(self.form)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setProperty("role", "page")
        scroll.setWidget(inner)
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE * 2)
        layout.addWidget(scroll, 1)
        row = QHBoxLayout()
        row.addWidget(self._send_button)
        row.addStretch(1)
        layout.addLayout(row)
        return side
