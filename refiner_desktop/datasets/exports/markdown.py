"""How a line of a Markdown table is written."""

from __future__ import annotations

from collections.abc import Iterable

# What would end a cell or a row, or be taken for HTML, a link, a picture or code.
_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "\\|<[]`"} | {"\r": "<br>", "\n": "<br>"})


def table_line(cells: Iterable[str | None]) -> str:
    """Return a row, without the end of its line; line breaks in cells become `<br>`."""
    return f"| {' | '.join(map(_escaped, cells))} |"


def rule_line(columns: int) -> str:
    """Return the line of dashes below the titles."""
    return "|" + " --- |" * columns


def _escaped(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").translate(_ESCAPES)
