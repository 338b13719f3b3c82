"""What is done with the calls of the history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from refiner_desktop.services.requests.history import ConsoleHistory
from refiner_desktop.storage.exchange_rows import ExchangeRecord
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.dialogs import confirm
from refiner_desktop.ui.moments import moment
from refiner_desktop.ui.tabs.console.history_panel import READING, SHOWN, UNREAD, HistoryPanel
from refiner_desktop.ui.tabs.console.shown_call import ShownCall
from refiner_desktop.ui.task_runner import TaskRunner

READ, LOOK, CHANGE = "history", "exchange", "change the history"
FOLLOW_MS = 100


class HistoryWork(QObject):
    """Signals: `looked_at(call)` and `opened(call)` with a `ShownCall`, `repeated(call)` to be sent
    again, `curl_wanted(call)`, `save_wanted(call)`; `compared(titled)` with pairs of words and
    calls; `announced(text)`.
    """

    looked_at = Signal(object)
    opened = Signal(object)
    repeated = Signal(object)
    curl_wanted = Signal(object)
    save_wanted = Signal(object)
    compared = Signal(list)
    announced = Signal(str)

    def __init__(self, history: ConsoleHistory, panel: HistoryPanel, tasks: TaskRunner) -> None:
        super().__init__(panel)
        self._history = history
        self._panel = panel
        self._tasks = tasks
        self._soon = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._soon.timeout.connect(self.read)
        panel.searched.connect(self.read)
        # A name for each way: the click that ends a double click must not stop the opening.
        for asked, name, signal in (
            (panel.shown, LOOK, self.looked_at),
            (panel.opened, "open an exchange", self.opened),
            (panel.repeated, "repeat an exchange", self.repeated),
            (panel.curl_wanted, "copy an exchange", self.curl_wanted),
            (panel.save_wanted, "save an exchange", self.save_wanted),
        ):
            asked.connect(partial(self._look, name, signal))
        panel.compared.connect(lambda ids: tasks.start("compare", self._compare(ids)))
        panel.pinned.connect(lambda ids, on: tasks.start(CHANGE, self._pin(ids, on)))
        panel.deleted.connect(lambda ids: tasks.start(CHANGE, self._delete(ids)))
        panel.cleared.connect(lambda: tasks.start(CHANGE, self._clear()))

    def read(self) -> None:
        """Read the calls that are looked for."""
        self._tasks.start(READ, self._read())

    def read_soon(self) -> None:
        """Read them in a moment: many calls may be made at once."""
        if not self._soon.isActive():
            self._soon.start()

    def show_none(self) -> None:
        """Show no calls: they belong to an environment that was left."""
        self._soon.stop()
        self._panel.show_rows(())
        self._panel.say(READING)

    async def _read(self) -> None:
        self._panel.say(READING)
        try:
            rows = await self._history.recent(SHOWN + 1, self._panel.search())
        except Exception:
            self._panel.say(UNREAD)
            raise
        self._panel.show_rows(rows)

    def _look(self, name: str, signal: SignalInstance, exchange_id: int) -> None:
        self._tasks.start(name, self._found(exchange_id, signal))

    async def _found(self, exchange_id: int, signal: SignalInstance) -> None:
        record = await self._history.exchange(exchange_id)
        if record is not None:
            signal.emit(ShownCall.of_record(record))

    async def _compare(self, ids: Sequence[int]) -> None:
        records = [await self._history.exchange(each) for each in reversed(ids)]
        self.compared.emit([(_when(each), ShownCall.of_record(each)) for each in records if each])

    async def _pin(self, ids: Sequence[int], pinned: bool) -> None:
        for each in ids:
            await self._history.pin(each, pinned=pinned)
        await self._read()

    async def _delete(self, ids: Sequence[int]) -> None:
        what = "this call" if len(ids) == 1 else f"{number(len(ids))} calls"
        question = f"Delete {what} from the history?"
        explanation = "What was sent and what came back goes for good, pinned or not."
        if not await confirm(self._panel, question, explanation, "Delete"):
            return
        for each in ids:
            await self._history.delete(each)
        await self._read()

    async def _clear(self) -> None:
        question = "Clear the history of this environment?"
        explanation = "All calls and their answers go, but for those that are pinned."
        if await confirm(self._panel, question, explanation, "Clear"):
            await self._history.clear()
            self.announced.emit("The history is cleared.")
            await self._read()


def _when(record: ExchangeRecord) -> str:
    return moment(record.sent_at)
