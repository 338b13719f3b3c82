"""The report: what was measured, the peer or limit beside it, and the goal."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import astuple, dataclass

GAP_LIMIT_MS = 50.0
TITLES = ("What", "Measured", "Against", "Ratio", "Goal")


@dataclass(frozen=True, slots=True)
class Line:
    """One line, in texts for people; `goal` says which way round `ratio` is meant."""

    what: str
    figure: str
    peer: str
    ratio: str
    goal: str


def gap_line(what: str, longest_ms: float, goal: str = "≤ 50 ms") -> Line:
    """Say how long the window could not have answered at the longest."""
    limit = f"limit {GAP_LIMIT_MS:.0f} ms"
    return Line(what, milliseconds(longest_ms), limit, times(longest_ms / GAP_LIMIT_MS), goal)


def times(ratio: float) -> str:
    """Write a ratio with as many digits as mean something."""
    digits = 2 if ratio < 10 else 0
    return f"{ratio:,.{digits}f} ×"


def faster(ours: float, peer: float) -> str:
    """Write how many times faster than the peer we are, from two durations."""
    return f"{times(peer / ours)} faster"


def milliseconds(duration: float) -> str:
    """Write a duration given in milliseconds."""
    digits = 1 if duration < 10 else 0
    return f"{duration:,.{digits}f} ms"


def table(lines: Iterable[Line]) -> str:
    """Return the lines as one aligned table, which Markdown reads too."""
    rows = [TITLES, *(astuple(line) for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = ["-" * width for width in widths]
    return "\n".join(_row(cells, widths) for cells in (rows[0], rule, *rows[1:]))


def report(lines: Iterable[Line]) -> None:
    """Measure and print, with what a reader must know about the machine."""
    before = _load_average()
    print(table(lines))
    print(
        f"\nPython {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors, "
        f"load average {before} before and {_load_average()} after."
    )


def _row(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _load_average() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
