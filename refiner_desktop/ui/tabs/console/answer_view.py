"""What came back: status, time, size, the body as it came, and its headers."""

from __future__ import annotations

from http import HTTPStatus

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from refiner_desktop.api.exchange import Answer
from refiner_desktop.storage.exchanges import ExchangeRecord, ExchangeState
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import label, restyle, text_pane
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.data_table import DataTable

Pair = tuple[str, str]
NO_CALL = "No call made yet"
EMPTY = "The answer appears here, whatever its size."

_STATES = {
    ExchangeState.IN_FLIGHT: "No answer yet",
    ExchangeState.FAILED: "No answer",
    ExchangeState.INTERRUPTED: "Interrupted: the application ended before the answer came",
}


class AnswerView(QWidget):
    """The newest answer, or one from the history."""

    def __init__(self) -> None:
        super().__init__()
        self._status = label(NO_CALL, "muted", wrap=True)
        self._status.setObjectName("console.status")
        self._status.setAccessibleName("Status of the answer")
        self._body = text_pane("console.response", "Body of the answer", EMPTY)
        self._headers = RecordTableModel[Pair](
            (Column("Header", lambda pair: pair[0]), Column("Value", lambda pair: pair[1])),
            parent=self,
        )
        table = DataTable("console.response_headers", "Headers of the answer", self._headers)
        table.horizontalHeader().setStretchLastSection(True)
        table.set_empty_text("The headers of the answer appear here.")
        pages = QTabWidget()
        pages.addTab(self._body, "Answer")
        pages.addTab(table, "Answer headers")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._status)
        layout.addWidget(pages, 1)

    def clear(self) -> None:
        """Show what there is before the first call."""
        self._say(NO_CALL, "muted")
        self._show(b"", ())

    def show_waiting(self) -> None:
        """Say that the call is on its way."""
        self._say("Waiting for the answer…", "muted")
        self._show(b"", ())

    def show_nothing(self, why: str) -> None:
        """Say why there is no answer."""
        self._say(why, "danger")
        self._show(b"", ())

    def show_answer(self, answer: Answer) -> None:
        """Show what came back for the call that was just made."""
        key = "" if answer.with_key else " · sent without the key, to another server"
        facts = f"{_size(len(answer.body))} · {answer.http_version}{key}"
        self._show_status(answer.status, answer.seconds, facts)
        self._show(answer.body, answer.headers)

    def show_record(self, record: ExchangeRecord, note: str = "") -> None:
        """Show what came back for a call of the history, with a note behind it."""
        source = f"from the history · {note}" if note else "from the history"
        if record.status is None:
            reason = f": {record.error}" if record.error else ""
            self._say(f"{_STATES[record.state]}{reason} · {source}", "danger")
        else:
            size = _size(len(record.answer_body))
            self._show_status(record.status, record.seconds or 0.0, f"{size} · {source}")
        self._show(record.answer_body, record.answer_headers)

    def _show_status(self, status: int, seconds: float, facts: str) -> None:
        role = "success" if status < 300 else "warning" if status < 400 else "danger"
        self._say(f"{status} {_phrase(status)} · {seconds * 1000:,.0f} ms · {facts}", role)

    def _show(self, body: bytes, headers: tuple[Pair, ...]) -> None:
        self._body.view.set_json(body)
        self._headers.set_rows(headers)

    def _say(self, text: str, role: str) -> None:
        self._status.setText(text)
        restyle(self._status, "role", role)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _size(count: int) -> str:
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1_000:,.1f} kB"
    return f"{count / 1_000_000:,.1f} MB"
