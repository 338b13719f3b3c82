"""The Webhooks tab: the listener, its hooks, and every delivery down to the bytes."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.deliveries import DeliveriesService, ListenerStatus
from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.dialogs import confirm
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.tabs.webhooks.delivery_detail import DeliveryDetail
from refiner_desktop.ui.tabs.webhooks.delivery_list import SHOWN, DeliveryList
from refiner_desktop.ui.tabs.webhooks.hook_panel import HookPanel, HookView
from refiner_desktop.ui.tabs.webhooks.passed_on import PassedOn
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.webhooks.delivery import DeliveryRow
from refiner_desktop.webhooks.hooks import Hook

if TYPE_CHECKING:
    from refiner_desktop.webhooks.forwarder import Forwarded

TYPING_MS = 150
PORT_WIDTH = 76


class WebhooksTab(Tab):
    """Starts and stops the listener and shows what arrives, newest on top."""

    def __init__(self, deliveries: DeliveriesService) -> None:
        super().__init__("Webhooks", "mdi6.webhook")
        self._deliveries = deliveries
        self._passed_on = PassedOn()
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
        """Listen on the port that stands in the field, and again at the next start."""
        self._listen(self._deliveries.turn_on(self._port.value()))

    def listen(self, port: int) -> None:
        """Listen on a port for this session, unless the person has been quicker."""
        if not (self._deliveries.status.listening or self.tasks.running("listener")):
            self._listen(self._deliveries.start(port))

    def _listen(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.start("listener", work, label="Starting the listener")

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
        self._port.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._port.setMinimumWidth(PORT_WIDTH)
        self._port.setToolTip("0 lets the system choose a free port")
        self._start_button = button("Start", "webhooks.start", role="primary", icon="mdi6.play")
        self._stop_button = button("Stop", "webhooks.stop", icon="mdi6.stop")
        self._state = label(role="muted")
        self._hooks = HookPanel()
        self._filter = QLineEdit(placeholderText="Filter by any text", clearButtonEnabled=True)
        self._filter.setObjectName("webhooks.filter")
        self._filter.setAccessibleName("Filter the deliveries")
        self._list = DeliveryList(self._passed_on)
        self._hidden = label(role="muted", wrap=True)
        self._hidden.setObjectName("webhooks.hidden")
        self._hidden.setVisible(False)
        self._detail = DeliveryDetail()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._later = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._counting = QTimer(self, singleShot=True, interval=TYPING_MS)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        caption = QLabel("Port")
        caption.setBuddy(self._port)
        for each in (caption, self._port, self._start_button, self._stop_button, self._state):
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(self._filter, 1)
        arrivals = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        arrivals.addWidget(self._listed())
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

    def _listed(self) -> QWidget:
        """Return the list with what it does not show below it."""
        listed = QWidget()
        layout = QVBoxLayout(listed)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._hidden)
        return listed

    def _connect(self) -> None:
        self._start_button.clicked.connect(self.start)
        self._stop_button.clicked.connect(self.stop)
        self._hooks.forward_changed.connect(self._on_forward_changed)
        self._filter.textChanged.connect(lambda: self._typing.start())
        self._typing.timeout.connect(self.show_newest)
        self._later.timeout.connect(self._on_later)
        self._counting.timeout.connect(self._on_counting)
        self._list.delivery_chosen.connect(self._on_chosen)
        self._detail.replay_requested.connect(self._on_replay_requested)
        self._deliveries.changed.connect(self._show_status)
        self._deliveries.arrived.connect(self._on_arrived)
        self._deliveries.withheld.connect(self._on_withheld)
        self._deliveries.hiding_changed.connect(self._on_hiding_changed)
        self._deliveries.forwarded.connect(self._on_forwarded)

    async def _show_newest(self) -> None:
        text = self._filter_text()
        rows = await self._deliveries.newest(SHOWN, text)
        self._list.show_rows(rows, filtered=bool(text))
        await self._count_hidden()

    async def _count_hidden(self) -> None:
        count = await self._deliveries.count_hidden()
        self._hidden.setText(hidden_sentence(count))
        self._hidden.setVisible(count > 0)

    async def _show_delivery(self, delivery_id: int) -> None:
        if delivery := await self._deliveries.get(delivery_id):
            self._detail.show_delivery(delivery)
            self._detail.show_passed_on(self._passed_on.sentence(delivery_id))

    async def _replay(self, delivery_id: int) -> None:
        outcome = await self._deliveries.replay(delivery_id)
        if outcome.status is not None and outcome.status < 300:
            self.announced.emit(f"Replayed; the listener answered {outcome.status}.")
        else:
            said = f"The listener refused the replay: it answered {outcome.status}."
            self.warned.emit(Problem(said, "The new delivery says why."))

    async def _clear(self) -> None:
        question = "Delete all deliveries?"
        explanation = "They are removed from this computer for good. Refiner keeps no copy."
        if hidden := hidden_sentence(await self._deliveries.count_hidden()):
            explanation = f"{explanation} {hidden} and go as well."
        if await confirm(self, question, explanation, "Delete all"):
            await self._deliveries.clear()
            self._list.clear()
            await self._show_newest()

    async def _set_forward_to(self, hook: Hook, url: str) -> None:
        await self._deliveries.set_forward_to(hook, url)
        self._passed_on.forget_failure(hook.name)
        self._show_hooks()
        self.announced.emit(
            f"{hook.name} are passed on to {url}." if url else f"{hook.name} stay here."
        )

    def _on_arrived(self, rows: tuple[DeliveryRow, ...]) -> None:
        if not self._filter_text():
            self._list.add(rows)
        elif not self._later.isActive():
            self._later.start()

    def _on_withheld(self) -> None:
        if not self._counting.isActive():
            self._counting.start()

    def _on_counting(self) -> None:
        self.tasks.start("hidden", self._count_hidden())

    def _on_hiding_changed(self) -> None:
        self._list.renew()
        self.show_newest()

    def _on_later(self) -> None:
        if self.tasks.running("newest"):  # begun anew at each arrival it would never come to an end
            self._later.start()
        else:
            self.show_newest()

    def _on_forwarded(self, row: DeliveryRow, outcome: Forwarded) -> None:
        if self._passed_on.note(row, outcome):
            title = f"{row.hook} are not passed on."
            advice = "They are kept here. Check that the receiver runs at the address in the panel."
            self.warned.emit(Problem(title, advice, self._passed_on.failure(row.hook)))
        self._list.show_passed_on(row.id)
        if row.id == self._detail.delivery_id:
            self._detail.show_passed_on(self._passed_on.sentence(row.id))
        self._show_hooks()

    def _on_chosen(self, delivery_id: int | None) -> None:
        if delivery_id is None:
            self.tasks.cancel("detail")
            self._detail.clear()
        else:
            self.tasks.start("detail", self._show_delivery(delivery_id))

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
        self._hooks.show_hooks([self._view(hook) for hook in self._deliveries.hooks])

    def _view(self, hook: Hook) -> HookView:
        target = self._deliveries.forward_to(hook)
        failure = self._passed_on.failure(hook.name)
        return HookView(hook, self._deliveries.url(hook), target, failure)

    def _filter_text(self) -> str:
        return self._filter.text().strip()


def hidden_sentence(count: int) -> str:
    """Say how many deliveries are not shown; nothing when all are."""
    if not count:
        return ""
    if count == 1:
        return "1 delivery of another environment is not shown"
    return f"{count:,} deliveries of other environments are not shown"
