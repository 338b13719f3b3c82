"""Bulk runs and their rows, and what they are in the columns of their tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from refiner_desktop.storage.encoding import moment_from_text, moment_to_text

_texts = msgspec.json.Decoder(tuple[str, ...])


class RunState(StrEnum):
    """How far a run came."""

    PREPARING = "preparing"
    """Its rows are still being written; what a kill leaves of it is deleted at the next start."""
    RUNNING = "running"
    """Also what a killed run is left in."""
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class RowState(StrEnum):
    """How far one row came."""

    WAITING = "waiting"
    SENT = "sent"
    """Its call went out; the outcome is unknown until an answer is written down."""
    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SKIPPED = "skipped"


Counts = dict[RowState, int]
"""How many rows are in each state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRun:
    """One run over one source.

    `source` is the path of the file that the rows came from, `columns` are the names of its
    columns, `mapping` is JSON. `segment` is a UUID, `segment_name` what it was called when the run
    began, `reason` says why the run stopped; all three may be empty.
    """

    id: int = 0
    started_at: datetime
    action: str
    source: str
    source_hash: str
    columns: tuple[str, ...] = ()
    mapping: str = "{}"
    segment: str = ""
    segment_name: str = ""
    environment: str
    state: RunState = RunState.PREPARING
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One row of the data of a run, numbered from 1. `line` is where it is in the file.

    `payload` is the JSON to be sent and `cells` are those of the file, so that a run goes on and
    tells its results without its file. `warning` is what was doubtful before the row was sent.
    """

    row: int
    payload: str
    state: RowState = RowState.WAITING
    status: int | None = None
    error: str | None = None
    cells: tuple[str, ...] = ()
    warning: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row."""

    row: int
    state: RowState
    status: int | None = None
    error: str | None = None


RUN = """
    id, started_at, action, source, source_hash, columns, mapping, segment, segment_name,
    environment, state, reason
"""
ROW = "row, payload, state, status, error, cells, warning, line"
INSERT_RUN = """
    INSERT INTO bulk_run (
        started_at, action, source, source_hash, columns, mapping, segment, segment_name,
        environment, state, reason
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
INSERT_ROW = """
    INSERT INTO bulk_row (run, row, payload, state, status, error, cells, warning, line)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def from_run(run: BulkRun) -> tuple[Any, ...]:
    """Return the values that `INSERT_RUN` takes."""
    return (
        moment_to_text(run.started_at),
        run.action,
        run.source,
        run.source_hash,
        to_json(run.columns),
        run.mapping,
        run.segment,
        run.segment_name,
        run.environment,
        run.state.value,
        run.reason,
    )


def to_run(found: tuple[Any, ...]) -> BulkRun:
    """Make a run of the columns of `RUN`."""
    number, started_at, action, source, source_hash, columns, mapping, *rest = found
    segment, segment_name, environment, state, reason = rest
    return BulkRun(
        id=number,
        started_at=moment_from_text(started_at),
        action=action,
        source=source,
        source_hash=source_hash,
        columns=_texts.decode(columns),
        mapping=mapping,
        segment=segment,
        segment_name=segment_name,
        environment=environment,
        state=RunState(state),
        reason=reason,
    )


def from_row(run: int, row: BulkRow) -> tuple[Any, ...]:
    """Return the values that `INSERT_ROW` takes."""
    cells = to_json(row.cells)
    state = row.state.value
    return (run, row.row, row.payload, state, row.status, row.error, cells, row.warning, row.line)


def to_row(found: tuple[Any, ...]) -> BulkRow:
    """Make a row of the columns of `ROW`."""
    row, payload, state, status, error, cells, *rest = found
    return BulkRow(row, payload, RowState(state), status, error, _texts.decode(cells), *rest)


def to_json(values: Collection[object]) -> str:
    """Write values as a JSON list, which `json_each` reads too."""
    return msgspec.json.encode(list(values)).decode()
