"""From the start of a process to its first painted window, against a bare PySide6 window.

Run alone with `python -m tests.benchmarks.start [ROUNDS]`; it then also says what is imported.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from tests.benchmarks.lines import Line, gap_line, milliseconds, report, times
from tests.benchmarks.processes import running

ROUNDS = 7
IDLE_LIMIT = 0.01


@dataclass(frozen=True, slots=True)
class Start:
    """What one process took: until it was painted, and while it opened and came to rest."""

    seconds: float
    megabytes: float
    longest_gap_ms: float
    busy: float
    """Of one processor, while nobody does anything."""
    modules: frozenset[str]


def lines(rounds: int = ROUNDS) -> Iterable[Line]:
    """Start both windows in turn and compare the medians."""
    return _lines(*_starts(rounds))


def _lines(ours: list[Start], bare: list[Start]) -> Iterable[Line]:
    def medians(field: str) -> tuple[float, float]:
        mine, theirs = (median(getattr(s, field) for s in starts) for starts in (ours, bare))
        return mine, theirs

    mine, theirs = (1000 * seconds for seconds in medians("seconds"))
    yield Line(
        "start to first painted window, whole process",
        milliseconds(mine),
        f"bare PySide6 window {milliseconds(theirs)}",
        times(mine / theirs),
        "≤ 2 ×",
    )
    mine, theirs = medians("megabytes")
    yield Line(
        "memory when idle after the start",
        f"{mine:.0f} MB",
        f"bare PySide6 window {theirs:.0f} MB",
        times(mine / theirs),
        "≤ 2 ×",
    )
    busy, _ = medians("busy")
    yield Line("processor when idle", f"{busy:.2%}", "limit 1 %", times(busy / IDLE_LIMIT), "≤ 1 %")
    yield gap_line("opening, after the first paint: longest GUI gap", medians("longest_gap_ms")[0])


def _starts(rounds: int) -> tuple[list[Start], list[Start]]:
    pairs = [(_start("ours"), _start("bare")) for _ in range(rounds + 1)][1:]  # the first warms up
    return [ours for ours, _ in pairs], [bare for _, bare in pairs]


def _start(window: str) -> Start:
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        with running(f"tests.benchmarks.windows.{window}", folder) as output:
            output.readline()
            seconds = perf_counter() - began
            costs: dict[str, Any] = json.load(output)
        return Start(seconds, **costs | {"modules": frozenset(costs["modules"])})


def main(arguments: list[str]) -> None:
    """Print the report and what is imported before the first paint."""
    ours, bare = _starts(int(arguments[0]) if arguments else ROUNDS)
    report(_lines(ours, bare))
    more = sorted(ours[0].modules - bare[0].modules)
    print(f"\nImported before the first paint, more than by a bare window: {', '.join(more)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
