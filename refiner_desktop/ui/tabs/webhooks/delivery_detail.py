"""One delivery, down to its bytes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from refiner_desktop.ui.models.cell_text import LINE_CHARACTERS, one_line, tool_tip
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import button, label, restyle, text_pane
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.webhooks.delivery import Delivery, Verdict

Pair = tuple[str, str]
EMPTY = "Choose a delivery to see its payload, headers and how it was answered."


class DeliveryDetail(QWidget):
    """What happened in words, the payload, the headers, and our answer.

    Signals: `replay_requested(id)`.
    """

    replay_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._delivery: Delivery | None = None
        self._sentence = label(EMPTY, "muted", wrap=True)
        self._facts = label(role="muted", wrap=True)
        self._passed_on = label(role="muted", wrap=True)
        self._replay_button = button("Replay", "webhooks.replay", icon="mdi6.replay")
        self._payload = text_pane("webhooks.detail", "Payload", EMPTY)
        self._headers = RecordTableModel[Pair](
            (Column("Header", lambda pair: pair[0]), Column("Value", lambda pair: pair[1])),
            parent=self,
        )
        self._lay_out()
        self._replay_button.clicked.connect(self._on_replay_clicked)
        self.clear()

    def show_delivery(self, delivery: Delivery) -> None:
        """Show one delivery."""
        self._delivery = delivery
        self._sentence.setText(f"{delivery.gist.sentence}.")
        restyle(self._sentence, "role", "heading")
        refused = delivery.verdict is Verdict.REFUSED
        self._facts.setText(_facts(delivery))
        if len(delivery.path) > LINE_CHARACTERS:
            self._facts.setToolTip(tool_tip(delivery.path))
        restyle(self._facts, "role", "danger" if refused else "muted")
        self._payload.view.set_json(delivery.body)
        self._headers.set_rows(delivery.headers)
        self._replay_button.setEnabled(True)

    @property
    def delivery_id(self) -> int | None:
        """Which delivery is shown."""
        return self._delivery.id if self._delivery else None

    def show_passed_on(self, sentence: str) -> None:
        """Say what became of it where it was passed on to; empty when it was not."""
        self._passed_on.setText(sentence)
        self._passed_on.setVisible(bool(sentence))

    def clear(self) -> None:
        """Show that no delivery is chosen."""
        self._delivery = None
        self._sentence.setText(EMPTY)
        restyle(self._sentence, "role", "muted")
        self._facts.setText("")
        self.show_passed_on("")
        self._payload.view.clear()
        self._headers.set_rows(())
        self._replay_button.setEnabled(False)

    def _lay_out(self) -> None:
        table = DataTable("webhooks.detail.headers", "Headers of the delivery", self._headers)
        table.horizontalHeader().setStretchLastSection(True)
        table.set_empty_text(EMPTY)
        pages = QTabWidget()
        pages.addTab(self._payload, "Payload")
        pages.addTab(table, "Headers")
        top = QHBoxLayout()
        top.addWidget(self._sentence, 1)
        top.addWidget(self._replay_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(top)
        layout.addWidget(self._facts)
        layout.addWidget(self._passed_on)
        layout.addWidget(pages, 1)

    def _on_replay_clicked(self) -> None:
        if self.delivery_id is not None:
            self.replay_requested.emit(self.delivery_id)


def _facts(delivery: Delivery) -> str:
    moment = delivery.received_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    answer = f"answered {delivery.answer}" if delivery.answer else "not answered"
    reason = f" · {delivery.reason}" if delivery.reason else ""
    return f"{delivery.method} {one_line(delivery.path)} · {moment} · {answer}{reason}"
