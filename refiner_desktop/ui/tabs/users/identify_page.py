"""The Identify page: create or update one user, with the JSON in sight before it is sent."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.services.drafts import RESERVED, IdentifyDraft
from refiner_desktop.services.tracking import TrackingService
from refiner_desktop.ui.styling import button, label, text_pane
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.draft_form import TRAIT_TYPES, DraftForm, trait_row, traits_of
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable
from refiner_desktop.ui.widgets.send_result import SendResult

INTRODUCTION = "Creates the user, or updates the one that has this id or e-mail address."
EMPTY = "Fill in the form to see what will be sent."


class IdentifyPage(QWidget):
    """A form for one user. What is wrong is marked once a person has tried to send.

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

    def draft(self) -> IdentifyDraft:
        """Return what stands in the form."""
        return IdentifyDraft(
            user_id=self._user_id.text().strip(),
            email=self._email.text().strip(),
            traits=traits_of(self._traits),
            account_id=self._account_id.text().strip(),
            account_traits=traits_of(self._account_traits),
        )

    def fill(self, user_id: str, email: str, attributes: dict[str, object]) -> None:
        """Take over a contact's id, address and attributes."""
        self._user_id.setText(user_id)
        self._email.setText(email)
        self._traits.set_rows(
            [trait_row(key, value) for key, value in attributes.items() if key not in RESERVED]
        )

    def send(self) -> None:
        """Send the form, unless something in it stops the call."""
        self._traits.commit()
        self._account_traits.commit()
        self._marking = True
        self._on_edited()
        if any(problem.stops for problem in self.draft().problems()):
            return
        if not self._tasks.running("identify"):
            self._tasks.start("identify", self._send(), label="Identifying")

    def _make(self) -> None:
        self._user_id = QLineEdit(placeholderText="Your own id of the user")
        self._user_id.setObjectName("identify.user_id")
        self._email = QLineEdit(placeholderText="name@example.org")
        self._email.setObjectName("identify.email")
        self._traits = KeyValueTable("identify.traits", "Traits", TRAIT_TYPES)
        self._account_id = QLineEdit(placeholderText="Your own id of the account")
        self._account_id.setObjectName("identify.account_id")
        self._account_traits = KeyValueTable(
            "identify.account_traits", "Account traits", TRAIT_TYPES
        )
        self._send_button = button(
            "Identify user", "identify.send", role="primary", icon="mdi6.account-check"
        )
        self._form = DraftForm()
        self._preview = text_pane("identify.preview", "JSON that will be sent", EMPTY)
        self.result = SendResult("identify.result")

    def _lay_out(self) -> None:
        self._traits.fit_to_rows()
        self._account_traits.fit_to_rows()
        self._form.add("user_id", "User id", self._user_id)
        self._form.add("email", "E-mail", self._email)
        self._form.add("traits", "Traits (extra data about the user)", self._traits)
        self._form.add("account_id", "Account id (groups users)", self._account_id)
        self._form.add("account_traits", "Account traits", self._account_traits)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.addWidget(self._left())
        splitter.addWidget(self._right())
        splitter.setSizes([560, 560])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _left(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACE, 0)
        column.setSpacing(SPACE * 2)
        column.addWidget(label(INTRODUCTION, "muted", wrap=True))
        column.addWidget(self._form)
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

    def _right(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(SPACE, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(label("What will be sent", "heading"))
        layout.addWidget(self._preview, 1)
        layout.addWidget(label("What came back", "heading"))
        layout.addWidget(self.result, 1)
        return side

    def _connect(self) -> None:
        for edit in (self._user_id, self._email, self._account_id):
            edit.textChanged.connect(self._on_edited)
            edit.returnPressed.connect(self.send)
        self._traits.edited.connect(self._on_edited)
        self._account_traits.edited.connect(self._on_edited)
        self._send_button.clicked.connect(self.send)

    def _on_edited(self) -> None:
        draft = self.draft()
        payload = draft.payload()
        self._preview.view.set_json(msgspec.json.encode(payload) if payload else b"")
        problems = draft.problems()
        # An untouched form is not wrong yet; a row with a bad value is, while it is typed.
        self._form.show_problems(p for p in problems if self._marking or p.row is not None)

    async def _send(self) -> None:
        self.result.show_waiting()
        try:
            sent = await self._tracking.identify(self.draft())
        except BaseException:
            self.result.show_failed()
            raise
        self.result.show_sent(sent)
        self.announced.emit("The user is identified.")
