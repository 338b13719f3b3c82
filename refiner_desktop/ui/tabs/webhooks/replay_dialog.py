"""A delivery to be sent again: where to, with which headers and body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from refiner_desktop.secret import MASK
from refiner_desktop.services.requests.json_format import format_json
from refiner_desktop.services.requests.json_mistakes import json_mistake
from refiner_desktop.ui.amounts import size
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.styling import button, caption, label, restyle
from refiner_desktop.ui.tabs.console.body_edit import BodyEdit
from refiner_desktop.ui.tabs.console.long_edit import AT_ONCE
from refiner_desktop.ui.tabs.webhooks.careful_dialog import CarefulDialog
from refiner_desktop.ui.tabs.webhooks.web_address import what_is_wrong
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable
from refiner_desktop.webhooks.delivery import Delivery, Headers
from refiner_desktop.webhooks.hooks import HookAnswer
from refiner_desktop.webhooks.outgoing import OF_THE_CONNECTION, Outgoing

WIDTH, HEIGHT, BODY_HEIGHT, HEADERS_HEIGHT = 680, 620, 160, 150
NOTE_LINES = 2
"""The note has room for a complaint from the start, or *Send* would move away from a click."""

HINT = (
    "Dots stand for the token of the hook: wherever you send it, the token itself goes along. "
    "Host, Content-Length and what else belongs to a connection is made anew."
)
AS_IT_CAME = "Sent as it came, byte for byte."
DOTTED = "Sent as it was kept: dots in its body stand for a secret that was not kept."

MaySend = Callable[[str, QWidget], Awaitable[bool]]
"""Whether something may go to an address; asks over a widget where that needs a question."""


class ReplayDialog(CarefulDialog):
    """Asks what to change in a delivery before it is sent, and where to; `targets` are offered.

    It stays open until `may_send` has agreed to the address.
    """

    def __init__(
        self,
        parent: QWidget,
        delivery: Delivery,
        targets: Sequence[str],
        may_send: MaySend,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(parent, "Edit and replay", "Send", tasks)
        self._delivery = delivery
        self._may_send = may_send
        self._text = _editable(delivery.body)
        self._came = tuple(pair for pair in delivery.headers if _is_sent_on(pair[0]))
        self._make(targets)
        self._lay_out()
        self._where.editTextChanged.connect(self._check)
        self._headers.edited.connect(self._check)
        self._body.textChanged.connect(self._check)
        self._format.clicked.connect(self._put_in_order)
        self._check()
        self._where.setFocus()

    @property
    def url(self) -> str:
        """Where it is to be sent."""
        return self._where.currentText().strip()

    def outgoing(self) -> Outgoing:
        """Return what is to be sent."""
        given = self._given()
        headers = self._delivery.headers if given == self._came else given
        return Outgoing(self._delivery.method, headers, self._edited_body())

    def changed(self) -> bool:
        """Whether the delivery is another than the one that came."""
        return self.outgoing() != Outgoing.of(self._delivery)

    def _given(self) -> Headers:
        return tuple((row.key.strip(), row.value) for row in self._headers.rows() if row.on)

    def _edited_body(self) -> bytes:
        """Return the bytes as they came, unless the text in the field is another."""
        text = self._body.toPlainText()
        return self._delivery.body if self._text in (None, text) else text.encode()

    def _make(self, targets: Sequence[str]) -> None:
        self._where = QComboBox(editable=True)
        self._where.setObjectName("webhooks.replay.url")
        self._where.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._where.addItems(list(targets))
        self._headers = KeyValueTable("webhooks.replay.headers", "Headers", arrangeable=True)
        self._headers.set_rows([KeyValue(name, value=value) for name, value in self._came])
        self._headers.setFixedHeight(HEADERS_HEIGHT)
        self._body = BodyEdit()
        self._body.setObjectName("webhooks.replay.body")
        self._body.setPlainText(self._text or "")
        if self._body.toPlainText() != (self._text or ""):
            self._text = None  # the field swallows a character or two
        self._body.setMinimumHeight(BODY_HEIGHT)
        self._format = button(
            "Format", "webhooks.replay.format", icon="mdi6.format-indent-increase"
        )
        self._format.setToolTip("Indents the JSON and leaves every value as it is")
        self._note = label(role="muted", wrap=True)
        self._note.setObjectName("webhooks.replay.note")
        self._note.setMinimumHeight(NOTE_LINES * self._note.fontMetrics().lineSpacing())

    def _lay_out(self) -> None:
        self.resize(WIDTH, HEIGHT)
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE)
        form.addRow(caption("Send to", self._where), self._where)
        form.addRow(caption("Headers", self._headers, high=True), self._headers)
        if self._text is None:
            form.addRow("Body", label(_why_not(self._delivery.body), "muted", wrap=True))
            self._body.hide()
            self._format.hide()
        else:
            form.addRow(caption("Body", self._body, high=True), self._body)
        self.fields.addLayout(form, 1)
        self.fields.addWidget(label(HINT, "muted", wrap=True))
        self.fields.addWidget(self._note)
        self.buttons.addButton(self._format, self.buttons.ButtonRole.ResetRole)

    def _check(self) -> None:
        wrong_url = what_is_wrong(self.url)
        # The dots are a token by the time that it is sent.
        whole = tuple((name, value.replace(MASK, "token")) for name, value in self._given())
        wrong_headers = HookAnswer(headers=whole).problems().get("headers", "")
        restyle(self._where, "wrong", "true" if wrong_url else "false")
        self.go_on.setEnabled(bool(self.url) and not wrong_url and not wrong_headers)
        mistake = json_mistake(self._body.toPlainText()) if self._text is not None else None
        self._body.show_mistake(mistake.place if mistake else None)
        self._format.setEnabled(mistake is None)
        problem = wrong_url or wrong_headers
        self._note.setText(problem or self._said(str(mistake) if mistake else ""))
        restyle(self._note, "role", "danger" if problem else "muted")

    def _said(self, mistake: str) -> str:
        if not self.changed():
            return DOTTED if MASK.encode() in self._delivery.body else AS_IT_CAME
        note = f" The body is no JSON: {mistake}" if mistake else ""
        return f"Changed: it will be marked as edited.{note}"

    def _put_in_order(self) -> None:
        self._body.take_text(format_json(self._body.toPlainText()))

    async def _agree(self) -> None:
        if await self._may_send(self.url, self):
            super().accept()

    # Reimplemented Qt methods

    def accept(self) -> None:
        self.tasks.start("agree to send", self._agree())


def _is_sent_on(name: str) -> bool:
    return name.lower() not in OF_THE_CONNECTION


def _editable(body: bytes) -> str | None:
    """Return a body as text; None when it is none, or longer than is edited here."""
    if len(body) > AT_ONCE:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _why_not(body: bytes) -> str:
    why = "is too long" if len(body) > AT_ONCE else "is no text"
    return f"The body of {size(len(body))} {why} to be edited here; it is sent as it came."
