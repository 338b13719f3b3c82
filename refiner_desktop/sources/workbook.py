"""Excel and OpenDocument workbooks: one sheet is one table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from refiner_desktop.sources.shaping import header_columns, require_same, shaped
from refiner_desktop.sources.source import Format, Row, Source, SourceOptions, SourceUnreadable
from refiner_desktop.sources.workbook_errors import errors_in
from refiner_desktop.sources.workbook_size import require_fitting

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


NOTHING: tuple[int, list[str]] = (0, [])
"""The first row of a sheet that has none."""


class WorkbookSource(Source):
    """A sheet of a workbook. A formula is the value that it had when the workbook was saved."""

    __slots__ = ()

    def rows(self) -> Iterator[Row]:
        """Yield every row that is not blank. Raises `SourceUnreadable` or `OSError`."""
        require_fitting(self.path)
        records = _records(self.path, self.options.sheet)
        if self.options.has_header:
            _, header = next(records, NOTHING)
            require_same(self.columns, header_columns(header, has_header=True))
        return shaped(records, self.columns, " ")


def open_workbook(path: Path, options: SourceOptions) -> WorkbookSource:
    """Look at a sheet, the first unless one is chosen. Raises `SourceUnreadable` or `OSError`."""
    require_fitting(path)
    with closing(_workbook(path)) as workbook:
        sheets = tuple(workbook.sheet_names)
    sheet = options.sheet or next(iter(sheets), "")
    if sheet not in sheets:
        raise SourceUnreadable(f"The workbook has no sheet “{sheet}”.")
    options = replace(options, format=Format.EXCEL, encoding="", delimiter="", sheet=sheet)
    records = _records(path, sheet)
    first = next(records, NOTHING)
    columns = header_columns(first[1], has_header=options.has_header)
    source = WorkbookSource(path, options, columns, sheets=sheets)
    rows = records if options.has_header else chain([first], records)
    return source.sampled(shaped(rows, columns, " "))


def _records(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that is not blank with its number in the sheet, the header too."""
    from python_calamine import CalamineError

    with closing(_workbook(path)) as workbook:
        try:
            found = workbook.get_sheet_by_name(sheet)
            errors = errors_in(path, sheet)
            _, left = found.start or (0, 0)
            for place, values in enumerate(found.iter_rows()):  # blank rows at the top are rows too
                cells = list(map(_text, values))
                for column, text in errors.get(place, ()):
                    cells[column - left : column - left + 1] = [text]
                if any(cells):
                    yield place + 1, cells
        except CalamineError as exc:
            raise SourceUnreadable(f"The sheet “{sheet}” can't be read: {exc}.") from exc


def _workbook(path: Path) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError as exc:
        raise SourceUnreadable("The workbook is protected by a password.") from exc
    except CalamineError as exc:
        raise SourceUnreadable(f"The workbook is damaged, or of an unknown kind: {exc}.") from exc


def _text(value: object) -> str:
    """Return what a cell shows, without its format: dates in ISO 8601, whole numbers bare."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
