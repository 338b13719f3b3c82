"""The Track page: record one event for one user."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.services.drafts import TrackDraft
from refiner_desktop.services.tracking import TrackingService
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.draft_form import DraftForm
from refiner_desktop.ui.widgets.send_result import SendResult

INTRODUCTION = (
    "Records that the user did something. Refiner keeps the event's name only: "
    "an event has no attributes."
)


class TrackPage(QWidget):
    """A form for one event. It is sent once, however often the button is hit.

    Signals: `announced(text)` after a successful call.
    """

    announced = Signal(str)

    def __init__(self, tracking: TrackingService, tasks: TaskRunner) -> None:
        super().__init__()
        self._tracking = tracking
        self._tasks = tasks
        self._marking = False
        self._make()
        self._lay_out()
        self._connect()

    def draft(self) -> TrackDraft:
        """Return what stands in the form."""
        return TrackDraft(
            user_id=self._user_id.text().strip(),
            email=self._email.text().strip(),
            event=self._event.text().strip(),
        )

    def fill(self, user_id: str, email: str) -> None:
        """Take over a contact's id and address."""
        self._user_id.setText(user_id)
        self._email.setText(email)

    def send(self) -> None:
        """Send the form, unless something in it stops the call."""
        self._marking = True
        self._on_edited()
        if self.draft().problems() or self._tasks.running("track"):
            return
        self._tasks.start("track", self._send(), label="Tracking the event")

    def _make(self) -> None:
        self._user_id = QLineEdit(placeholderText="Your own id of the user")
        self._user_id.setObjectName("track.user_id")
        self._email = QLineEdit(placeholderText="name@example.org")
        self._email.setObjectName("track.email")
        self._event = QLineEdit(placeholderText="For example: checkout_completed")
        self._event.setObjectName("track.event")
        self._send_button = button(
            "Track event", "track.send", role="primary", icon="mdi6.flag-checkered"
        )
        self._form = DraftForm()
        self.result = SendResult("track.result")

    def _lay_out(self) -> None:
        self._form.add("user_id", "User id", self._user_id)
        self._form.add("email", "E-mail", self._email)
        self._form.add("event", "Event name", self._event)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, SPACE, 0)
        column.setSpacing(SPACE * 2)
        column.addWidget(label(INTRODUCTION, "muted", wrap=True))
        column.addWidget(self._form)
        row = QHBoxLayout()
        row.addWidget(self._send_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        right = QWidget()
        answer = QVBoxLayout(right)
        answer.setContentsMargins(SPACE, 0, 0, 0)
        answer.setSpacing(SPACE)
        answer.addWidget(label("What came back", "heading"))
        answer.addWidget(self.result, 1)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([560, 560])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        for edit in (self._user_id, self._email, self._event):
            edit.textChanged.connect(self._on_edited)
            edit.returnPressed.connect(self.send)
        self._send_button.clicked.connect(self.send)

    def _on_edited(self) -> None:
        self._form.show_problems(self.draft().problems() if self._marking else ())

    async def _send(self) -> None:
        self.result.show_waiting()
        try:
            sent = await self._tracking.track(self.draft())
        except BaseException:
            self.result.show_failed()
            raise
        self.result.show_sent(sent)
        self.announced.emit("The event is tracked.")
