"""What goes out: a file, an action, a mapping, and the check of all three."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.services.bulk.guessing import guess
from refiner_desktop.services.bulk.mapping import BulkAction, Mapping, fitted, problems
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.services.bulk.runs import RunSummary
from refiner_desktop.services.bulk.saved_mappings import Prepared
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.services.problems import describe
from refiner_desktop.services.users.known_traits import Known
from refiner_desktop.sources.source import (
    NothingToRead,
    Row,
    Source,
    SourceOptions,
    SourceUnreadable,
)
from refiner_desktop.ui.dialogs import choose_file
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.checking import Checking, Found
from refiner_desktop.ui.tabs.users.bulk.finding_work import FindingWork
from refiner_desktop.ui.tabs.users.bulk.footer import Readiness
from refiner_desktop.ui.tabs.users.bulk.mapping_menu import MappingMenu
from refiner_desktop.ui.tabs.users.bulk.mapping_step import MappingStep
from refiner_desktop.ui.tabs.users.bulk.plan_header import PlanHeader
from refiner_desktop.ui.tabs.users.bulk.source_step import SourceStep
from refiner_desktop.ui.tabs.users.bulk.step_bar import Step, StepBar, StepState
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.uuid_picker import WrongChoice

FILE, BROWSE, SEGMENTS, KNOWN = "bulk file", "bulk browse", "bulk segments", "bulk traits"
KEEP = "bulk prepared"
"""Names of the tasks; a file is read or checked while `FILE` runs."""

FILTERS = (
    "Tables (*.csv *.tsv *.txt *.xlsx *.xlsm *.xls *.ods *.json *.jsonl *.ndjson);;All files (*)"
)


class Preparation(QObject):
    """Holds the steps before a run, and lets none of them belong to another file than the others.

    What is chosen is kept for the next start. Signals: `changed()` when the file is nearer to a
    run, or further; `opened()` when there is another file; `step_wanted(step)` when something is to
    be seen there; `said(text, role)`.
    """

    changed = Signal()
    opened = Signal()
    step_wanted = Signal(object)
    said = Signal(str, str)

    def __init__(
        self, window: QWidget, bulk: BulkService, tasks: TaskRunner, steps: StepBar
    ) -> None:
        super().__init__(window)
        self._window = window
        self._bulk = bulk
        self._tasks = tasks
        self._steps = steps
        self._source: Source | None = None
        self._guesses: dict[BulkAction, Mapping] = {}
        self._mappings: dict[BulkAction, Mapping] = {}
        self._unkept: Prepared | None = None
        self._looked_at = False
        self._of_last_time = False
        self._checking = Checking(self, bulk, steps)
        self.findings = FindingWork(window, bulk, tasks, self._checking)
        self.header = PlanHeader()
        self.source_step = SourceStep()
        self.saved = MappingMenu(bulk.mappings, tasks, lambda: self.mapping_step.mapping)
        self.mapping_step = MappingStep(self.saved)
        self._connect()
        self._forget_source(words.NO_FILE)

    @property
    def pages(self) -> tuple[QWidget, ...]:
        """The steps in their order."""
        return (self.source_step, self.mapping_step, self._checking.step)

    @property
    def what(self) -> str:
        """What is done with each row, in words."""
        segment = self.header.segment_name
        return words.ACTIONS[self.header.action] + (f": “{segment}”" if segment else "")

    @property
    def readiness(self) -> Readiness:
        """How far the file is on its way to a run."""
        return self._checking.readiness if self._source is not None else Readiness.NONE

    @property
    def verdict(self) -> str:
        """What the check that is shown has come to, and what can be done now."""
        return self._checking.verdict

    @property
    def has_chosen_file(self) -> bool:
        """Whether a person has opened a file, or one is being read for them."""
        there = self._source is not None or self._tasks.running(FILE)
        return there and not self._of_last_time

    def open_file(self, path: Path | str, title: str = "") -> None:
        """Read the beginning of a file; `title` says what it is, where its name does not."""
        self._of_last_time = False
        self.header.show_path(path)
        self._tasks.start(FILE, self._open(str(path), None, title), label="Reading the file")

    def take_file(self, path: Path | str, title: str) -> None:
        """Open a file that another part has written; what was done with the last one is no hint."""
        self.header.choose_action(BulkAction.IDENTIFY)
        self.open_file(path, title)

    def look_at(self, step: Step) -> None:
        """Take note that a person sees a step: what was only guessed there counts from then on."""
        if step is Step.MAPPING and self._source is not None:
            self._looked_at = True
            self._show_mapping_state()

    def check(self) -> None:
        """Read every row and say what would happen, without sending anything."""
        if plan := self.plan():
            self._tasks.start(FILE, self._checking.check(plan), label="Checking the file")

    def plan(self) -> BulkPlan | None:
        """Return what would be done, or say what is missing."""
        if self._source is None:
            self._miss(Step.SOURCE, "Choose a file first.")
            return None
        mapping = self.mapping_step.mapping
        if found := problems(mapping, self.header.action):
            self._miss(Step.MAPPING, " ".join(found))
            return None
        segment = self._segment()
        if segment is None:
            return None
        name = self.header.segment_name
        return BulkPlan(self._source, self.header.action, mapping, segment, name)

    async def checked(self, plan: BulkPlan) -> Found | None:
        """Return what was found of a plan, or None after saying why it can't be carried out."""
        return await self._checking.checked(plan)

    def settle_check(self) -> None:
        """Keep what the check found to be read: the rows are sent."""
        self._checking.settle()

    def forget_check(self) -> None:
        """Ask for a new check: what it was about has changed."""
        self._checking.forget()

    def enter_environment(self) -> None:
        """Read what the environment in use has: mappings, segments, and traits for the file."""
        self.saved.read()
        self._read_segments()
        if self._source is not None:
            self._tasks.start(KNOWN, self._guess(self._source))

    def bring_back(self, runs: Sequence[RunSummary], *, quietly: bool) -> None:
        """Show the file of last time as it was mapped, unless it is gone, and if it was sent."""
        self._of_last_time = True
        self._tasks.start(FILE, self._bring_back(runs, quietly=quietly))

    def leave_environment(self) -> None:
        """Forget what belongs to the environment that is left; the file stays."""
        self.header.forget_segments()
        self.forget_check()

    async def put_away(self) -> None:
        """Write down what was chosen last."""
        while prepared := self._unkept:
            self._unkept = None
            await self._bulk.mappings.keep_prepared(prepared)

    async def _browse(self) -> None:
        if path := await choose_file(self._window, "Choose a file of users", FILTERS):
            self.open_file(path)

    async def _open(self, path: str, options: SourceOptions | None, title: str = "") -> None:
        before, kept = self._source, self._mappings
        self._forget_source(words.READING)
        try:
            source = await self._bulk.open(path, options)
        except NothingToRead as exc:
            self._show_unread()
            self.source_step.show_none(str(exc))
            return
        except SourceUnreadable as exc:
            self._show_unread()
            self.source_step.show_unreadable(str(exc), options or SourceOptions())
            raise
        except OSError as exc:
            self._show_unread()
            self.source_step.show_none(str(describe(exc)))
            raise
        await self._guess(source)
        same = before is not None and _outline(before) == _outline(source)
        self._mappings = kept if same else {}
        self._show_source(source, title or source.name)
        self.opened.emit()
        self.step_wanted.emit(Step.SOURCE)
        sentence = f"{title or source.name}: {words.source_sentence(source)}."
        self.said.emit(f"{sentence} {words.STEPS[Step.SOURCE]}", "muted")

    def _show_unread(self) -> None:
        self._steps.show_state(Step.SOURCE, StepState.WRONG, "Not readable")
        self.step_wanted.emit(Step.SOURCE)

    async def _bring_back(self, runs: Sequence[RunSummary], *, quietly: bool) -> None:
        if self._source is None:
            await self._open_prepared()
        source = self._source
        if source is not None and not quietly:
            sent = next((run for run in runs if run.source == str(source.path)), None)
            self.said.emit(words.brought_back(sent), "muted")

    async def _open_prepared(self) -> None:
        prepared = await self._bulk.mappings.prepared()
        if prepared is None:
            return
        try:
            source = await self._bulk.open(prepared.path, prepared.options)
        except (SourceUnreadable, OSError):
            return  # nobody has asked for it now
        await self._guess(source)
        self.header.choose_action(prepared.action)
        self.header.show_path(prepared.path)
        self._mappings = {prepared.action: fitted(prepared.mapping, source)}
        self._show_source(source, source.name)

    def _segment(self) -> str | None:
        """Return the chosen segment, "" where none is needed; None after saying what is wrong."""
        try:
            segment = self.header.segment()
        except WrongChoice as exc:
            self.header.ask_for_segment()
            self._miss(None, str(exc))
            return None
        if self.header.needs_segment and not segment:
            self.header.ask_for_segment()
            self._miss(None, "Choose a segment first.")
            return None
        return segment

    def _miss(self, step: Step | None, text: str) -> None:
        """Say what is missing, at the step where it is."""
        if step is not None:
            self.step_wanted.emit(step)
        self.said.emit(text, "danger")

    def _forget_source(self, why: str) -> None:
        self._source = None
        self.source_step.show_none(why)
        self.mapping_step.show_none()
        self.forget_check()
        for step in (Step.SOURCE, Step.MAPPING):
            self._steps.show_state(step, StepState.OPEN, "")

    def _show_source(self, source: Source, title: str) -> None:
        self._source = source
        self._looked_at = False
        self.source_step.show_source(source)
        self._show_mapping(self._mapping_of(self.header.action))
        self._steps.show_state(Step.SOURCE, StepState.DONE, title)

    def _keep(self, source: Source, mapping: Mapping) -> None:
        """Keep what is prepared; while one write runs, the newest waits."""
        action = self.header.action
        self._unkept = Prepared(str(source.path), source.options, action, mapping)
        self._tasks.ensure(KEEP, self.put_away)

    def _mapping_of(self, action: BulkAction) -> Mapping:
        """Return what was chosen for an action, or else what its columns' names tell."""
        return self._mappings.get(action) or self._guesses[action]

    def _show_mapping(self, mapping: Mapping) -> None:
        assert self._source is not None
        self.mapping_step.show_mapping(self._source, mapping)
        self._on_mapping_edited()

    def _on_mapping_edited(self) -> None:
        mapping = self.mapping_step.mapping_so_far
        self._mappings[self.header.action] = mapping
        self._show_mapping_state()
        self.forget_check()
        if self._source is not None:
            self._keep(self._source, mapping)

    def _show_mapping_state(self) -> None:
        mapping = self.mapping_step.mapping_so_far
        found = problems(mapping, self.header.action)
        self.mapping_step.show_problems(found)
        state = StepState.DONE if self._looked_at else StepState.OPEN
        state = StepState.WRONG if found else state
        self._steps.show_state(Step.MAPPING, state, words.mapping_note(mapping))

    def _on_mapping_chosen(self, mapping: Mapping) -> None:
        if self._source is not None:
            self.mapping_step.replace(fitted(mapping, self._source))

    def _match(self) -> None:
        """Begin with the names again."""
        if self._source is not None:
            self.mapping_step.replace(self._guesses[self.header.action])

    def _on_action_chosen(self, action: BulkAction) -> None:
        self.mapping_step.show_action(action)
        self._checking.step.show_comparable(comparable=action is not BulkAction.TRACK)
        self.forget_check()
        if self._source is not None:
            self._show_mapping(self._mapping_of(action))
        self._read_segments()

    def _on_options_chosen(self, options: SourceOptions) -> None:
        work = self._open(self.header.path, options)
        self._tasks.start(FILE, work, label="Reading the file")

    def _on_line_seen(self, source: Source, line: int, rows: Sequence[Row]) -> None:
        if source is self._source:
            self.source_step.show_around(line, rows)
            self.step_wanted.emit(Step.SOURCE)

    def _read_segments(self) -> None:
        if self.header.needs_segment:
            self._tasks.start(SEGMENTS, self._offer_segments())

    async def _offer_segments(self) -> None:
        segments = await self._bulk.segments()
        self.header.offer_segments((each.uuid, each.name) for each in segments)
        if not segments:
            self.said.emit(words.NO_SEGMENTS, "warning")

    async def _guess(self, source: Source) -> None:
        """Match the columns for every action: thousands of them take longer than a frame."""
        known = await self._bulk.known_traits()
        self._guesses = await asyncio.to_thread(_guesses, source, known)
        self.mapping_step.show_known(known)

    def _connect(self) -> None:
        self.header.path_entered.connect(self.open_file)
        self.header.browse_requested.connect(lambda: self._tasks.start(BROWSE, self._browse()))
        self.header.action_chosen.connect(self._on_action_chosen)
        self.header.segment_chosen.connect(self.forget_check)
        self.source_step.options_chosen.connect(self._on_options_chosen)
        self.saved.chosen.connect(self._on_mapping_chosen)
        self.mapping_step.edited.connect(self._on_mapping_edited)
        self.mapping_step.match_requested.connect(self._match)
        self._checking.changed.connect(self.changed)
        self._checking.step_wanted.connect(self.step_wanted)
        self.findings.seen.connect(self._on_line_seen)
        self._checking.said.connect(self.said)


def _guesses(source: Source, known: Known) -> dict[BulkAction, Mapping]:
    return {action: guess(source, action, known) for action in BulkAction}


def _outline(source: Source) -> tuple[Path, tuple[str, ...]]:
    """Return what a mapping is made for: the same file with the same columns."""
    return source.path, tuple(column.name for column in source.columns)
