"""What the bulk page says about files, checks and runs."""

from __future__ import annotations

from refiner_desktop.api.policy import Limits
from refiner_desktop.services.bulk import BulkProgress
from refiner_desktop.services.bulk_plan import BulkCheck
from refiner_desktop.services.bulk_source import Source
from refiner_desktop.storage.bulk import BulkRun, RowState

ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Western (Windows-1252)"}
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def source_sentence(source: Source) -> str:
    """Say how a file was read."""
    encoding = ENCODINGS.get(source.encoding, source.encoding)
    delimiter = DELIMITERS.get(source.delimiter, source.delimiter)
    return f"{len(source.columns):,} columns, {encoding}, separated by {delimiter}."


def check_sentence(check: BulkCheck) -> str:
    """Say what a run would do."""
    minutes = check.minutes(Limits().per_key)
    duration = "under a minute" if minutes < 1 else f"about {minutes:,.0f} minutes"
    skipped = (
        f" Lines to be skipped, each with a reason: {check.skipped:,}." if check.skipped else ""
    )
    return (
        f"Lines: {check.rows:,}. Calls: {check.calls:,}, {duration} at Refiner's limit. "
        f"Users who become active this month, which Refiner bills: up to {check.users:,}.{skipped}"
    )


def counts_sentence(progress: BulkProgress) -> str:
    """Say how many rows are in each state."""
    counted = [f"{count:,} {state.value}" for state, count in progress.counts.items() if count]
    return f"{progress.settled:,} of {progress.total:,} lines settled: {', '.join(counted)}."


def unfinished_sentence(run: BulkRun, progress: BulkProgress) -> str:
    """Say what was left of a run, and what will happen to it."""
    unknown = progress.counts[RowState.SENT]
    again = (
        "they are sent again, which is safe" if run.action == "identify" else "they are left alone"
    )
    about = f" {unknown:,} have an unknown outcome: {again}." if unknown else ""
    return (
        f"A run ({run.action} from {run.source}) was not finished. "
        f"{counts_sentence(progress)}{about} "
        "Press Go on, or Cancel run to end it."
    )
