"""Rows written to a CSV file."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from refiner_desktop.datasets.errors import Interrupted
from refiner_desktop.datasets.values import is_number

CHUNK_ROWS = 10_000

# A spreadsheet runs a cell that begins like this as a formula.
_FORMULA = ("=", "+", "-", "@")


def write_csv(
    path: Path,
    titles: Sequence[str],
    total: int,
    window: Callable[[int, int], Sequence[Sequence[str | None]]],
    on_progress: Callable[[int, int], None],
    should_stop: Callable[[], bool],
) -> None:
    """Write a line of titles and `total` rows, which `window(first, count)` hands out.

    Raises `Interrupted` between two chunks when `should_stop` answers yes, and `OSError`.
    """
    with replacing(path) as file:
        writer = csv.writer(file)
        writer.writerow(map(harmless, titles))
        for first in range(0, total, CHUNK_ROWS):
            if should_stop():
                raise Interrupted("the export was stopped")
            writer.writerows(map(harmless, row) for row in window(first, CHUNK_ROWS))
            on_progress(min(first + CHUNK_ROWS, total), total)


def harmless(text: str | None) -> str:
    """Return the cell so that no spreadsheet runs it; a negative number is no formula."""
    if not text:
        return ""
    return f"'{text}" if text.startswith(_FORMULA) and not is_number(text) else text


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a file beside `path` that takes its place when the block ends, or vanishes."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    unfinished = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
            yield file
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink()
        raise
