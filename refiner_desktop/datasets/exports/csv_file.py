"""Rows written as CSV in UTF-8."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from refiner_desktop.datasets.exports.rows import Rows
from refiner_desktop.datasets.values import is_number

# A spreadsheet runs a cell that begins like this as a formula. One that splits lines at another
# sign than we do sees cells begin inside of ours.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # the wide ones as well
_SEPARATORS = ";,\t\r\n"
_FORMULA = re.compile(f"^(?=[{_SIGNS}\t\r])|(?<=[{_SEPARATORS}])(?=[{_SIGNS}])")
_PIECE = re.compile(f"[^{_SEPARATORS}]*")


def write_csv(path: Path, rows: Rows) -> None:
    """Write a line of titles and the rows."""
    _write(path, rows, "utf-8", ",")


def write_csv_for_excel(path: Path, rows: Rows, separator: str) -> None:
    """Write the same with the mark without which Excel takes the letters for another alphabet.

    Excel splits lines at the list `separator` of the person's locale, and at nothing else.
    """
    _write(path, rows, "utf-8-sig", separator)


def harmless(text: str | None) -> str:
    """Return the cell so that no spreadsheet runs it or a part; a negative number is no formula."""
    return _FORMULA.sub(_mark, text) if text else ""


def _mark(formula: re.Match[str]) -> str:
    piece = _PIECE.match(formula.string, formula.end())
    return "" if piece and is_number(piece[0]) else "'"


def _write(path: Path, rows: Rows, encoding: str, separator: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(harmless(column.title) for column in rows.columns)
        for batch in rows.texts():
            writer.writerows(map(harmless, row) for row in batch)
