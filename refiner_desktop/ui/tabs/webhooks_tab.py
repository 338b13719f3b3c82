"""The Webhooks tab: the listener, its hooks, and every delivery down to the bytes."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
)

from refiner_desktop.services.deliveries import DeliveriesService, ListenerStatus
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.dialogs import confirm
from refiner_desktop.ui.models.cell_text import RIGHT
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.tabs.webhooks.delivery_detail import DeliveryDetail
from refiner_desktop.ui.tabs.webhooks.hook_panel import HookPanel
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.webhooks.delivery import DeliveryRow, Kind
from refiner_desktop.webhooks.hooks import Hook

SHOWN = 10_000
TYPING_MS = 150

KIND_WORDS = {
    Kind.SURVEY_COMPLETED: "Survey completed",
    Kind.SURVEY_PARTIAL: "Partial answer",
    Kind.SURVEY_SEEN: "Survey seen",
    Kind.SURVEY_DISMISSED: "Survey dismissed",
    Kind.SEGMENT_ENTERED: "Segment entered",
    Kind.TAG_ADDED: "Tag added",
    Kind.OTHER: "Other request",
}
COLUMNS = (
    Column[DeliveryRow]("Time", lambda row: row.received_at.astimezone().strftime("%H:%M:%S")),
    Column[DeliveryRow]("What", lambda row: KIND_WORDS[row.kind]),
    Column[DeliveryRow]("User", lambda row: row.gist.user),
    Column[DeliveryRow]("Survey or segments", lambda row: row.gist.subject),
    Column[DeliveryRow]("Score", lambda row: "" if row.gist.score is None else str(row.gist.score)),
    Column[DeliveryRow]("Verdict", lambda row: row.verdict.value),
    Column[DeliveryRow]("Bytes", lambda row: f"{row.size:,}", RIGHT),
)
SUBJECT = 3
WIDTHS = (80, 140, 150, 160, 60, 80, 70)
EMPTY = "No deliveries yet. Start the listener, then identify or track a user, or answer a survey."
FILTERED = "No delivery contains this text."


class WebhooksTab(Tab):
    """Starts and stops the listener and shows what arrives, newest on top."""

    def __init__(self, deliveries: DeliveriesService) -> None:
        super().__init__("Webhooks", "mdi6.webhook")
        self._deliveries = deliveries
        self._make()
        self._lay_out()
        self._connect()
        self._show_status(deliveries.status)

    def register(self, registry: ActionRegistry) -> None:
        """Add the listener and its deliveries."""
        registry.add("Webhooks", "Start the listener", self.start)
        registry.add("Webhooks", "Stop the listener", self.stop)
        registry.add("Webhooks", "Delete all deliveries", self.clear)

    def start(self) -> None:
        """Listen on the port that stands in the field."""
        self.tasks.start(
            "listener", self._deliveries.turn_on(self._port.value()), label="Starting the listener"
        )

    def stop(self) -> None:
        """Stop listening; what was kept stays."""
        self.tasks.start("listener", self._deliveries.turn_off())

    def clear(self) -> None:
        """Ask, and delete everything that was kept."""
        self.tasks.start("clear", self._clear())

    def show_newest(self) -> None:
        """Read the newest deliveries from the file."""
        self.tasks.start("newest", self._show_newest())

    def _make(self) -> None:
        self._port = QSpinBox(minimum=0, maximum=65_535, value=self._deliveries.port)
        self._port.setObjectName("webhooks.port")
        self._port.setAccessibleName("Port")
        self._port.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._port.setToolTip("0 lets the system choose a free port")
        self._start_button = button("Start", "webhooks.start", role="primary", icon="mdi6.play")
        self._stop_button = button("Stop", "webhooks.stop", icon="mdi6.stop")
        self._state = label(role="muted")
        self._hooks = HookPanel()
        self._filter = QLineEdit(placeholderText="Filter by any text", clearButtonEnabled=True)
        self._filter.setObjectName("webhooks.filter")
        self._filter.setAccessibleName("Filter the deliveries")
        self._rows = RecordTableModel[DeliveryRow](COLUMNS, limit=SHOWN, parent=self)
        self._table = DataTable("webhooks.deliveries", "Deliveries", self._rows)
        self._table.set_empty_text(EMPTY)
        self._detail = DeliveryDetail()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        caption = QLabel("Port")
        caption.setBuddy(self._port)
        for each in (caption, self._port, self._start_button, self._stop_button, self._state):
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(self._filter, 1)
        for place, width in enumerate(WIDTHS):
            self._table.setColumnWidth(place, width)
        self._table.horizontalHeader().setSectionResizeMode(SUBJECT, QHeaderView.ResizeMode.Stretch)
        arrivals = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        arrivals.addWidget(self._table)
        arrivals.addWidget(self._detail)
        arrivals.setSizes([280, 340])
        splitter = QSplitter(childrenCollapsible=False)
        splitter.addWidget(self._hooks)
        splitter.addWidget(arrivals)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([300, 900])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addLayout(line)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self._start_button.clicked.connect(self.start)
        self._stop_button.clicked.connect(self.stop)
        self._hooks.forward_changed.connect(self._on_forward_changed)
        self._filter.textChanged.connect(lambda: self._typing.start())
        self._typing.timeout.connect(self.show_newest)
        self._table.row_chosen.connect(self._on_chosen)
        self._detail.replay_requested.connect(self._on_replay_requested)
        self._deliveries.changed.connect(self._show_status)
        self._deliveries.arrived.connect(self._on_arrived)

    async def _show_newest(self) -> None:
        text = self._filter.text().strip()
        self._rows.set_rows(await self._deliveries.newest(SHOWN, text))
        self._table.set_empty_text(FILTERED if text else EMPTY)

    async def _show_delivery(self, delivery_id: int) -> None:
        if delivery := await self._deliveries.get(delivery_id):
            self._detail.show_delivery(delivery)

    async def _replay(self, delivery_id: int) -> None:
        outcome = await self._deliveries.replay(delivery_id)
        self.announced.emit(f"Replayed; the listener answered {outcome.status}.")

    async def _clear(self) -> None:
        question = "Delete all deliveries?"
        explanation = "They are removed from this computer for good. Refiner keeps no copy."
        if await confirm(self, question, explanation, "Delete all"):
            await self._deliveries.clear()
            self._detail.clear()
            await self._show_newest()

    async def _set_forward_to(self, hook: Hook, url: str) -> None:
        await self._deliveries.set_forward_to(hook, url)
        self._show_hooks()
        self.announced.emit(
            f"{hook.name} are passed on to {url}." if url else f"{hook.name} stay here."
        )

    def _on_arrived(self, rows: tuple[DeliveryRow, ...]) -> None:
        if self._filter.text().strip():
            self.show_newest()
        else:
            self._rows.prepend(list(reversed(rows)))

    def _on_chosen(self, row: int) -> None:
        if row < 0:
            self._detail.clear()
        else:
            self.tasks.start("detail", self._show_delivery(self._rows.record(row).id))

    def _on_replay_requested(self, delivery_id: int) -> None:
        self.tasks.start("replay", self._replay(delivery_id), label="Replaying")

    def _on_forward_changed(self, hook: Hook, url: str) -> None:
        self.tasks.start("forward", self._set_forward_to(hook, url))

    def _show_status(self, status: ListenerStatus) -> None:
        self._start_button.setEnabled(not status.listening)
        self._stop_button.setEnabled(status.listening)
        self._port.setEnabled(not status.listening)
        if status.listening:
            self._port.setValue(status.port)
        self._state.setText(status.sentence)
        restyle(self._state, "role", "success" if status.listening else "muted")
        self._show_hooks()

    def _show_hooks(self) -> None:
        hooks = self._deliveries.hooks
        self._hooks.show_hooks(
            hooks,
            [self._deliveries.url(hook) for hook in hooks],
            [self._deliveries.forward_to(hook) for hook in hooks],
        )
