"""Rows written as a Markdown table in UTF-8."""

from __future__ import annotations

from pathlib import Path

from refiner_desktop.datasets.exports.markdown import rule_line, table_line
from refiner_desktop.datasets.exports.rows import Rows


def write_markdown(path: Path, rows: Rows) -> None:
    """Write the titles, a line of dashes and the rows; line breaks in cells become `<br>`."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        titles = table_line(column.title for column in rows.columns)
        file.write(f"{titles}\n{rule_line(len(rows.columns))}\n")
        for batch in rows.texts():
            file.writelines(f"{table_line(cells)}\n" for cells in batch)
