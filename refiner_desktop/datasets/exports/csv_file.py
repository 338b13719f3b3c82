"""Rows written as CSV in UTF-8."""

from __future__ import annotations

import csv
from pathlib import Path

from refiner_desktop.datasets.exports.rows import Rows
from refiner_desktop.datasets.values import is_number

# A spreadsheet runs a cell that begins like this as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, rows: Rows) -> None:
    """Write a line of titles and the rows."""
    _write(path, rows, "utf-8")


def write_csv_for_excel(path: Path, rows: Rows) -> None:
    """Write the same with the mark without which Excel takes the letters for another alphabet."""
    _write(path, rows, "utf-8-sig")


def harmless(text: str | None) -> str:
    """Return the cell so that no spreadsheet runs it; a negative number is no formula."""
    if not text:
        return ""
    return f"'{text}" if text.startswith(_FORMULA) and not is_number(text) else text


def _write(path: Path, rows: Rows, encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(harmless(column.title) for column in rows.columns)
        for batch in rows.texts():
            writer.writerows(map(harmless, row) for row in batch)
