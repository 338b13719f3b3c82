"""One delivery, down to its bytes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from refiner_desktop.storage.forwards import Forward
from refiner_desktop.ui.models.cell_text import LINE_CHARACTERS, one_line, tool_tip
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.moments import exact, moment
from refiner_desktop.ui.styling import button, label, pages, put_in_corner, restyle
from refiner_desktop.ui.tabs.webhooks.opened_delivery import OpenedDelivery
from refiner_desktop.ui.tabs.webhooks.payload_page import PayloadPage
from refiner_desktop.ui.tabs.webhooks.told_page import ToldPage
from refiner_desktop.ui.tabs.webhooks.way_page import WayPage
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.webhooks.delivery import Delivery, Verdict
from refiner_desktop.webhooks.reading import Person

Pair = tuple[str, str]
EMPTY = "Choose a delivery to see what it tells, its payload, its headers and where it went."


class DeliveryDetail(QWidget):
    """What happened in words; payload, answers, headers, and how it came and went.

    `more` is a button for the menu of what can be done. Signals: `replay_requested()`,
    `edit_requested()`; `retry_requested(sent)`; `contact_wanted(user_id, email)`;
    `left()` on Esc.
    """

    replay_requested = Signal()
    edit_requested = Signal()
    retry_requested = Signal(object)
    contact_wanted = Signal(str, str)
    left = Signal()

    def __init__(self, more: QToolButton) -> None:
        super().__init__()
        self._opened: OpenedDelivery | None = None
        self._more = more
        self._sentence = label(EMPTY, "muted", wrap=True)
        self._sentence.setObjectName("webhooks.detail.sentence")
        self._facts = label(role="muted", elide=True)
        self._facts.setObjectName("webhooks.detail.line")
        self._replay = button("Replay", "webhooks.replay", icon="mdi6.replay")
        self._replay.setToolTip(
            "Sends the same bytes and headers to where they came in, on this computer (R)"
        )
        self._edit = button("Edit…", "webhooks.detail.edit", icon="mdi6.pencil")
        self._edit.setAccessibleName("Edit and replay")
        self._edit.setToolTip("Edit and replay, to a hook or any other address")
        self._told = ToldPage()
        self._payload = PayloadPage()
        self._headers = RecordTableModel[Pair](
            (Column("Header", lambda pair: pair[0]), Column("Value", lambda pair: pair[1])),
            parent=self,
        )
        self._way = WayPage()
        self._pages = pages("Parts of the delivery", "webhooks.detail.pages")
        self._lay_out()
        self._connect()
        self.clear()

    @property
    def delivery(self) -> Delivery | None:
        """Which delivery is shown."""
        return self._opened.delivery if self._opened else None

    @property
    def person(self) -> Person:
        """Whom the shown delivery is about."""
        return self._opened.event.person if self._opened else Person()

    def show_delivery(self, opened: OpenedDelivery) -> None:
        """Show one delivery."""
        self._opened, delivery = opened, opened.delivery
        self._show_head(delivery)
        self._told.show_event(opened.event)
        self._payload.show_body(delivery.body, opened.content)
        self._headers.set_rows(delivery.headers)
        self._way.show_delivery(delivery)

    def show_sent(self, sent: Sequence[Forward], *, waits: bool = False) -> None:
        """Show where it was sent on to and again, what came back, and whether it still `waits`."""
        self._way.show_sent(sent, waits=waits)
        self._pages.setTabText(3, f"Delivery ({len(sent)} sent)" if sent else "Delivery")

    def clear(self) -> None:
        """Show that no delivery is chosen."""
        self._opened = None
        self._sentence.setText(EMPTY)
        restyle(self._sentence, "role", "muted")
        self._facts.setText("")
        self._told.show_event(None)
        self._payload.clear()
        self._headers.set_rows(())
        self._way.show_delivery(None)
        self._pages.setTabText(3, "Delivery")

    def enter_pages(self) -> None:
        """Bring the keyboard to the pages. As a focus proxy they would keep Tab off the buttons."""
        self._pages.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, replay: QAction, edit: QAction) -> None:
        """Let the buttons do what these actions would do, and be as free as they are."""
        self._replay.setText(replay.text())
        self._replay.setEnabled(replay.isEnabled())
        self._edit.setEnabled(edit.isEnabled())

    def _show_head(self, delivery: Delivery) -> None:
        self._sentence.setText(_headline(delivery))
        refused = delivery.verdict is Verdict.REFUSED
        restyle(self._sentence, "role", "heading")
        restyle(self._facts, "role", "danger" if refused else "muted")
        self._facts.setText(facts := _facts(delivery))
        whole = delivery.path if len(delivery.path) > LINE_CHARACTERS else facts
        self._facts.setToolTip(tool_tip(f"{whole}\n{exact(delivery.received_at)}"))

    def _lay_out(self) -> None:
        table = DataTable("webhooks.detail.headers", "Headers of the delivery", self._headers)
        table.setColumnWidth(0, scaled(180))
        table.horizontalHeader().setStretchLastSection(True)
        table.set_empty_text("Choose a delivery to see its headers.")
        self._pages.setObjectName("webhooks.detail.pages")
        for page, title in (
            (self._payload, "Payload"), (self._told, "Answers"), (table, "Headers"),
            (self._way, "Delivery"),
        ):  # fmt: skip
            self._pages.addTab(page, title)
        put_in_corner(self._pages, _lowered(self._payload.view), self._payload.view)
        top = QHBoxLayout()
        top.setSpacing(SPACE // 2)
        top.addWidget(self._facts, 1)
        for each in (self._replay, self._edit, self._more):
            top.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._sentence)  # alone, as it is long: beside buttons it would be cut
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self._replay.clicked.connect(self.replay_requested)
        self._edit.clicked.connect(self.edit_requested)
        self._told.contact_wanted.connect(self.contact_wanted)
        self._way.retry_requested.connect(self.retry_requested)
        self._pages.currentChanged.connect(lambda at: self._payload.view.setVisible(at == 0))

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _lowered(corner: QToolButton) -> QWidget:
    """Return a corner of the pages with room above and below its button, or its edge is cut."""
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, SPACE // 4, 0, SPACE // 2)
    layout.addWidget(corner)
    return box


def _headline(delivery: Delivery) -> str:
    """Return what happened; of a refused delivery first of all why it was."""
    if delivery.verdict is Verdict.REFUSED and delivery.reason:
        reason = f"{delivery.reason[0].lower()}{delivery.reason[1:]}"
        return f"Refused: {reason.rstrip('.')}."
    return f"{delivery.gist.sentence.rstrip('.')}."


def _facts(delivery: Delivery) -> str:
    received = moment(delivery.received_at)
    answer = f"answered {delivery.answer}" if delivery.answer else "not answered"
    sentence = delivery.gist.sentence
    refused = delivery.verdict is Verdict.REFUSED and delivery.reason not in sentence
    told = f" · {sentence}" if refused and sentence else ""
    what = f"{delivery.method} {one_line(delivery.path)}" if delivery.is_request else "No request"
    return f"{what} · {received} · {answer}{told}"
