"""What is said about files, mappings, checks and runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from refiner_desktop.services.bulk.findings import Level
from refiner_desktop.services.bulk.mapping import BulkAction, Mapping, Meaning
from refiner_desktop.services.problems import Problem
from refiner_desktop.sources.source import SAMPLES, Format, Source
from refiner_desktop.storage.bulk_rows import RowState, RunState
from refiner_desktop.ui.amounts import counted, number
from refiner_desktop.ui.moments import minute
from refiner_desktop.ui.tabs.users.bulk.step_bar import Step

if TYPE_CHECKING:
    from refiner_desktop.services.bulk.check import BulkCheck, Compared
    from refiner_desktop.services.bulk.runs import BulkProgress, RunSummary

INTRODUCTION = "One call for each row of a file. Nothing is sent before you press Start."
NO_FILE = "Choose a file of users, or drop it here: CSV, TSV, Excel, JSON or JSON Lines."
READ_OTHERWISE = "Read it in another way above, or choose another file."
HEADER_ONLY = "This file names its columns and has no rows. Choose another one."
READING = "Reading the file…"
NO_COLUMNS = "The columns of a file appear here. Choose one above."
NOT_CHECKED = "Press Check: every row is read, nothing is sent."
CHECKING = "Reading every row…"
BUSY = "A run is under way. Wait for its end, or pause it first."
EDITED = "Something was changed after Start was pressed, so nothing was sent. Press Start again."
ENDS = "What was sent stays sent; the others are skipped for good. Pause it to go on later."
TURNED_AWAY = "Not started."
NOT_BEGUN = "The run could not begin. Nothing was sent."
STARTING = "A bulk run is about to start. Nothing was sent yet, and nothing will be."
STOPS = "A bulk run is under way. It stops and can be taken up again later."
NO_SEGMENTS = "There is no manual segment. Make one in Refiner: the others fill themselves."
COMPARE = "Compare with the contacts in Refiner, and leave out rows that would change nothing"
COMPARE_HINT = "Reads the contacts page by page: one call for each 1000 of them."
START_HINT = "Asks before it sends anything; a file that is not checked is checked first."
FOUND_BEFORE = "Found before the run; press Check to read the file again."
SENT_ALREADY = "This file was sent. Choose another one, or press Check to send it once more."
NOTHING_WRONG = "Nothing is wrong with this file. Press Start to send it."
NO_SUCH_FINDING = "No finding is like this. Clear the search, or press the chosen kinds again."
NO_RUNS = "No runs yet. Choose a file, check it and press Start."
READING_RUNS = "Reading the runs…"
UNREAD_RUNS = (
    "The runs could not be read; the message above says why. "
    "Go to another step and back to try again."
)
READING_ROWS = "Reading the rows…"
UNREAD_ROWS = (
    "The rows could not be read; the message above says why. "
    "Press a state above, or search for something, to try again."
)
NO_RUN = "Choose a run, or start one: its rows appear here."
NO_ROWS = "This run has no rows."
BROUGHT_BACK = "This is the file of last time, as it was mapped."
OPEN_HINT = "A double click shows it there."
LINE_HINT = "As an editor counts lines and a spreadsheet rows; in a JSON list, which object it is."
NO_SUCH_ROW = "No row is like this. Clear the search, or press the chosen states again."

ENCODINGS = {
    "": "Automatic",
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big-endian",
    "cp1252": "Western (Windows-1252)",
    "iso-8859-1": "Western (Latin-1)",
    "iso-8859-15": "Western (Latin-9)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "shift_jis": "Japanese (Shift JIS)",
    "euc_kr": "Korean (EUC-KR)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
}
DELIMITERS = {
    "": "Automatic",
    ",": "Commas",
    ";": "Semicolons",
    "\t": "Tabs",
    "|": "Bars",
}

STEPS = {
    Step.SOURCE: "Look whether the rows are read as they should be and, in step 2, what each "
    "column is. Then press Check.",
    Step.MAPPING: "Say what each column is, then press Check. Nothing is sent by that.",
    Step.CHECK: "Press Check: every row is read, nothing is sent.",
}
ACTIONS = {
    BulkAction.IDENTIFY: "Identify each user",
    BulkAction.TRACK: "Track an event for each",
    BulkAction.ADD_TO_SEGMENT: "Add each to a segment",
    BulkAction.REMOVE_FROM_SEGMENT: "Remove each from a segment",
}
LEVELS = {Level.STOP: "Stops the run", Level.SKIP: "Skips its row", Level.WARN: "Warns"}
LEVEL_CHIPS = {Level.STOP: "Problems", Level.SKIP: "Skipped rows", Level.WARN: "Warnings"}
UNKNOWN, ON_THEIR_WAY = "Outcome unknown", "On their way"
STATES = {
    RowState.WAITING: "Waiting",
    RowState.SENT: UNKNOWN,
    RowState.DONE: "Done",
    RowState.UNCHANGED: "Unchanged",
    RowState.FAILED: "Failed",
    RowState.SKIPPED: "Skipped",
}
RUN_STATES = {
    RunState.PREPARING: "Being written",
    RunState.RUNNING: "Interrupted",
    RunState.PAUSED: "Paused",
    RunState.DONE: "Finished",
    RunState.CANCELLED: "Cancelled",
}
UNDER_WAY = "Under way"
UNDER_WAY_SENTENCE = "Under way. Pause it at any time: no row is sent twice."

_HOUR, _MINUTE = 3_600, 60


def duration(seconds: float) -> str:
    """Return how long something takes, no more exactly than anybody wants to know."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        minutes, rest = divmod(whole, _MINUTE)
        return f"{minutes} min {rest:02} s" if minutes < 10 else f"{minutes} min"
    hours, rest = divmod(whole, _HOUR)
    return f"{hours} h {rest // _MINUTE:02} min"


def source_sentence(source: Source) -> str:
    """Say what was found in a file."""
    kind = (source.options.format or Format.CSV).value
    shown = len(source.samples)
    first = "first " if shown == SAMPLES else ""
    rows = first + counted(shown, "row") if shown else "no rows"
    return f"{kind}, {counted(len(source.columns), 'column')}, {rows}"


def mapping_note(mapping: Mapping) -> str:
    """Say how much of a file is used."""
    used = sum(each.meaning is not Meaning.IGNORE for each in mapping.columns)
    fixed = f", {counted(len(mapping.fixed), 'fixed value')}" if mapping.fixed else ""
    return f"{number(used)} of {counted(len(mapping.columns), 'column')} used{fixed}"


def check_note(check: BulkCheck) -> str:
    """Say in a few words what a check has found."""
    counts = check.counts
    parts = [
        counted(counts.get(Level.STOP, 0), "problem") if counts.get(Level.STOP) else "",
        f"{number(check.rows - check.calls - len(check.unchanged))} skipped"
        if skipped(check)
        else "",
        counted(counts.get(Level.WARN, 0), "warning") if counts.get(Level.WARN) else "",
    ]
    return ", ".join(part for part in parts if part) or f"{counted(check.calls, 'call')} to send"


def skipped(check: BulkCheck) -> int:
    """Return how many rows have a reason not to be sent."""
    return max(check.rows - check.calls - len(check.unchanged), 0)


def check_sentence(check: BulkCheck) -> str:
    """Say what a run would do."""
    parts = [
        f"{counted(check.rows, 'row')}, {counted(check.calls, 'call')}: "
        f"about {duration(check.seconds)} at Refiner's limit.",
        _users_touched(check),
    ]
    if skipped(check):
        parts.append(f"{counted(skipped(check), 'row')} skipped, each with a reason.")
    if check.compared:
        parts.append(_compared(check.compared))
    if check.unchanged:
        parts.append(f"{counted(len(check.unchanged), 'row')} would change nothing: not sent.")
    return " ".join(parts)


def read_sentence(count: int, *, compared: bool) -> str:
    """Say how far a check is; where contacts are compared, these are read before the rows."""
    return (
        f"Contacts, then rows: {number(count)} read…"
        if compared
        else f"{counted(count, 'row')} read…"
    )


def preparing(check: BulkCheck) -> str:
    """Say what happens between a person's yes and the first call."""
    return f"Preparing {counted(check.rows, 'row')}. Nothing is sent yet…"


def sent_before(run: RunSummary) -> str:
    """Say that the same was done with the same file before."""
    done = run.counts[RowState.DONE]
    said = f"This file was sent like this on {minute(run.started_at)} already: {number(done)} done."
    again = " Each of these events would be recorded once more."
    return said + again if run.action is BulkAction.TRACK else said


def _compared(compared: Compared) -> str:
    counts = (
        f"{number(compared.new)} new",
        f"{number(compared.changed)} changed",
        f"{number(len(compared.unchanged))} unchanged",
    )
    return f"Compared with Refiner, by rows: {', '.join(counts)}."


def _users_touched(check: BulkCheck) -> str:
    users = f"Up to {counted(check.users, 'user')}"
    if check.action is BulkAction.REMOVE_FROM_SEGMENT:
        return f"{users} will leave the segment."
    becomes = "becomes" if check.users == 1 else "become"
    said = f"{users} {becomes} active this month, which Refiner bills."
    if check.action is BulkAction.ADD_TO_SEGMENT:
        return f"{said} Users whom Refiner does not know are created."
    return said


def after_check(check: BulkCheck, before: RunSummary | None = None) -> str:
    """Say what to do after a check, of a file that may have been sent `before`."""
    if check.counts.get(Level.STOP):
        return "Nothing can be sent like this. Mend what stops the run, then check again."
    if not check.calls:
        return "No row of this file is to be sent."
    calls = counted(check.calls, "call")
    if before is not None:
        return f"Checked. {sent_before(before)} Press Start to send {calls} once more."
    return f"Checked, nothing was sent. Press Start for {calls}."


def more_findings(shown: int, total: int) -> str:
    """Say that not every finding is listed."""
    return f"The first {number(shown)} of {number(total)} are listed." if shown < total else ""


def progress_sentence(progress: BulkProgress) -> str:
    """Say how far a run has come."""
    parts = [f"{number(progress.settled)} of {counted(progress.total, 'row')}"]
    if progress.held_seconds:
        parts.append(f"Refiner asked to wait {duration(progress.held_seconds)}")
    elif progress.rate:
        parts.append(f"{number(progress.rate)} a second")
    if progress.seconds_left is not None and progress.settled < progress.total:
        parts.append(f"{duration(progress.seconds_left)} left")
    return " · ".join(parts)


def run_title(run: RunSummary) -> str:
    """Name a run."""
    segment = f" “{run.segment_name}”" if run.segment_name else ""
    what = f"{ACTIONS[run.action].lower()}{segment}"
    return f"{Path(run.source).name} · {what} · {minute(run.started_at)}"


def run_action(run: RunSummary) -> str:
    """Say in a few words what a run does, and with which segment."""
    if not run.segment_name:
        return run.action.value
    verb = "add to" if run.action is BulkAction.ADD_TO_SEGMENT else "remove from"
    return f"{verb} “{run.segment_name}”"


def earlier_run(run: RunSummary) -> str:
    """Say what a run has come to that is not the one of now."""
    return f"Earlier run of {minute(run.started_at)}: {run_result(run)}"


def brought_back(sent: RunSummary | None) -> str:
    """Say that the file of last time is there, and whether it was sent."""
    if sent is None:
        return f"{BROUGHT_BACK} Nothing of it was sent to this environment."
    return f"{BROUGHT_BACK} It was sent on {minute(sent.started_at)}: {run_result(sent)}."


def line_place(line: int) -> str:
    """Say where in its file a row is."""
    return f"Line {number(line)} of the file"


def run_counts(run: RunSummary, *, under_way: bool = False) -> str:
    """Say what a run has come to; that it has finished goes without saying."""
    said = run_result(run, under_way=under_way)
    return said.removeprefix(f"{RUN_STATES[RunState.DONE]} · ")


def run_result(run: RunSummary, *, under_way: bool = False) -> str:
    """Say in a few words what a run has come to."""
    order = (RowState.FAILED, RowState.SENT, RowState.DONE, RowState.SKIPPED, RowState.UNCHANGED)
    counts = [
        f"{number(run.counts[state])} {STATES[state].lower()}"
        for state in order
        if run.counts[state]
    ]
    return " · ".join([UNDER_WAY if under_way else RUN_STATES[run.state], *counts])


def run_note(run: RunSummary, *, now: bool) -> str:
    """Say it in fewer words, and that the run is not the one of `now` where it is not."""
    return f"{'' if now else 'Earlier: '}{run_counts(run)}"


def run_sentence(run: RunSummary, *, source_changed: bool) -> str:
    """Say how a run stands, and what can be done with it."""
    unknown = run.counts[RowState.SENT]
    parts = [_standing(run)]
    if run.reason:
        parts.append(run.reason)
    if run.resumable and source_changed:
        parts.append("The file has changed since: the rows go out as they were when it started.")
    if unknown and run.action is BulkAction.TRACK:
        parts.append(
            f"{counted(unknown, 'event')} may have been recorded: they are sent again only when "
            "you say so."
        )
    elif unknown and run.resumable:
        parts.append(
            f"{counted(unknown, 'row')} went out without an answer: they are sent again, which is "
            "safe."
        )
    return " ".join(parts)


def _standing(run: RunSummary) -> str:
    if run.resumable:
        left = run.total - run.settled
        return (
            f"{RUN_STATES[run.state]}, {counted(left, 'row')} left. "
            "Press Go on, or Cancel run to end it."
        )
    failed, skipped = run.counts[RowState.FAILED], run.counts[RowState.SKIPPED]
    parts = [
        f"{RUN_STATES[run.state]}: {number(run.counts[RowState.DONE])} of {number(run.total)} done."
    ]
    if failed:
        parts.append(f"{number(failed)} failed: save them, or send them again.")
    if skipped:
        cancelled = run.state is RunState.CANCELLED
        then = "choose that file later" if cancelled else "correct them, and choose that file"
        parts.append(f"{number(skipped)} skipped: save them, {then}.")
    return " ".join(parts)


def ended(run: RunSummary) -> str:
    """Say that all rows of a run have gone out."""
    order = (RowState.DONE, RowState.SKIPPED, RowState.UNCHANGED)
    counts = [
        f"{number(run.counts[state])} {STATES[state].lower()}"
        for state in order
        if run.counts[state] or state is RowState.DONE
    ]
    return f"The bulk run of {Path(run.source).name} has ended: {', '.join(counts)}."


def unfinished(run: RunSummary) -> Problem:
    """Say that a run was interrupted and waits."""
    name, rows = Path(run.source).name, counted(run.total, "row")
    return Problem(
        f"A bulk run of {name} was not finished: {number(run.settled)} of {rows}.",
        "It can go on where it was.",
    )


def reached(run: RunSummary) -> int:
    """Return how many rows a run came to; those that a cancelled one skipped do not count."""
    skipped = run.counts[RowState.SKIPPED] if run.state is RunState.CANCELLED else 0
    return run.settled - skipped


def needs_a_look(run: RunSummary) -> bool:
    """Whether something of a run waits for a person."""
    unended = run.resumable or run.state is RunState.CANCELLED
    return unended or bool(run.counts[RowState.FAILED] or run.counts[RowState.SENT])
