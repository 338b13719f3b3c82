"""Rows written as a Markdown table in UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from refiner_desktop.datasets.exports.rows import Rows

# What would end a cell or a row, or be taken for HTML.
_ESCAPES = str.maketrans({"\\": r"\\", "|": r"\|", "<": r"\<", "\r": "<br>", "\n": "<br>"})


def write_markdown(path: Path, rows: Rows) -> None:
    """Write the titles, a line of dashes and the rows; line breaks in cells become `<br>`."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_line(column.title for column in rows.columns))
        file.write("|" + " --- |" * len(rows.columns) + "\n")
        for batch in rows.texts():
            file.writelines(map(_line, batch))


def _line(cells: Iterable[str | None]) -> str:
    return "| " + " | ".join(map(_escaped, cells)) + " |\n"


def _escaped(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").translate(_ESCAPES)
