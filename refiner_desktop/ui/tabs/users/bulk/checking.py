"""The dry run before a run: what it found, and for how long that holds."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from refiner_desktop.services.bulk.check import BulkCheck
from refiner_desktop.services.bulk.findings import Level
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.services.bulk.runs import RunSummary
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.check_step import CheckStep
from refiner_desktop.ui.tabs.users.bulk.footer import Readiness
from refiner_desktop.ui.tabs.users.bulk.step_bar import Step, StepBar, StepState

DRAWN_SECONDS = 0.3
"""How far a check is, is said no more often."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of which plan, and the newest run that sent the very same `before`."""

    plan: BulkPlan
    compares: bool
    check: BulkCheck
    before: RunSummary | None


class Checking(QObject):
    """Checks plans and keeps what was found until something that it was about has changed.

    Signals: `changed()` when something else is known; `step_wanted(step)` when something is to be
    seen there; `said(text, role)`.
    """

    changed = Signal()
    step_wanted = Signal(object)
    said = Signal(str, str)

    def __init__(self, parent: QObject, bulk: BulkService, steps: StepBar) -> None:
        super().__init__(parent)
        self._bulk = bulk
        self._steps = steps
        self._drawn = 0.0
        self._turn: object | None = None
        self._found: Found | None = None
        self._sent = False
        self.step = CheckStep()
        self.step.compare_changed.connect(self.forget)

    async def check(self, plan: BulkPlan) -> None:
        """Read every row and show what would happen, unless something was changed meanwhile."""
        self.forget()
        turn, compares = object(), self.step.compares
        self._turn = turn
        self.step_wanted.emit(Step.CHECK)
        self.step.show_none(words.CHECKING)
        self.said.emit(words.CHECKING, "muted")
        try:
            check = await self._bulk.check(plan, compares, self._on_read)
            before = await self._bulk.sent_before(plan, check.fingerprint)
        finally:
            if self._turn in (turn, None):  # else a newer check is on the page
                self.step.show_none(words.NOT_CHECKED)
        if self._turn is turn:
            self._show(Found(plan, compares, check, before))

    async def checked(self, plan: BulkPlan) -> Found | None:
        """Return what was found of a plan, or None after saying why it can't be carried out."""
        if self._known(plan) is None:
            await self.check(plan)
        found = self._known(plan)
        if found is None:
            self.said.emit(words.EDITED, "warning")
        elif found.check.counts.get(Level.STOP):
            self._miss("The file can't be sent like this: see what stops the run.")
        elif not found.check.calls:
            self._miss("No row of this file is to be sent: see why.")
        else:
            return found
        return None

    @property
    def readiness(self) -> Readiness:
        """Say what the check that is shown allows."""
        if self._found is None:
            return Readiness.UNCHECKED
        check = self._found.check
        if not self._sent and (check.counts.get(Level.STOP) or not check.calls):
            return Readiness.HOPELESS
        return Readiness.SENT if self._sent or self._found.before else Readiness.CHECKED

    @property
    def verdict(self) -> str:
        """Say what the check that is shown has come to, and what can be done now."""
        if self._found is None:
            return words.NOT_CHECKED
        if self._sent:
            return words.SENT_ALREADY
        return words.after_check(self._found.check, self._found.before)

    @property
    def found(self) -> Found | None:
        """The check that is shown, with what it is about."""
        return self._found

    def settle(self) -> None:
        """Keep what was found to be read; another run asks for a new check.

        It counted, and perhaps compared, what is sent by now.
        """
        if self._found is not None:
            self._sent = True
            self.step.show_sent()

    def forget(self) -> None:
        """Ask for a new check: what it was about has changed."""
        self._turn = None
        if self._found is not None:
            self._found = None
            self.step.show_none(words.NOT_CHECKED)
            self.said.emit(words.NOT_CHECKED, "muted")
            self.changed.emit()
        self._steps.show_state(Step.CHECK, StepState.OPEN, "")

    def _known(self, plan: BulkPlan) -> Found | None:
        found = self._found
        if found is None or self._sent:
            return None
        alike = found.plan == plan and found.compares == self.step.compares
        return found if alike else None

    def _show(self, found: Found) -> None:
        self._found, self._sent = found, False
        check = found.check
        self.step.show_check(check)
        state = StepState.DONE
        if check.counts.get(Level.STOP):
            state = StepState.WRONG
        elif sum(check.counts.values()):
            state = StepState.WARNING
        self._steps.show_state(Step.CHECK, state, words.check_note(check))
        roles = {StepState.WRONG: "danger", StepState.WARNING: "warning"}
        self.said.emit(self.verdict, roles.get(state, "success"))
        self.changed.emit()

    def _miss(self, text: str) -> None:
        self.step_wanted.emit(Step.CHECK)
        self.said.emit(text, "danger")

    def _on_read(self, count: int) -> None:
        # Each new sentence lays the page out again, while a thread wants Python's lock too.
        now = time.monotonic()
        if now - self._drawn >= DRAWN_SECONDS:
            self._drawn = now
            self.step.show_read(words.read_sentence(count, compared=self.step.compares))
