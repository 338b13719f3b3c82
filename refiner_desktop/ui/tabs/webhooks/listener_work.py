"""What is done with the listener: started, stopped, tested, set up; and how it is, in words."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.deliveries.listener_status import ListenerState, ListenerStatus
from refiner_desktop.services.problems import Problem
from refiner_desktop.settings.settings import ListenerSettings
from refiner_desktop.ui.amounts import ago, milliseconds, number
from refiner_desktop.ui.dialogs import ask, confirm
from refiner_desktop.ui.notifier import Notifier
from refiner_desktop.ui.tabs.webhooks.delivery_words import counted
from refiner_desktop.ui.tabs.webhooks.listener_row import ListenerRow
from refiner_desktop.ui.tabs.webhooks.settings_dialog import SettingsDialog
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.webhooks.hosts import is_local

TICK_MS = 1_000
LISTENER, SETTINGS = "listener", "settings of the listener"
COUNTS_TIP = (
    "Every request that reached the listener since it was started, those of them that went to the "
    "disk, and those that were handed to this list. They are the same, or something is wrong. What "
    "is kept by now is counted below the list."
)


class ListenerWork(QObject):
    """Signals: `announced(text)`, `warned(problem)`, `settled(problem)`; `moved()` when the
    addresses of hooks may be others.
    """

    announced = Signal(str)
    warned = Signal(object)
    settled = Signal(object)
    moved = Signal()

    def __init__(
        self,
        window: QWidget,
        listener: ListenerService,
        deliveries: DeliveriesService,
        row: ListenerRow,
        notifier: Notifier,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(row)
        self._window = window
        self._listener = listener
        self._deliveries = deliveries
        self._row = row
        self._notifier = notifier
        self._tasks = tasks
        self._amiss = ""
        self._taken: Problem | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()
        row.start_requested.connect(self.start)
        row.stop_requested.connect(self.stop)
        row.port_wanted.connect(self._listen_elsewhere)
        row.test_requested.connect(self.test)
        row.settings_requested.connect(self.edit_settings)
        listener.changed.connect(self._show)
        notifier.switch(listener.settings.notify)
        self._show(listener.status)

    def start(self) -> None:
        """Listen on the port that stands in the field, and again at the next start."""
        self._listen(self._turn_on(self._row.port))

    def listen(self, port: int) -> None:
        """Listen on a port for this session, unless the person has been quicker."""
        if not (self._listener.status.listening or self._tasks.running(LISTENER)):
            self._listen(self._listener.start(port))

    def stop(self) -> None:
        """Stop listening; what was kept stays."""
        self._tasks.start(LISTENER, self._listener.turn_off())

    def test(self) -> None:
        """Let the listener answer itself."""
        self._tasks.start("test the listener", self._test())

    def edit_settings(self) -> None:
        """Ask how to listen and how long to keep deliveries."""
        self._tasks.start(SETTINGS, self._edit_settings())

    def _listen(self, work: Coroutine[Any, Any, None]) -> None:
        self._row.offer(0)
        self._tasks.start(LISTENER, self._or_elsewhere(work), label="Starting the listener")

    async def _or_elsewhere(self, work: Coroutine[Any, Any, None]) -> None:
        from refiner_desktop.serving import PortInUse  # with it comes uvicorn

        try:
            await work
        except PortInUse as exc:
            self._row.offer(exc.next_free or 0)
            title = f"{exc.holder or 'Another program'} listens on port {exc.port} already."
            self._taken = Problem(title, "Choose another port, or 0 to let the system pick one.")
            self.warned.emit(self._taken)

    def _listen_elsewhere(self, port: int) -> None:
        self._row.set_port(port)
        self.start()

    async def _turn_on(self, port: int) -> None:
        if await self._may_open(self._listener.settings, self._window):
            await self._listener.turn_on(port)

    async def _test(self) -> None:
        if await self._listener.test():
            status = self._listener.status
            self.announced.emit(f"The listener works: {_tested(status)}.")

    async def _edit_settings(self) -> None:
        kept = await self._deliveries.amount()
        await ask(
            SettingsDialog(
                self._window,
                self._listener.settings,
                kept,
                self._save_settings,
                self._tasks,
                tray=self._notifier.available,
            )
        )

    async def _save_settings(self, settings: ListenerSettings, over: QWidget) -> bool:
        before, kept = self._listener.settings, await self._deliveries.amount()
        if settings.host != before.host and not await self._may_open(settings, over):
            return False
        trims = settings.retention != before.retention
        if trims and not await self._may_trim(settings, over):
            return False
        await self._listener.change(settings)
        self._notifier.switch(settings.notify)
        gone = kept.count - (await self._deliveries.amount()).count
        deleted = f" {counted(gone)} beyond the limits {'is' if gone == 1 else 'are'} deleted."
        self.announced.emit(f"The settings are saved.{deleted if gone > 0 else ''}")
        return True

    async def _may_trim(self, settings: ListenerSettings, over: QWidget) -> bool:
        """Ask before saving deletes anything."""
        beyond = await self._deliveries.count_beyond(settings.retention)
        if not beyond:
            return True
        explanation = f"{counted(beyond)}, the oldest, would be deleted for good. Pinned ones stay."
        question = "Delete what is beyond the new limits?"
        return await confirm(over, question, explanation, "Save and delete")

    async def _may_open(self, settings: ListenerSettings, over: QWidget) -> bool:
        """Ask before other computers can reach the listener."""
        if is_local(settings.host):
            return True
        explanation = (
            f"Listening on {settings.host}, it is open to every computer that reaches this one, "
            "and takes in what shows the right token. To hear from Refiner, 127.0.0.1 and a tunnel "
            "do as well."
        )
        question = "Let other computers reach the listener?"
        return await confirm(over, question, explanation, "Open it")

    # In words

    def _on_tick(self) -> None:
        status = self._listener.status
        if not self._row.isVisible():
            return
        self._show_state(status)
        if status.amiss != self._amiss:  # what is on its way now may have arrived at the next tick
            self._amiss = status.amiss
        elif self._amiss:
            self._row.show_counts(_counted(status), self._amiss, "danger")

    def _show(self, status: ListenerStatus) -> None:
        self._show_state(status)
        if status.state is not ListenerState.OFF and status.port:
            self._row.set_port(status.port)
        role = "danger" if status.failed else "muted"
        self._row.show_counts(
            _counted(status), status.amiss if role == "danger" else COUNTS_TIP, role
        )
        if status.listening and self._taken is not None:
            self.settled.emit(self._taken)
            self._taken = None
        self.moved.emit()

    def _show_state(self, status: ListenerStatus) -> None:
        on = status.state is not ListenerState.OFF
        self._row.show_state(_in_words(status), _role(status), listening=on)


_ROLES = {
    ListenerState.OFF: "muted",
    ListenerState.STARTING: "muted",
    ListenerState.LISTENING: "success",
    ListenerState.RESTARTING: "danger",
}


def _role(status: ListenerStatus) -> str:
    return "danger" if status.problem else _ROLES[status.state]


def _in_words(status: ListenerStatus) -> str:
    match status.state:
        case ListenerState.LISTENING if status.problem:
            return f"Listening, but {status.problem}"
        case ListenerState.LISTENING:
            return f"Listening, {_tested(status)}"
        case ListenerState.RESTARTING:
            return f"Restarting: {status.problem}"
        case ListenerState.STARTING:
            return "Starting…"
        case _:
            return "Off"


def _tested(status: ListenerStatus) -> str:
    if status.tested_at is None:
        return "not tested yet"
    passed = max(0.0, (datetime.now(UTC) - status.tested_at).total_seconds())
    return f"tested {ago(passed)} ago, {milliseconds(status.test_seconds)}"


def _counted(status: ListenerStatus) -> str:
    if not status.received:
        return "" if status.state is ListenerState.OFF else "Nothing received since start"
    always = {"received": status.received, "kept": status.kept, "shown": status.shown}
    rare = {"hidden": status.hidden, "refused": status.refused, "not kept": status.failed}
    told = always | {what: count for what, count in rare.items() if count}
    return f"Since start: {' · '.join(f'{number(count)} {what}' for what, count in told.items())}"
