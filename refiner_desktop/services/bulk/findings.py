"""What a look at the rows of a file has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What a finding leads to: no run at all, a row that is skipped, or nothing but a warning."""

    STOP = "stop"
    SKIP = "skip"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, in which line of the file and which column.

    A `line` of 0 is the whole file, an empty `column` the whole row. `user` is whom the row is
    about, empty where nobody can tell.
    """

    level: Level
    line: int
    column: str
    text: str
    user: str = ""
