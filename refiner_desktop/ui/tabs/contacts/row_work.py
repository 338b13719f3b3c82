"""What happens to selected contacts: copied, handed on, changed at the service, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from refiner_desktop.api.errors import ReadOnly
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.services.contacts.actions import ContactActions
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.handover import Handover
from refiner_desktop.services.contacts.mass_action import ActionProgress, ActionResult
from refiner_desktop.services.contacts.targets import Target
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.danger import Danger
from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.dialogs import ask, confirm, confirm_danger
from refiner_desktop.ui.tabs.contacts import contact_words as words
from refiner_desktop.ui.tabs.contacts.action_result_dialog import ActionResultDialog
from refiner_desktop.ui.tabs.contacts.contact_copy import (
    Layout,
    TooMuchToCopy,
    cell_text,
    copy_of,
)
from refiner_desktop.ui.tabs.contacts.segment_dialog import SegmentDialog, choices_for
from refiner_desktop.ui.tabs.contacts.selected_contacts import contacts_of
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.grid.selected_rows import LARGEST_COPY, SelectedRows

if TYPE_CHECKING:
    from refiner_desktop.datasets.row_set import RowOrder

LOOK_UP, ASK, ACT = "look rows up", "ask about rows", "act on rows"
COPY, REFRESH, HAND_OVER = "copy", "refresh contact", "hand over rows"
"""Names of the tasks; what runs as `ACT` changes contacts at the service."""

BUSY = Problem(
    "An earlier action is still running.", "Wait for it, or cancel it in the status bar."
)
UNKNOWN = Problem(
    "This contact has neither a user id nor an e-mail address.",
    "Refiner identifies and tracks users by one of them.",
)
TOO_MUCH = Problem(
    f"That is more than {LARGEST_COPY // 1_000_000} million characters: too much for a clipboard.",
    "Nothing was copied. Select fewer rows, or export them to a file.",
)
NO_SEGMENT = Problem(
    "There is no manual segment.",
    "Only manual segments take members by hand. Make one in Refiner, then try again.",
)
IN_NO_SEGMENT = Problem(
    "None of these contacts is in a manual segment.", "There is nothing to remove them from."
)

Ask = Callable[["RowOrder", Sequence[Target]], Coroutine[Any, Any, None]]
Act = Callable[[Callable[[ActionProgress], None]], Awaitable[ActionResult]]


class RowWork(QObject):
    """Does to rows what a person asks for, each in a task of the tab.

    Signals: `identify_requested(contact)`, `track_requested(contact)`, `console_requested(request)`
    and `bulk_requested(path, title)`, a file of contacts, hand on to other tabs;
    `refreshed(contact)` brings a newer version of a contact; `rows_changed()` when rows may have
    changed or left; `progressed(text)` while something runs; `announced(text)` and
    `warned(problem)` are for the message bar.
    """

    identify_requested = Signal(dict)
    track_requested = Signal(dict)
    console_requested = Signal(object)
    bulk_requested = Signal(Path, str)
    refreshed = Signal(dict)
    rows_changed = Signal()
    progressed = Signal(str)
    announced = Signal(str)
    warned = Signal(object)

    def __init__(
        self,
        window: QWidget,
        contacts: ContactsService,
        actions: ContactActions,
        handover: Handover,
        connection: ConnectionService,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._contacts = contacts
        self._actions = actions
        self._handover = handover
        self._connection = connection
        self._tasks = tasks

    def identify(self, rows: SelectedRows) -> None:
        """Hand the contact on to the identify form."""
        self._tasks.start(ASK, self._hand_on(rows, self.identify_requested.emit))

    def track(self, rows: SelectedRows) -> None:
        """Hand the contact on to the track form."""
        self._tasks.start(ASK, self._hand_on(rows, self.track_requested.emit))

    def open_in_console(self, rows: SelectedRows) -> None:
        """Hand the call that reads the contact on to the console, which does not send it."""
        self._tasks.start(ASK, self._open_in_console(rows))

    def send_to_bulk(self, rows: SelectedRows) -> None:
        """Hand the contacts on to a bulk run, which a person has still to set up and start."""
        label = f"Handing on {words.contacts(len(rows))}"
        self._tasks.start(HAND_OVER, self._hand_over(rows), label=label)

    def copy(self, rows: SelectedRows, layout: Layout) -> None:
        """Put the rows on the clipboard."""
        label = f"Copying {words.contacts(len(rows))} as {layout.name}"
        self._tasks.start(COPY, self._copy(rows, layout), label=label)

    def copy_cell(self, rows: SelectedRows) -> None:
        """Put the current cell on the clipboard, whole."""
        self._tasks.start(COPY, self._copy_cell(rows))

    def refresh(self, rows: SelectedRows) -> None:
        """Read the contact from the service again."""
        self._tasks.start(REFRESH, self._refresh(rows), label="Reading the contact again")

    def delete(self, rows: SelectedRows) -> None:
        """Ask, then delete the contacts and their survey responses."""
        self._look_up(rows, self._ask_to_delete)

    def add_to_segment(self, rows: SelectedRows) -> None:
        """Ask for a manual segment, then add the contacts to it."""
        self._look_up(rows, partial(self._ask_for_segment, adding=True))

    def remove_from_segment(self, rows: SelectedRows) -> None:
        """Ask for a manual segment, then remove the contacts from it."""
        self._look_up(rows, partial(self._ask_for_segment, adding=False))

    def _look_up(self, rows: SelectedRows, ask: Ask) -> None:
        """Ask before an action, one action at a time: a newer one must not cancel an older one."""
        if self._tasks.running(ACT):
            self.warned.emit(BUSY)
        else:
            label = f"Looking up {words.contacts(len(rows))}"
            self._tasks.start(LOOK_UP, self._look_up_and(rows, ask), label=label)

    async def _look_up_and(self, rows: SelectedRows, ask: Ask) -> None:
        if self._connection.environment.read_only:
            raise ReadOnly("nothing was sent")  # at once what the client would say in the end
        order = await asyncio.to_thread(rows.as_order)
        targets = await self._actions.targets(order)
        self._tasks.start(ASK, ask(order, targets))

    async def _hand_on(self, rows: SelectedRows, take: Callable[[dict[str, Any]], None]) -> None:
        contact = (await contacts_of(rows, self._contacts))[0]
        if contact.get("remote_id") or contact.get("email"):
            take(contact)
        else:
            self.warned.emit(UNKNOWN)

    async def _hand_over(self, rows: SelectedRows) -> None:
        order = await asyncio.to_thread(rows.as_order)
        path = await self._handover.write(order, self._on_written)
        self.bulk_requested.emit(path, words.contacts(len(order)))

    def _on_written(self, done: int, total: int) -> None:
        self.progressed.emit(f"{number(done)} of {number(total)} handed on")

    async def _open_in_console(self, rows: SelectedRows) -> None:
        target = await self._target(rows)
        self.console_requested.emit(CallRequest("GET", "contact", (("uuid", target.uuid),)))

    async def _copy(self, rows: SelectedRows, layout: Layout) -> None:
        try:
            copied = await copy_of(self._contacts, rows, layout)
        except TooMuchToCopy:
            self.warned.emit(TOO_MUCH)
            return
        QGuiApplication.clipboard().setText(copied.text)
        are = "is" if copied.count == 1 else "are"
        self.announced.emit(f"{words.contacts(copied.count)} {are} on the clipboard.")

    async def _copy_cell(self, rows: SelectedRows) -> None:
        if rows.cell is not None:
            text = await cell_text(self._contacts, rows, rows.cell)
            QGuiApplication.clipboard().setText(text)
            self.announced.emit(f"{rows.cell.column.title} is on the clipboard.")

    async def _refresh(self, rows: SelectedRows) -> None:
        target = await self._target(rows)
        contact = await self._actions.refresh(target)
        self.rows_changed.emit()
        name = words.name_of_target(target)
        if contact is None:
            self.announced.emit(f"{name} is no longer in Refiner; the row was removed.")
        else:
            self.refreshed.emit(contact)
            self.announced.emit(f"{name} is up to date.")

    async def _ask_to_delete(self, _order: RowOrder, targets: Sequence[Target]) -> None:
        if await self._agrees_to_delete(targets):
            self._act(
                lambda on_progress: self._actions.delete(targets, on_progress),
                len(targets),
                "deleted",
                f"Deleting {words.contacts(len(targets))}",
            )

    async def _agrees_to_delete(self, targets: Sequence[Target]) -> bool:
        name = self._actions.name_to_type
        question, explanation = words.question_of_deleting(targets, name)
        if not name:
            return await confirm(self._window, question, explanation, "Delete")
        action = f"Delete {words.contacts(len(targets))}"
        return await confirm_danger(self._window, Danger(name, question, explanation, action))

    async def _ask_for_segment(
        self, order: RowOrder, targets: Sequence[Target], *, adding: bool
    ) -> None:
        segments = [each for each in await self._contacts.segments() if each.is_manual]
        members = await self._actions.segment_counts(order)
        choices = choices_for(segments, members, adding=adding)
        if not choices:
            self.warned.emit(IN_NO_SEGMENT if segments else NO_SEGMENT)
            return
        dialog = SegmentDialog(self._window, choices, len(targets), adding=adding)
        if await ask(dialog) and (segment := dialog.segment()) is not None:
            change = self._actions.add_to_segment if adding else self._actions.remove_from_segment
            self._act(
                lambda on_progress: change(targets, segment.uuid, on_progress),
                len(targets),
                f"{'added to' if adding else 'removed from'} {segment.name}",
                f"Changing the segment {segment.name}",
            )

    def _act(self, act: Act, count: int, verb: str, label: str) -> None:
        self._tasks.start(ACT, self._do(act, count, verb), label=label)

    async def _do(self, act: Act, count: int, verb: str) -> None:
        progress = ActionProgress(0, 0, count)

        def on_progress(now: ActionProgress) -> None:
            nonlocal progress
            progress = now
            self.progressed.emit(words.progress_sentence(now, verb))

        try:
            result = await act(on_progress)
        except asyncio.CancelledError:
            said = words.progress_sentence(progress, verb)
            self.warned.emit(Problem(f"Stopped: {said}.", "All others were left alone."))
            raise
        finally:
            self.rows_changed.emit()
        await self._say(result, verb)

    async def _say(self, result: ActionResult, verb: str) -> None:
        if any(outcome.error for outcome in result.outcomes):
            await ask(ActionResultDialog(self._window, result, verb))
        else:
            self.announced.emit(words.result_sentence(result, verb))

    async def _target(self, rows: SelectedRows) -> Target:
        return Target.of((await contacts_of(rows, self._contacts))[0])
