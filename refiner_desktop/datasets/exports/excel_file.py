"""Rows written as an Excel workbook: numbers, dates and yes or no as such, no cell ever run."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from refiner_desktop.datasets.columns import Kind
from refiner_desktop.datasets.errors import TooManyRows
from refiner_desktop.datasets.exports.rows import Rows
from refiner_desktop.datasets.values import has_long_digits, parse_boolean, parse_date

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

CellWriter = Callable[[int, int, str], None]
"""Writes a text, never empty, into a line and a column."""

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CHARACTERS = 32_767
_WIDTHS: dict[Kind, int] = {"text": 24, "number": 12, "boolean": 9, "date": 20}
"""In characters; a date in a narrower column shows as ########."""
_FIRST_YEAR = 1900  # dates before it are unknown to Excel


def write_excel(path: Path, rows: Rows) -> None:
    """Write one sheet with a line of titles; longer texts are cut, moments are in UTC.

    Raises `TooManyRows` before anything is written.
    """
    if len(rows) >= MAX_ROWS or len(rows.columns) > MAX_COLUMNS:
        raise TooManyRows(f"an Excel sheet holds {MAX_ROWS - 1} rows and {MAX_COLUMNS} columns")
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with closing(_Target(path, rows)) as target:
        book = Workbook(target, options)
        book.use_zip64()  # for more than 4 GB; smaller books are as ever
        sheet = book.add_worksheet("Contacts")
        try:
            _head(book, sheet, rows)
            _fill(sheet, _cell_writers(book, sheet, rows), rows)
        except BaseException:
            sheet.row_data_fh.close()  # closing the book would pack all that was written
            raise
        try:
            book.close()
        except FileCreateError as exc:
            raise OSError(str(exc)) from exc


class _Target:
    """What the book is packed into; it stops the packing once somebody asked for an end.

    The packer wants to end its file even then, and when it is closed: that goes nowhere.
    """

    def __init__(self, path: Path, rows: Rows) -> None:
        self._file: BinaryIO = path.open("wb")
        self._rows = rows

    def write(self, data: bytes) -> int:
        if not isinstance(self._file, io.BytesIO) and self._rows.should_stop():
            self.close()
            self._rows.stop_if_asked()
        return self._file.write(data)

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()
        self._file = io.BytesIO()


def _head(book: Workbook, sheet: Worksheet, rows: Rows) -> None:
    """Write the titles, which stay in sight and filter, over columns wide enough for their kind."""
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for place, column in enumerate(rows.columns):
        sheet.set_column(place, place, _WIDTHS[column.kind])
        sheet.write_string(0, place, _short(column.title, rows), bold)
    if rows.columns:
        sheet.autofilter(0, 0, len(rows), len(rows.columns) - 1)


def _fill(sheet: Worksheet, writers: Sequence[CellWriter], rows: Rows) -> None:
    lines = (cells for batch in rows.texts() for cells in batch)
    for line, cells in enumerate(lines, start=1):
        for place, (text, write) in enumerate(zip(cells, writers, strict=True)):
            if text:
                write(line, place, text)


def _cell_writers(book: Workbook, sheet: Worksheet, rows: Rows) -> list[CellWriter]:
    """Return for each column what writes a text as its kind; what does not fit stays text."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write_text(line: int, place: int, text: str) -> None:
        sheet.write_string(line, place, _short(text, rows))

    def write_number(line: int, place: int, text: str) -> None:
        if has_long_digits(text):  # Excel keeps fifteen
            write_text(line, place, text)
        else:
            sheet.write_number(line, place, float(text))

    def write_boolean(line: int, place: int, text: str) -> None:
        sheet.write_boolean(line, place, parse_boolean(text))

    def write_date(line: int, place: int, text: str) -> None:
        found = _excel_date(text)
        if found is None:
            write_text(line, place, text)
        else:
            shape = moment if isinstance(found, datetime) else day
            sheet.write_datetime(line, place, found, shape)

    by_kind: dict[Kind, CellWriter] = {
        "text": write_text,
        "number": write_number,
        "boolean": write_boolean,
        "date": write_date,
    }
    return [by_kind[column.kind] for column in rows.columns]


def _excel_date(text: str) -> date | datetime | None:
    found = parse_date(text)
    if isinstance(found, datetime):
        try:
            found = found.astimezone(UTC).replace(tzinfo=None)
        except OverflowError:  # beyond the year 9999
            return None
    return found if found and found.year >= _FIRST_YEAR else None


def _short(text: str, rows: Rows) -> str:
    # Excel counts in UTF-16, where an emoji is two.
    if len(text) <= MAX_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CHARACTERS:
        return text
    rows.cut_cells += 1
    return units[: 2 * MAX_CHARACTERS].decode("utf-16-le", errors="ignore")
