"""Gets contacts from the service into the grid, as the choices ask for, and says how it goes."""

from __future__ import annotations

from collections.abc import Coroutine
from time import monotonic
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from refiner_desktop.services.contacts.contacts import ContactsService, LoadProgress
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.ui.tabs.contacts import load_words as words
from refiner_desktop.ui.tabs.contacts.choice_row import ChoiceRow
from refiner_desktop.ui.tabs.contacts.contact_grid import WORDS, ContactGrid
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.uuid_picker import WrongChoice

REFRESH_SECONDS = 0.25
"""While rows come, the table takes the new ones this often."""

LOAD, CHOICES = "load", "choices"
"""Names of the tasks."""


class Loading(QObject):
    """Loads what the choices ask for; reads the surveys and segments that there are to choose from.

    Signals: `said(text, role)` about the load, or what is wrong with a choice.
    """

    said = Signal(str, str)

    def __init__(
        self,
        contacts: ContactsService,
        choices: ChoiceRow,
        grid: ContactGrid,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(grid)
        self._contacts = contacts
        self._choices = choices
        self._grid = grid
        self._tasks = tasks
        self._connected = False
        self._choices_known = False
        self._refreshed_at = 0.0
        self._visit = 0
        self._stale = False
        choices.load_requested.connect(self.load)
        choices.stop_requested.connect(self.stop)
        choices.resume_requested.connect(self.resume)
        tasks.changed.connect(self._show_busy)

    @property
    def running(self) -> bool:
        """Whether contacts are coming."""
        return self._tasks.running(LOAD)

    @property
    def choice(self) -> ContactChoice:
        """What the rows were loaded by; before the first load, what stands in the choices."""
        try:
            loaded = None if self._stale else self._contacts.choice
            return loaded or self._choices.choice()
        except WrongChoice:
            return ContactChoice()

    @property
    def outdated(self) -> bool:
        """Whether the rows that are here were loaded by other choices than those of now."""
        loaded = None if self._stale else self._contacts.choice
        try:
            return loaded is not None and loaded != self._choices.choice()
        except WrongChoice:
            return True

    @property
    def missing(self) -> int:
        """How many contacts of the loaded choice are not here: a limit or a stop kept them away."""
        loaded = None if self._stale else self._contacts.choice
        if loaded is None or (loaded.limit is None and not self._contacts.resumable):
            return 0
        return max(self._contacts.total - self._contacts.count, 0)

    def load(self) -> None:
        """Load what the choices ask for, in place of the rows that are here."""
        try:
            choice = self._choices.choice()
        except WrongChoice as exc:
            self.said.emit(str(exc), "danger")
            return
        if self._connected and not self._choices_known:
            self.read_choices()
        self._tasks.start(LOAD, self._load(choice), label="Loading contacts")

    def load_again(self, choice: ContactChoice) -> None:
        """Put a choice into the fields, and load unless these rows are here."""
        self._choices.set_choice(choice)
        if choice != self._contacts.choice or self._contacts.resumable:
            self.load()

    def load_rest(self) -> None:
        """Load what a limit or a stop has kept away."""
        loaded = self._contacts.choice
        if loaded is not None and loaded.limit is None:
            self.resume()
        elif loaded is not None:
            self.load_again(replace(loaded, limit=None))

    def resume(self) -> None:
        """Go on with a load that failed or was stopped."""
        if self._contacts.resumable:
            work = self._showing(self._contacts.resume(self._on_progress))
            self._tasks.start(LOAD, work, label="Loading contacts")

    def stop(self) -> None:
        """Stop loading and keep what came."""
        self._tasks.cancel(LOAD)

    def enter(self) -> None:
        """Offer the surveys and segments of the environment that is connected now."""
        self._connected = True
        self.read_choices()

    def leave(self) -> None:
        """Show nothing of an environment any more; a load that is still ending shows nothing."""
        self._visit += 1
        self._stale = True
        self._connected = self._choices_known = False
        self._grid.clear()
        self._choices.forget()
        self.said.emit(words.NOTHING_LOADED, "muted")

    async def forget_rows(self) -> None:
        """Give up the rows of an environment that was left, unless that is done already."""
        if self._stale:
            await self._contacts.clear()
            self._stale = False

    def read_choices(self) -> None:
        """Read surveys and segments; where that fails it is tried again with the next load."""
        if not self._tasks.running(CHOICES):
            self._tasks.start(CHOICES, self._read_choices(), label="Reading surveys and segments")

    async def _read_choices(self) -> None:
        surveys = await self._contacts.surveys()
        self._choices.set_surveys((survey.uuid, survey.name) for survey in surveys)
        segments = await self._contacts.segments()
        self._choices.set_segments((segment.uuid, segment.name) for segment in segments)
        self._choices_known = True

    async def _load(self, choice: ContactChoice) -> None:
        self.said.emit(words.ASKING, "muted")
        await self.forget_rows()
        await self._showing(self._contacts.load(choice, self._on_progress))

    async def _showing(self, rows: Coroutine[Any, Any, None]) -> None:
        """Show the rows as they come, and however it ended, what came."""
        visit, self._refreshed_at = self._visit, 0.0
        self._grid.loading = True
        self._grid.set_reason(words.WAITING)
        reason = WORDS.empty
        try:
            await rows
            reason = words.NOBODY
        except Exception:
            reason = words.FAILED
            raise
        finally:
            rows.close()
            if visit == self._visit:
                self._grid.loading = False
                self._grid.set_reason(reason)
                self._grid.refresh()

    def _on_progress(self, progress: LoadProgress) -> None:
        passing = len(self._grid.order) if self._grid.filtered and self._grid.order else None
        self.said.emit(words.progress_sentence(progress, passing), "muted")
        if self._grid.busy:
            return  # it must come to its end, however fast the pages are
        if monotonic() - self._refreshed_at > REFRESH_SECONDS:
            self._refreshed_at = monotonic()
            self._grid.refresh()

    def _show_busy(self) -> None:
        self._choices.show_loading(self.running, resumable=self._contacts.resumable)
