"""Files with what became of a run's rows: a person mends them, and they are read as before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refiner_desktop.sources.source import Column

ADDED = ("line", "state", "status", "reason")
"""The columns behind those that the rows came in."""

# What `harmless` in the exports puts an apostrophe before, so that no spreadsheet runs it.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_MARK = re.compile(f"^'(?=[{_SIGNS}\t\r])|(?<=[;,\t\r\n])'(?=[{_SIGNS}])")


def is_result(columns: Sequence[Column]) -> bool:
    """Tell whether a table is what became of a run's rows."""
    return tuple(column.title for column in columns[-len(ADDED) :]) == ADDED


def restored(text: str) -> str:
    """Return a cell without the apostrophes that made it harmless to a spreadsheet."""
    return _MARK.sub("", text) if "'" in text else text
