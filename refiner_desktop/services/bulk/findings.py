"""What a look at the rows of a file has found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from refiner_desktop.masking import Mask

SHOWN = 2_000
SHOWN_ALIKE = 100


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


class FindingList:
    """The first findings of each sort, and how many there are of each level.

    No more than `most` are kept, and of each sort no more than `most_alike`; those that stop the
    run all are.
    """

    def __init__(self, most: int = SHOWN, most_alike: int = SHOWN_ALIKE) -> None:
        self.counts: Counter[Level] = Counter()
        self._most = most
        self._most_alike = most_alike
        self._listed: list[Finding] = []
        self._alike: Counter[tuple[Level, str, str]] = Counter()
        self.nameless: set[int] = set()

    def add(self, finding: Finding, sort: str = "") -> bool:
        """Count a finding, and keep it unless there are many like it; return whether it is kept."""
        self.counts[finding.level] += 1
        alike = finding.level, finding.column, sort
        self._alike[alike] += 1
        few = self._alike[alike] <= self._most_alike and len(self._listed) < self._most
        kept = few or finding.level is Level.STOP
        if kept:
            self._listed.append(finding)
        return kept

    def add_nameless(self, finding: Finding, sort: str) -> None:
        """Add a finding whose user is not at hand any more; `name` is to follow."""
        if self.add(finding, sort):
            self.nameless.add(finding.line)

    def name(self, users: Mapping[int, str], mask: Mask) -> None:
        """Say whom the rows without a name are about."""
        self._listed = [
            replace(each, user=each.user or mask.text(users.get(each.line, "")))
            for each in self._listed
        ]

    def listed(self) -> tuple[Finding, ...]:
        """Return the findings by level, each level in the order of the file."""
        levels = list(Level)
        return tuple(sorted(self._listed, key=lambda each: (levels.index(each.level), each.line)))
