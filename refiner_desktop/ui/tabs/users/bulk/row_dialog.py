"""One row of a run, whole: what was sent, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.runs import RunSummary
from refiner_desktop.services.users.drafts import IdentifyDraft
from refiner_desktop.storage.bulk_rows import BulkRow
from refiner_desktop.ui.styling import button, button_box, label, size_dialog
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.draft_form import traits_from
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

SIZE = (560, 480)


class RowDialog(QDialog):
    """Shows a row and leads to its user.

    Signals: `contact_wanted(user_id, email)`; `form_wanted(draft)` to mend the row in the form.
    """

    contact_wanted = Signal(str, str)
    form_wanted = Signal(object)

    def __init__(self, parent: QWidget, run: RunSummary, row: BulkRow) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(words.line_place(row.line))
        self._sent: dict[str, Any] = msgspec.json.decode(row.payload) if row.payload else {}
        self._data = text_pane("bulk.row", "Data of the row")
        self._data.view.set_json(_data(run, row))
        self._form_button = button(
            "Open in the identify form", "bulk.row.form", icon="mdi6.account-edit"
        )
        self._contact_button = button(
            "Show the contact", "bulk.row.contact", icon="mdi6.account-arrow-right"
        )
        self._form_button.setVisible(run.action is BulkAction.IDENTIFY)
        self._contact_button.setEnabled(any(self._user()))
        self._lay_out(row)
        self._form_button.clicked.connect(self._open_form)
        self._contact_button.clicked.connect(self._show_contact)
        size_dialog(self, *SIZE)

    def _user(self) -> tuple[str, str]:
        return str(self._sent.get("id", "")), str(self._sent.get("email", ""))

    def _open_form(self) -> None:
        self.accept()
        self.form_wanted.emit(draft_of(self._sent))

    def _show_contact(self) -> None:
        self.accept()
        self.contact_wanted.emit(*self._user())

    def _lay_out(self, row: BulkRow) -> None:
        state = words.STATES[row.state] + (f" · status {row.status}" if row.status else "")
        reason = label(row.error or row.warning, wrap=True)
        reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        reason.setVisible(bool(reason.text()))
        close = button_box(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self._form_button)
        buttons.addWidget(self._contact_button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(label(words.line_place(row.line), "heading"))
        layout.addWidget(label(state, "muted"))
        layout.addWidget(reason)
        layout.addWidget(self._data, 1)
        layout.addLayout(buttons)


def draft_of(sent: Mapping[str, Any]) -> IdentifyDraft:
    """Return the form that would send the same."""
    account = dict(sent.get("account") or {})
    traits = {key: value for key, value in sent.items() if key not in ("id", "email", "account")}
    return IdentifyDraft(
        str(sent.get("id", "")),
        str(sent.get("email", "")),
        traits_from(traits, {}),
        str(account.pop("id", "")),
        traits_from(account, {}),
    )


def _data(run: RunSummary, row: BulkRow) -> bytes:
    """Return what is sent for a row, or its cells where nothing could be made of them."""
    if row.payload not in ("", "{}"):
        return row.payload.encode()
    return msgspec.json.encode(dict(zip(run.columns, row.cells, strict=False)))
