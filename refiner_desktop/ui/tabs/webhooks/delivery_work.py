"""What is done with deliveries: sent again, pinned, deleted, copied, compared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from refiner_desktop.services.deliveries.comparison import compare
from refiner_desktop.services.deliveries.receivers import danger_of
from refiner_desktop.services.deliveries.texts import TextFormat, as_text
from refiner_desktop.services.problems import Problem
from refiner_desktop.storage.forwards import Errand, Forward
from refiner_desktop.ui.amounts import milliseconds
from refiner_desktop.ui.dialogs import ask, confirm
from refiner_desktop.ui.tabs.webhooks.delivery_words import counted
from refiner_desktop.ui.tabs.webhooks.replay_dialog import ReplayDialog
from refiner_desktop.ui.tabs.webhooks.services import WebhookServices
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow
from refiner_desktop.webhooks.hooks import Hook

GONE = "They are removed from this computer for good. Refiner keeps no copy."


class DeliveryWork(QObject):
    """Signals: `changed(ids)` when lines of the list are to be read again, `removed(ids)`, and
    `emptied()` after all were deleted; `compared(comparison)`; `announced(text)`,
    `warned(problem)`.
    """

    changed = Signal(list)
    removed = Signal(list)
    emptied = Signal()
    compared = Signal(object)
    announced = Signal(str)
    warned = Signal(object)

    def __init__(
        self,
        window: QWidget,
        services: WebhookServices,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._deliveries = services.deliveries
        self._listener = services.listener
        self._replays = services.replays
        self._forwards = services.forwards
        self._tasks = tasks

    def replay(self, ids: Sequence[int]) -> None:
        """Send deliveries to where they came in once more, the oldest first."""
        if ids:
            label = f"Replaying {counted(len(ids))}"
            self._tasks.start("replay", self._replay(sorted(ids)), label=label)

    def edit(self, delivery: Delivery, targets: Sequence[str]) -> None:
        """Ask what to change in a delivery and where to send it; offer some addresses."""
        self._tasks.start("edit a replay", self._edit(delivery, targets))

    def retry(self, sent: Forward) -> None:
        """Make an attempt again."""
        self._tasks.start("replay", self._retry(sent), label="Sending once more")

    def pin(self, ids: Sequence[int], pinned: bool) -> None:
        """Keep deliveries whatever the limits, or no longer."""
        self._tasks.start("pin", self._pin(ids, pinned))

    def delete(self, ids: Sequence[int]) -> None:
        """Delete deliveries; several only after a question."""
        self._tasks.start("delete", self._delete(ids))

    def clear(self, hidden: str) -> None:
        """Ask, and delete everything but what is pinned; `hidden` tells of what is not shown."""
        self._tasks.start("clear", self._clear(hidden))

    def compare(self, ids: Sequence[int]) -> None:
        """Show two deliveries side by side."""
        self._tasks.start("compare", self._compare(sorted(ids)))

    def copy(self, delivery: Delivery, form: TextFormat) -> None:
        """Put a delivery on the clipboard as a text to be run elsewhere."""
        self._tasks.start("copy", self._copy(delivery, form))

    def copy_rows(
        self, ids: Sequence[int], as_text: Callable[[Sequence[DeliveryRow]], str]
    ) -> None:
        """Put lines of the list on the clipboard."""
        self._tasks.start("copy", self._copy_rows(ids, as_text))

    async def may_send(self, url: str) -> bool:
        """Whether deliveries may go to an address: another computer is asked about first."""
        danger = danger_of(url) if url else None
        return danger is None or await confirm(
            self._window, danger.question, danger.explanation, danger.action
        )

    async def _replay(self, ids: Sequence[int]) -> None:
        outcomes = [await self._replays.replay(each) for each in ids]
        self._tell(outcomes)

    async def _edit(self, delivery: Delivery, targets: Sequence[str]) -> None:
        dialog = ReplayDialog(self._window, delivery, targets)
        if not await ask(dialog) or delivery.id is None:
            return
        url, outgoing = dialog.url, dialog.outgoing()
        if await self.may_send(url):
            self._tell([await self._replays.replay(delivery.id, url, outgoing)])

    async def _retry(self, sent: Forward) -> None:
        if not await self.may_send(sent.url):
            return
        if sent.errand is Errand.FORWARD:
            self._tell([await self._forwards.again(sent.delivery)])
        else:
            self._tell([await self._replays.replay(sent.delivery, sent.url)])

    def _tell(self, outcomes: Sequence[Forward]) -> None:
        wrong = [each for each in outcomes if not each.taken]
        if wrong:
            said = wrong[0].error or f"it answered {wrong[0].status}"
            of = f"{counted(len(wrong))} of {len(outcomes):,}" if len(outcomes) > 1 else "It"
            title = f"{of} did not get through: {said.rstrip('.')}."
            self.warned.emit(Problem(title, "The page “Delivery” keeps every attempt."))
        elif len(outcomes) == 1:
            took = milliseconds(outcomes[0].seconds)
            self.announced.emit(f"Sent; the receiver answered {outcomes[0].status} in {took}.")
        else:
            self.announced.emit(f"{counted(len(outcomes))} are sent once more.")

    async def _copy(self, delivery: Delivery, form: TextFormat) -> None:
        text = await asyncio.to_thread(
            as_text, delivery, form, self._listener.address(delivery.path)
        )
        QGuiApplication.clipboard().setText(text)
        self.announced.emit(f"The {form.value} is on the clipboard, without tokens.")

    async def _copy_rows(
        self, ids: Sequence[int], as_text: Callable[[Sequence[DeliveryRow]], str]
    ) -> None:
        rows = await self._deliveries.rows(ids)
        QGuiApplication.clipboard().setText(as_text(rows))
        self.announced.emit(f"{counted(len(rows))} copied.")

    async def _pin(self, ids: Sequence[int], pinned: bool) -> None:
        await self._deliveries.pin(ids, pinned)
        self.changed.emit(list(ids))

    async def _delete(self, ids: Sequence[int]) -> None:
        question = f"Delete {counted(len(ids))}?"
        if len(ids) > 1 and not await confirm(self._window, question, GONE, "Delete"):
            return
        await self._deliveries.delete(ids)
        self.removed.emit(list(ids))

    async def _clear(self, hidden: str) -> None:
        explanation = f"{GONE} Pinned ones stay."
        if hidden:
            explanation = f"{explanation} {hidden} and go as well."
        if await confirm(self._window, "Delete all deliveries?", explanation, "Delete all"):
            await self._deliveries.clear()
            self.emptied.emit()

    async def _compare(self, ids: Sequence[int]) -> None:
        found = [await self._deliveries.get(each) for each in ids]
        pair = [each for each in found if each is not None]
        if len(pair) == 2:
            self.compared.emit(await asyncio.to_thread(compare, *pair))
        else:
            self.removed.emit([each for each, kept in zip(ids, found, strict=True) if not kept])


def targets_of(
    hooks: Sequence[Hook], url_of: Callable[[Hook], str], delivery: Delivery
) -> list[str]:
    """Return the addresses that a delivery is most likely to be sent to, its own hook's first."""
    ordered = sorted(hooks, key=lambda hook: hook.name != delivery.hook)
    urls = [url_of(hook) for hook in ordered]
    return list(dict.fromkeys([*urls, *(hook.forward_to for hook in ordered if hook.forward_to)]))
