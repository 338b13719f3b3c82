"""How cells are written in the table, so that what is seen can be searched for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellFormat:
    """The words for yes and no, and the formats of days and of times for DuckDB's `strftime`.

    A moment is its day, white space and its time.
    """

    yes: str = "Yes"
    no: str = "No"
    day: str = "%Y-%m-%d"
    time: str = "%H:%M"


INTERNATIONAL = CellFormat()
