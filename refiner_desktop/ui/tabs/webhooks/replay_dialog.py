"""A delivery to be sent again: where to, with which headers and body."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from refiner_desktop.services.requests.json_mistakes import json_mistake
from refiner_desktop.ui.amounts import size
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.styling import caption, label, restyle
from refiner_desktop.ui.tabs.console.body_edit import BodyEdit
from refiner_desktop.ui.tabs.console.long_edit import AT_ONCE
from refiner_desktop.ui.tabs.webhooks.web_address import what_is_wrong
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.asking_dialog import AskingDialog
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable
from refiner_desktop.webhooks.delivery import Delivery
from refiner_desktop.webhooks.outgoing import Outgoing

WIDTH, BODY_HEIGHT, HEADERS_HEIGHT = 680, 200, 150
MASK_HINT = "Dots stand for the token of a hook: to that hook they are sent as the token itself."


class ReplayDialog(AskingDialog):
    """Asks what to change in a delivery before it is sent, and where to; `targets` are offered."""

    def __init__(self, parent: QWidget, delivery: Delivery, targets: Sequence[str]) -> None:
        super().__init__(parent, "Edit and replay", "Send")
        self._delivery = delivery
        self._text = _editable(delivery.body)
        self._where = QComboBox(editable=True)
        self._where.setObjectName("webhooks.replay.url")
        self._where.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._where.addItems(list(targets))
        self._headers = KeyValueTable("webhooks.replay.headers", "Headers", arrangeable=True)
        self._headers.set_rows([KeyValue(name, value=value) for name, value in delivery.headers])
        self._headers.setFixedHeight(scaled(HEADERS_HEIGHT))
        self._body = BodyEdit()
        self._body.setObjectName("webhooks.replay.body")
        self._body.setPlainText(self._text or "")
        if self._body.toPlainText() != (self._text or ""):
            self._text = None  # the field swallows a character or two
        self._body.setMinimumHeight(scaled(BODY_HEIGHT))
        self._note = label(role="muted", wrap=True)
        self._note.setObjectName("webhooks.replay.note")
        self._lay_out()
        self._where.editTextChanged.connect(self._check)
        self._headers.edited.connect(self._check)
        self._body.textChanged.connect(self._check)
        self._check()
        self._where.setFocus()

    @property
    def url(self) -> str:
        """Where it is to be sent."""
        return self._where.currentText().strip()

    def outgoing(self) -> Outgoing:
        """Return what is to be sent."""
        self._headers.commit()
        headers = tuple((row.key.strip(), row.value) for row in self._headers.rows() if row.on)
        return Outgoing(self._delivery.method, headers, self._edited_body())

    def _edited_body(self) -> bytes:
        """Return the bytes as they came, unless the text in the field is another."""
        text = self._body.toPlainText()
        return self._delivery.body if self._text in (None, text) else text.encode()

    def _lay_out(self) -> None:
        self.setMinimumWidth(scaled(WIDTH))
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE)
        form.addRow(caption("Send to", self._where), self._where)
        form.addRow(caption("Headers", self._headers, high=True), self._headers)
        if self._text is None:
            form.addRow("Body", label(_why_not(self._delivery.body), "muted", wrap=True))
            self._body.hide()
        else:
            form.addRow(caption("Body", self._body, high=True), self._body)
        self.fields.addLayout(form)
        self.fields.addWidget(label(MASK_HINT, "muted", wrap=True))
        self.fields.addWidget(self._note)

    def _check(self) -> None:
        problem = what_is_wrong(self.url)
        restyle(self._where, "wrong", "true" if problem else "false")
        self.say(problem)
        self.go_on.setEnabled(bool(self.url) and not problem)
        mistake = json_mistake(self._body.toPlainText()) if self._text else None
        self._body.show_mistake(mistake.place if mistake else None)
        self._note.setText(self._said(str(mistake) if mistake else ""))

    def _said(self, mistake: str) -> str:
        given, came = self.outgoing(), self._delivery
        if (given.headers, given.body) == (came.headers, came.body):
            return "Sent as it came, byte for byte."
        note = f" The body is no JSON: {mistake}" if mistake else ""
        return f"Changed: it will be marked as edited.{note}"


def _editable(body: bytes) -> str | None:
    """Return a body as text; None when it is none, or longer than is edited here."""
    if len(body) > AT_ONCE:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _why_not(body: bytes) -> str:
    why = (
        "is too long to be edited here"
        if len(body) > AT_ONCE
        else "is no text that could be edited here"
    )
    return f"The body of {size(len(body))} {why} to be edited here; it is sent as it came."
