"""What a form sent before: searched, looked at, opened in the form again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from refiner_desktop.services.users.drafts import TrackDraft
from refiner_desktop.services.users.form_drafts import Form
from refiner_desktop.services.users.sends import KEPT, KeptSend
from refiner_desktop.storage.sends import SendState
from refiner_desktop.ui.amounts import milliseconds
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.moments import exact, recent
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

SEARCH_MS = 150
NONE_YET = f"The last {KEPT} calls of this form are kept here, with their answers."
READING = "Reading the earlier calls…"
UNREAD = (
    "The earlier calls could not be read; the message above says why. "
    "Search for something to try again."
)
NONE_FOUND = "No call contains these words. Change them to see more."

_STATES = {
    SendState.IN_FLIGHT: "on its way",
    SendState.FAILED: "failed",
    SendState.INTERRUPTED: "outcome unknown",
}


def _result(kept: KeptSend) -> str:
    if kept.state is SendState.ANSWERED and kept.seconds is not None:
        return f"done in {milliseconds(kept.seconds)}"
    return _STATES.get(kept.state, "")


def _what(kept: KeptSend) -> str:
    if isinstance(kept.draft, TrackDraft):
        return kept.draft.event
    return ", ".join(trait.key for trait in kept.draft.traits if trait.on)


def _columns(form: Form) -> tuple[Column[KeptSend], ...]:
    return (
        Column[KeptSend](
            "Time", lambda kept: recent(kept.sent_at), tooltip=lambda kept: exact(kept.sent_at)
        ),
        Column[KeptSend]("User", lambda kept: kept.user),
        Column[KeptSend]("Result", _result, tooltip=lambda kept: kept.error or _result(kept)),
        Column[KeptSend]("Event" if form is Form.TRACK else "Traits", _what),
    )


class SendList(QWidget):
    """The calls of one form, newest first; the chosen one is shown with its answer.

    Signals: `searched(text)` when other calls are wanted; `reopened(kept)` when one is to stand
    in the form again; `repeated(kept)` when it is to be sent again.
    """

    searched = Signal(str)
    reopened = Signal(object)
    repeated = Signal(object)

    def __init__(self, form: Form) -> None:
        super().__init__()
        name = f"{form.value}.history"
        self._search = QLineEdit(placeholderText="Search in what was sent and what came back")
        self._search.setObjectName(f"{name}.search")
        self._search.setAccessibleName("Search earlier calls")
        self._search.setClearButtonEnabled(True)
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._sends = RecordTableModel[KeptSend](_columns(form), parent=self)
        self._table = DataTable(name, "Earlier calls", self._sends)
        self._detail = text_pane(f"{name}.detail", "The chosen call", "Choose a call to see it.")
        self._open = button("Open in the form", f"{name}.open", icon="mdi6.pencil")
        self._again = button("Send again", f"{name}.again", icon="mdi6.send")
        self._table.set_empty_text(READING)
        self._lay_out()
        self._connect()
        self._show_chosen()

    @property
    def words(self) -> str:
        """What is being looked for."""
        return self._search.text().strip()

    def show_sends(self, sends: Sequence[KeptSend]) -> None:
        """Show these calls; the chosen one stays chosen."""
        chosen = self._chosen()
        self._table.set_empty_text(NONE_FOUND if self.words else NONE_YET)
        self._sends.set_rows(sends)
        for row, kept in enumerate(sends):
            if chosen is not None and kept.id == chosen.id:
                self._table.selectRow(row)
        self._show_chosen()

    def say(self, why: str) -> None:
        """Say why there are no calls, where none are shown."""
        self._table.set_empty_text(why)

    def _chosen(self) -> KeptSend | None:
        row = self._table.currentIndex().row()
        return self._sends.record(row) if 0 <= row < self._sends.rowCount() else None

    def _lay_out(self) -> None:
        header = self._table.horizontalHeader()
        for place, width in enumerate((125, 100, 110)):
            header.resizeSection(place, scaled(width))
        header.setStretchLastSection(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self._open)
        buttons.addWidget(self._again)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._search)
        layout.addWidget(self._table, 3)
        layout.addLayout(buttons)
        layout.addWidget(self._detail, 2)

    def _connect(self) -> None:
        self._search.textChanged.connect(lambda: self._pause.start())
        self._pause.timeout.connect(lambda: self.searched.emit(self.words))
        self._table.row_chosen.connect(lambda _row: self._show_chosen())
        self._table.activated.connect(lambda _index: self._tell(self.reopened))
        self._open.clicked.connect(lambda: self._tell(self.reopened))
        self._again.clicked.connect(lambda: self._tell(self.repeated))

    def _tell(self, signal: SignalInstance) -> None:
        if (kept := self._chosen()) is not None:
            signal.emit(kept)

    def _show_chosen(self) -> None:
        kept = self._chosen()
        for each in (self._open, self._again):
            each.setEnabled(kept is not None)
        if kept is None:
            self._detail.view.clear()
        else:
            self._detail.view.set_json(_as_json(kept))


def _as_json(kept: KeptSend) -> bytes:
    """Return one JSON object with what was sent and what came back."""
    shown: dict[str, object] = {"sent": msgspec.Raw(kept.payload)}
    if kept.answer:
        shown["answer"] = msgspec.Raw(kept.answer)
    if kept.error:
        shown["error"] = kept.error
    return msgspec.json.encode(shown)
