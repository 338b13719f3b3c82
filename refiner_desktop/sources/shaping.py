"""From the cells that a file has to columns with names of their own, and rows as wide as these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from refiner_desktop.sources.result_file import is_result, restored
from refiner_desktop.sources.source import Column, Row, SourceUnreadable

Record = tuple[int, Sequence[str] | None]
"""The line that a row begins in and its cells; None where one of them is too long to be read."""

TOO_LONG = "A cell of this row is too long to be read."
CHANGED = "The file is not the same as when it was opened: open it again."


def named_columns(header: Iterable[str]) -> tuple[Column, ...]:
    """Return a column for every cell: those without a name get a number, as do repeated names."""
    taken: set[str] = set()
    repeats: dict[str, int] = {}
    columns = []
    for place, cell in enumerate(header, start=1):
        plain = name = " ".join(cell.split()) or f"Column {place}"
        while name in taken:
            repeats[plain] = repeats.get(plain, 1) + 1
            name = f"{plain} ({repeats[plain]})"
        taken.add(name)
        columns.append(Column(name, title=cell))
    return tuple(columns)


def header_columns(first: Sequence[str], *, has_header: bool) -> tuple[Column, ...]:
    """Return the columns that the first row names or counts. Raises `SourceUnreadable`."""
    if not first:
        raise SourceUnreadable("The file is empty.")
    if not has_header:
        return named_columns(f"Column {place}" for place in range(1, len(first) + 1))
    if not any(map(str.strip, first)):
        raise SourceUnreadable("The first line names no columns.")
    columns = named_columns(first)
    return named_columns(map(restored, first)) if is_result(columns) else columns


def require_same(columns: Sequence[Column], found: Sequence[Column]) -> None:
    """Raise `SourceUnreadable` where a file has got other columns since it was opened."""
    if [each.name for each in columns] != [each.name for each in found]:
        raise SourceUnreadable(CHANGED)


def shaped(records: Iterable[Record], columns: Sequence[Column], joint: str) -> Iterator[Row]:
    """Yield records as rows of a table with these columns.

    Cells that are over go into the last one, with `joint` between them.
    """
    width, ours = len(columns), is_result(columns)
    for number, (line, cells) in enumerate(records, start=1):
        if cells is None:
            yield Row(number, line, ("",) * width, TOO_LONG)
        else:
            found = [*map(restored, cells)] if ours else cells
            yield Row(number, line, *_as_wide(found, width, joint))


def _as_wide(cells: Sequence[str], width: int, joint: str) -> tuple[tuple[str, ...], str]:
    """Return as many cells as there are columns, and what was wrong with their number."""
    found = len(cells)
    if found == width or (found > width and not any(cells[width:])):
        return tuple(cells[:width]), ""
    problem = f"This row has {_counted(found, 'cell')}, the table {_counted(width, 'column')}."
    if found < width:
        return (*cells, *[""] * (width - found)), problem
    return (*cells[: width - 1], joint.join(cells[width - 1 :])), problem


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
