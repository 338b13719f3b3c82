"""What is done with deliveries: sent again, pinned, deleted, copied, compared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from refiner_desktop.services.deliveries.commands import delivery_command
from refiner_desktop.services.deliveries.comparison import compare
from refiner_desktop.services.deliveries.receivers import danger_of
from refiner_desktop.services.deliveries.texts import TOKEN_VARIABLE, TextFormat, as_text
from refiner_desktop.services.problems import Problem
from refiner_desktop.storage.delivery_search import Search
from refiner_desktop.storage.forwards import Errand, Forward
from refiner_desktop.ui.amounts import milliseconds, number
from refiner_desktop.ui.dialogs import ask, confirm
from refiner_desktop.ui.tabs.webhooks.delivery_words import counted
from refiner_desktop.ui.tabs.webhooks.replay_dialog import ReplayDialog
from refiner_desktop.ui.tabs.webhooks.services import WebhookServices
from refiner_desktop.ui.tabs.webhooks.web_address import shortened
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow
from refiner_desktop.webhooks.hooks import Hook

ASK = "ask to delete"
GONE = "What is deleted is gone for good: Refiner keeps no copy."


class DeliveryWork(QObject):
    """Signals: `changed(ids)` when lines of the list are to be read again, `removed(ids)`;
    `dropped()` when nothing waits any more to be passed on; `compared(comparison)`;
    `announced(text)`, `warned(problem)`, `settled(problem)`.
    """

    changed = Signal(list)
    removed = Signal(list)
    dropped = Signal()
    compared = Signal(object)
    announced = Signal(str)
    warned = Signal(object)
    settled = Signal(object)

    def __init__(
        self,
        window: QWidget,
        services: WebhookServices,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._deliveries = services.deliveries
        self._failed: Problem | None = None
        """What was said of the last ones that were sent by hand and did not get through."""
        self._tasks = tasks

    def replay(self, ids: Sequence[int]) -> None:
        """Send deliveries to where they came in once more, the oldest first."""
        if ids:
            label = f"Replaying {counted(len(ids))}"
            self._tasks.start("replay", self._replay(sorted(ids)), label=label)

    def resend(self, ids: Sequence[int]) -> None:
        """Pass deliveries on once more, the oldest first."""
        if ids:
            label = f"Passing {counted(len(ids))} on"
            self._tasks.start("replay", self._resend(sorted(ids)), label=label)

    def resend_failed(self) -> None:
        """Pass everything on once more that no receiver took."""
        self._tasks.start("replay", self._resend_failed(), label="Passing on what failed")

    def drop_waiting(self) -> None:
        """Ask, and pass nothing on that waits."""
        self._tasks.start("drop", self._drop_waiting())

    def edit(self, delivery_id: int) -> None:
        """Ask what to change in a delivery and where to send it."""
        self._tasks.start("edit a replay", self._edit(delivery_id))

    def retry(self, sent: Forward) -> None:
        """Make an attempt again."""
        self._tasks.start("replay", self._retry(sent), label="Sending once more")

    def pin(self, ids: Sequence[int], pinned: bool) -> None:
        """Keep deliveries whatever the limits, or no longer."""
        self._tasks.start("pin", self._pin(ids, pinned))

    def delete(self, ids: Sequence[int]) -> None:
        """Ask, and delete deliveries, pinned or not."""
        self._tasks.start(ASK, self._delete(ids))

    def clear(self, ids: Sequence[int], staying: Sequence[str]) -> None:
        """Ask, and delete these but what is pinned; `staying` says what else stays."""
        self._tasks.start(ASK, self._clear(ids, staying))

    def compare(self, ids: Sequence[int]) -> None:
        """Show two deliveries side by side."""
        self._tasks.start("compare", self._compare(sorted(ids)))

    def copy(self, delivery_id: int, form: TextFormat) -> None:
        """Put a delivery on the clipboard as a text to be run elsewhere, without its token."""
        self._tasks.start("copy", self._copy(delivery_id, form))

    def copy_with_token(self, delivery_id: int) -> None:
        """Put a delivery on the clipboard as a command that needs nothing filled in."""
        self._tasks.start("copy", self._copy_with_token(delivery_id))

    def copy_rows(
        self, ids: Sequence[int], as_text: Callable[[Sequence[DeliveryRow]], str]
    ) -> None:
        """Put lines of the list on the clipboard."""
        self._tasks.start("copy", self._copy_rows(ids, as_text))

    async def may_send(self, url: str, over: QWidget) -> bool:
        """Whether deliveries may go to an address: another computer is asked about first."""
        danger = danger_of(url) if url else None
        return danger is None or await confirm(
            over, danger.question, danger.explanation, danger.action
        )

    async def _replay(self, ids: Sequence[int]) -> None:
        self._tell("Replayed", [await self._services.replays.replay(each) for each in ids])

    async def _resend(self, ids: Sequence[int]) -> None:
        self._tell("Passed on", [await self._services.forwards.again(each) for each in ids])

    async def _resend_failed(self) -> None:
        count = await self._services.forwards.again_all()
        self.announced.emit(f"{counted(count)} {_are(count)} passed on once more.")

    async def _drop_waiting(self) -> None:
        question = "Pass on nothing of what waits?"
        explanation = "The deliveries stay in the list, where they can be passed on by hand."
        if await confirm(self._window, question, explanation, "Drop"):
            count = await self._services.forwards.drop()
            self.dropped.emit()
            self.announced.emit(f"{counted(count)} {_are(count)} not passed on.")

    async def _edit(self, delivery_id: int) -> None:
        if (delivery := await self._found(delivery_id)) is None:
            return
        targets = targets_of(self._services.hooks.hooks, self._services.listener.url, delivery)
        dialog = ReplayDialog(self._window, delivery, targets, self.may_send, self._tasks)
        if await ask(dialog):
            url, outgoing = dialog.url, dialog.outgoing()
            self._tell("Sent", [await self._services.replays.replay(delivery_id, url, outgoing)])

    async def _retry(self, sent: Forward) -> None:
        if not await self.may_send(sent.url, self._window):
            return
        if sent.errand is Errand.FORWARD:
            self._tell("Passed on", [await self._services.forwards.again(sent.delivery)])
        else:
            replays = self._services.replays
            self._tell("Replayed", [await replays.replay(sent.delivery, sent.url)])

    async def _found(self, delivery_id: int) -> Delivery | None:
        delivery = await self._deliveries.get(delivery_id)
        if delivery is None:
            self.removed.emit([delivery_id])
        return delivery

    def _tell(self, done: str, outcomes: Sequence[Forward]) -> None:
        if self._failed is not None:
            self.settled.emit(self._failed)
            self._failed = None
        wrong = [each for each in outcomes if not each.taken]
        if wrong:
            said = wrong[0].error or f"{shortened(wrong[0].url)} answered {wrong[0].status}"
            of = f"{counted(len(wrong))} of {number(len(outcomes))}" if len(outcomes) > 1 else "It"
            title = f"{of} did not get through: {said.rstrip('.')}."
            self._failed = Problem(title, "The page “Delivery” keeps every attempt.")
            self.warned.emit(self._failed)
        elif len(outcomes) == 1:
            place, took = shortened(outcomes[0].url), milliseconds(outcomes[0].seconds)
            self.announced.emit(f"{done} to {place}: answered {outcomes[0].status} in {took}.")
        else:
            self.announced.emit(f"{done}: {counted(len(outcomes))}.")

    async def _copy(self, delivery_id: int, form: TextFormat) -> None:
        if (delivery := await self._found(delivery_id)) is None:
            return
        url = self._services.listener.address(delivery.path)
        text = await asyncio.to_thread(as_text, delivery, form, url)
        QGuiApplication.clipboard().setText(text)
        asks = TOKEN_VARIABLE in text
        then = f" Put the hook's token into {TOKEN_VARIABLE} before you run it." if asks else ""
        self.announced.emit(f"The {form.value} is on the clipboard, without tokens.{then}")

    async def _copy_with_token(self, delivery_id: int) -> None:
        if (delivery := await self._found(delivery_id)) is None:
            return
        url = self._services.listener.address(delivery.path)
        hook = self._services.hooks.named(delivery.hook)
        if hook is None:
            self.warned.emit(Problem("No hook has this path, so there is no token for it.", ""))
            return
        QGuiApplication.clipboard().setText(
            await asyncio.to_thread(delivery_command, delivery, hook, url)
        )
        self.announced.emit(f"The cURL is on the clipboard, with the token of {hook.name}.")

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
        pinned = len(await self._pinned(ids))
        explanation = f"{_pinned_sentence(pinned, len(ids))}{GONE}"
        question = "Delete this delivery?" if len(ids) == 1 else f"Delete {counted(len(ids))}?"
        if await confirm(self._window, question, explanation, _delete_button(len(ids))):
            self._delete_for_good(list(ids))

    async def _clear(self, ids: Sequence[int], staying: Sequence[str]) -> None:
        pinned = await self._pinned(ids)
        doomed = [each for each in ids if each not in pinned]
        if not doomed:
            self.announced.emit("Everything in the list is pinned, and stays.")
            return
        pins = (
            "The pinned one stays."
            if len(pinned) == 1
            else f"{number(len(pinned))} pinned ones stay."
        )
        stays = (*staying, pins if pinned else "")
        explanation = " ".join(filter(None, (GONE, *stays)))
        question = f"Delete {counted(len(doomed))}?"
        if await confirm(self._window, question, explanation, _delete_button(len(doomed))):
            self._delete_for_good(doomed)

    async def _pinned(self, ids: Sequence[int]) -> frozenset[int]:
        pinned = await self._deliveries.ids(Search(pinned=True))
        return frozenset(ids) & frozenset(pinned)

    def _delete_for_good(self, ids: list[int]) -> None:
        self._tasks.start("delete", self._remove(ids), label=f"Deleting {counted(len(ids))}")

    async def _remove(self, ids: list[int]) -> None:
        await self._deliveries.delete(ids)
        self.removed.emit(ids)
        self.announced.emit(f"{counted(len(ids))} {_are(len(ids))} deleted.")

    async def _compare(self, ids: Sequence[int]) -> None:
        found = [await self._deliveries.get(each) for each in ids]
        pair = [each for each in found if each is not None]
        if len(pair) == 2:
            self.compared.emit(await asyncio.to_thread(compare, *pair))
        else:
            self.removed.emit([each for each, kept in zip(ids, found, strict=True) if not kept])


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _delete_button(count: int) -> str:
    return "Delete" if count == 1 else f"Delete {number(count)}"


def _pinned_sentence(pinned: int, count: int) -> str:
    if not pinned:
        return ""
    return "It is pinned. " if count == 1 else f"{number(pinned)} of them are pinned. "


def targets_of(
    hooks: Sequence[Hook], url_of: Callable[[Hook], str], delivery: Delivery
) -> list[str]:
    """Return the addresses that a delivery is most likely to be sent to, its own hook's first."""
    ordered = sorted(hooks, key=lambda hook: hook.name != delivery.hook)
    urls = [url_of(hook) for hook in ordered]
    return list(dict.fromkeys([*urls, *(hook.forward_to for hook in ordered if hook.forward_to)]))
