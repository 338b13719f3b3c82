"""How a delivery came, what it was answered, and where it was sent on to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.storage.forwards import Errand, Forward
from refiner_desktop.ui.amounts import milliseconds, number, size
from refiner_desktop.ui.models.cell_text import RIGHT
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.moments import exact, moment, recent
from refiner_desktop.ui.styling import button, code_font, label, tool
from refiner_desktop.ui.tabs.webhooks import delivery_words as words
from refiner_desktop.ui.tabs.webhooks.list_columns import ColumnFit
from refiner_desktop.ui.tabs.webhooks.web_address import shortened
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.webhooks.content import unpacked
from refiner_desktop.webhooks.delivery import Delivery, Origin

NONE_CHOSEN = "Choose a delivery to see how it came."
NOT_SENT = "It was sent nowhere. “Replay” sends it again; the panel on the left passes all on."

Fact = tuple[str, str]


def _what(sent: Forward) -> str:
    errand = "Replay" if sent.errand is Errand.REPLAY else "Passed on"
    return f"{errand}, edited" if sent.edited else errand


def _attempt(sent: Forward) -> str:
    """Return the number of an attempt where there are several."""
    several = sent.attempt > 1 or sent.attempts_left
    return f"{sent.attempt} of {sent.attempt + sent.attempts_left}" if several else ""


def _came_back(sent: Forward) -> str:
    return str(sent.status) if sent.status is not None else "no answer"


def _answer(sent: Forward) -> str:
    """Return what the receiver answered, as it came."""
    if sent.status is None:
        return sent.error or "No answer came."
    head = [f"{sent.status}", *(f"{name}: {value}" for name, value in sent.headers)]
    body = unpacked(sent.headers, sent.body).decode(errors="replace")
    return "\n".join([*head, "", body or "(no body)"])


def _outlook(attempts: Sequence[Forward], *, waits: bool) -> str:
    """Return whether another attempt to pass a delivery on follows by itself."""
    passed = [each for each in attempts if each.errand is Errand.FORWARD]
    if not passed or passed[-1].taken:
        return ""
    sent = passed[-1]
    if not waits:
        why = "Given up" if sent.gave_up else "Dropped"
        return f"{why}: no attempt follows by itself."
    if not sent.attempts_left:
        return ""
    many = "attempt follows" if sent.attempts_left == 1 else "attempts follow"
    return f"{sent.attempts_left} more {many} by themselves."


SENT = (
    Column[Forward](
        "Time", lambda sent: recent(sent.sent_at), tooltip=lambda sent: exact(sent.sent_at)
    ),
    Column[Forward]("What", _what),
    Column[Forward]("Try", _attempt),
    Column[Forward]("Where", lambda sent: shortened(sent.url), tooltip=lambda sent: sent.url),
    Column[Forward](
        "Answer", _came_back, RIGHT, tooltip=lambda sent: sent.error or _came_back(sent)
    ),
    Column[Forward]("Took", lambda sent: milliseconds(sent.seconds), RIGHT),
)
SENT_LONGEST = (
    "00:00:00", "Replay, edited", "4 of 4", "localhost:3000/webhooks", "no answer", "30,000 ms",
)  # fmt: skip
TIME, WHAT, TRY, WHERE = range(4)


class WayPage(QWidget):
    """Facts on the left; on the right every attempt to send it on or again.

    Signals: `retry_requested(sent)` with an attempt that is to be made again.
    """

    retry_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        columns = (Column[Fact]("", lambda fact: fact[0]), Column[Fact]("", lambda fact: fact[1]))
        self._facts = RecordTableModel[Fact](columns, parent=self)
        self._sent = RecordTableModel[Forward](SENT, parent=self)
        self._left = DataTable("webhooks.detail.facts", "The delivery", self._facts)
        self._right = DataTable("webhooks.detail.sent", "Where it was sent on to", self._sent)
        self._retry = button("Send once more", "webhooks.detail.retry", icon="mdi6.refresh")
        self._outlook = label(role="muted", elide=True)
        self._outlook.setObjectName("webhooks.detail.outlook")
        self._showing = tool(
            "Answer", "webhooks.detail.answered", "What the receiver answered", role="toggle"
        )
        self._answer = QPlainTextEdit(readOnly=True)
        self._answer.setObjectName("webhooks.detail.answer")
        self._answer.setAccessibleName("What the receiver answered")
        self._answer.setFont(code_font())
        self._lay_out()
        self._showing.toggled.connect(self._places.setCurrentIndex)
        self._retry.clicked.connect(self._on_retry_clicked)
        self._right.row_chosen.connect(lambda _row: self._follow_choice())
        self.show_delivery(None)

    def show_delivery(self, delivery: Delivery | None) -> None:
        """Show how a delivery came; what became of it comes by `show_sent`."""
        self._facts.set_rows(facts_of(delivery) if delivery else ())
        self._left.set_empty_text("" if delivery else NONE_CHOSEN)
        self._right.set_empty_text(NOT_SENT if delivery else "")
        self.show_sent(())

    def show_sent(self, sent: Sequence[Forward], *, waits: bool = False) -> None:
        """Show every attempt to send it, oldest first, and whether it `waits` to be passed on."""
        self._outlook.setText(_outlook(sent, waits=waits))
        self._sent.set_rows(sent[::-1])
        if sent:
            self._columns.make_room(TIME, recent(sent[0].sent_at))
            self._right.selectRow(0)
        self._follow_choice()

    def _lay_out(self) -> None:
        self._left.horizontalHeader().hide()
        self._left.setColumnWidth(0, scaled(92))
        values = self._left.horizontalHeader()
        values.setSectionResizeMode(1, values.ResizeMode.Stretch)
        self._columns = ColumnFit(
            self._right, SENT_LONGEST, elastic=(WHAT, WHERE), spare=(TRY,), greedy=WHERE
        )
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE // 2)
        buttons.addWidget(self._retry)
        buttons.addWidget(self._showing)
        buttons.addWidget(self._outlook, 1)
        self._places = QStackedWidget()
        self._places.addWidget(self._right)
        self._places.addWidget(self._answer)
        column.addLayout(buttons)
        column.addWidget(self._places, 1)
        splitter = QSplitter(childrenCollapsible=False)
        splitter.setObjectName("webhooks.split.sent")
        splitter.addWidget(self._left)
        splitter.addWidget(right)
        splitter.setSizes([220, 460])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.addWidget(splitter)

    def _follow_choice(self) -> None:
        row = self._right.currentIndex().row()
        sent = self._sent.record(row) if 0 <= row < self._sent.rowCount() else None
        for part in (self._retry, self._showing, self._outlook):
            part.setVisible(self._sent.rowCount() > 0)
        for each in (self._retry, self._showing):
            each.setEnabled(sent is not None)
        self._answer.setPlainText(_answer(sent) if sent else "")
        if sent is None:
            self._showing.setChecked(False)

    def _on_retry_clicked(self) -> None:
        row = self._right.currentIndex().row()
        if 0 <= row < self._sent.rowCount():
            self.retry_requested.emit(self._sent.record(row))


def facts_of(delivery: Delivery) -> list[Fact]:
    """Return how a delivery came and what it was answered, in words."""
    answer = f"{delivery.answer}" if delivery.answer else "none: the sender had left"
    facts = (
        ("Received", moment(delivery.received_at)),
        ("In UTC", exact(delivery.received_at)),
        ("Hook", delivery.hook or "none has this path"),
        ("Request", f"{delivery.method} {delivery.path}".strip() or "none, only bytes"),
        ("Verdict", delivery.verdict.value),
        ("Reason", delivery.reason),
        ("Our answer", answer),
        ("Sent by", _sender(delivery)),
        ("Came in", milliseconds(delivery.seconds)),
        ("Body", f"{number(delivery.size)} bytes" + _rounded(delivery.size)),
        ("What", words.KIND_WORDS[delivery.kind]),
        ("Seen before", "yes: an earlier delivery tells the same" if delivery.seen_before else ""),
        ("Environment", delivery.project),
        ("Number", str(delivery.id)),
    )
    return [fact for fact in facts if fact[1]]


def _rounded(count: int) -> str:
    return f" ({size(count)})" if count >= 1_000 else ""


def _sender(delivery: Delivery) -> str:
    match delivery.origin:
        case Origin.REPLAY:
            what = "an edited replay" if delivery.edited else "a replay"
            return f"Refiner Desktop: {what} of number {delivery.replay_of}"
        case Origin.SAMPLE:
            return "Refiner Desktop: a sample"
        case _:
            return delivery.peer
