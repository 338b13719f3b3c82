"""Rows written as CSV in UTF-8."""

from __future__ import annotations

import csv
from pathlib import Path

from refiner_desktop.datasets.exports.harmless import harmless
from refiner_desktop.datasets.exports.rows import Rows


def write_csv(path: Path, rows: Rows) -> None:
    """Write a line of titles and the rows."""
    _write(path, rows, "utf-8", ",")


def write_csv_for_excel(path: Path, rows: Rows, separator: str) -> None:
    """Write the same with the mark without which Excel takes the letters for another alphabet.

    Excel splits lines at the list `separator` of the person's locale, and at nothing else.
    """
    _write(path, rows, "utf-8-sig", separator)


def _write(path: Path, rows: Rows, encoding: str, separator: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(harmless(column.title) for column in rows.columns)
        for batch in rows.texts():
            writer.writerows(map(harmless, row) for row in batch)
