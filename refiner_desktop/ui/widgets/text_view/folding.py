"""Which lines open an object or a list, and which lines are hidden while those are folded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.lines import Lines

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_COMMA = ord(",")


@dataclass(frozen=True, slots=True)
class Regions:
    """What can be folded, in order: one of `lines` stays, those below it until `ends` go.

    `openers` and `closers` are the offsets of the brackets around it; `whole` are those whose
    closing line is hidden, too.
    """

    lines: Ints
    ends: Ints
    openers: Ints
    closers: Ints
    whole: Flags

    @classmethod
    def between(cls, lines: Lines, openers: Ints, closers: Ints) -> Regions:
        """Make regions of pairs of brackets, in the order of the opening ones.

        The closing line goes with the rest, unless more stands in it than the bracket. Of several
        brackets that open in one line the outermost counts.
        """
        first, last = (np.searchsorted(lines.starts, of, "right") - 1 for of in (openers, closers))
        apart = last > first
        first, last, openers, closers = (of[apart] for of in (first, last, openers, closers))
        whole = _ends_line(lines, last, closers)
        ends = last + whole
        kept = (ends > first + 1) & (np.diff(first, prepend=-1) > 0)
        return cls(first[kept], ends[kept], openers[kept], closers[kept], whole[kept])

    def __len__(self) -> int:
        return len(self.lines)

    def at(self, line: int) -> int | None:
        """Return the number of the region that `line` opens."""
        number = int(np.searchsorted(self.lines, line))
        return number if number < len(self) and self.lines[number] == line else None

    def around(self, line: int) -> Ints:
        """Return the numbers of the regions that would hide `line`, the outermost first."""
        before = int(np.searchsorted(self.lines, line))
        return np.flatnonzero(self.ends[:before] > line)


def _ends_line(lines: Lines, of: Ints, offsets: Ints) -> Flags:
    """Return whether nothing but a comma follows on what stands at each of `offsets`."""
    rest = lines.ends(of) - offsets - 1
    octets = np.frombuffer(lines.data, np.uint8)
    following = octets[np.minimum(offsets + 1, max(len(octets) - 1, 0))]
    ends: Flags = (rest == 0) | ((rest == 1) & (following == _COMMA))
    return ends


_NOTHING = np.zeros(0, np.int64)
_NO_REGIONS = Regions(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING.astype(np.bool_))


class Folds:
    """Which regions are folded, and what that hides: the numbers of shown lines have no gaps."""

    def __init__(self, regions: Regions | None = None, folded: Flags | None = None) -> None:
        self.regions = regions or _NO_REGIONS
        self._folded = np.zeros(len(self.regions), np.bool_) if folded is None else folded
        starts, ends = self.regions.lines[self._folded] + 1, self.regions.ends[self._folded]
        # Folds inside of folds hide nothing more.
        reach = np.maximum.accumulate(np.concatenate([_NOTHING, [0], ends]))[:-1]
        self._starts, self._ends = starts[starts > reach], ends[starts > reach]
        self._gone = np.cumsum(self._ends - self._starts)
        self._numbers = self._starts - self._gone + self._ends - self._starts

    @property
    def hidden_count(self) -> int:
        """The number of hidden lines."""
        return int(self._gone[-1]) if len(self._gone) else 0

    def is_folded(self, region: int) -> bool:
        """Return whether a region is folded."""
        return bool(self._folded[region])

    def line_of(self, number: int) -> int:
        """Return which line the shown one with this number is."""
        before = int(np.searchsorted(self._numbers, number, side="right"))
        return number + (int(self._gone[before - 1]) if before else 0)

    def number_of(self, line: int) -> int:
        """Return the number of a line that is shown."""
        before = int(np.searchsorted(self._starts, line, side="right"))
        return line - (int(self._gone[before - 1]) if before else 0)

    def numbers_of(self, lines: Ints) -> Ints:
        """Return the numbers of lines that are shown."""
        before = np.searchsorted(self._starts, lines, side="right")
        numbers: Ints = lines - np.concatenate([[0], self._gone])[before]
        return numbers

    def shown(self, lines: Ints) -> Ints:
        """Return those of `lines` that are not hidden."""
        before = np.searchsorted(self._starts, lines, side="right")
        return lines[lines >= np.concatenate([[0], self._ends])[before]]

    def holder(self, line: int) -> int:
        """Return `line` if it is shown, and else the folded line that hides it."""
        before = int(np.searchsorted(self._starts, line, side="right"))
        if before and line < self._ends[before - 1]:
            return int(self._starts[before - 1]) - 1
        return line

    def after(self, line: int) -> int:
        """Return the line that is shown below `line`, which is shown; it may be past the last."""
        region = int(np.searchsorted(self._starts, line + 1))
        if region < len(self._starts) and self._starts[region] == line + 1:
            return int(self._ends[region])
        return line + 1

    def with_folded(self, region: int, folded: bool) -> Folds:
        """Return these with one region folded or not."""
        flags = self._folded.copy()
        flags[region] = folded
        return Folds(self.regions, flags)

    def showing(self, line: int) -> Folds:
        """Return these with all unfolded that hides `line`."""
        flags = self._folded.copy()
        flags[self.regions.around(line)] = False
        return Folds(self.regions, flags)

    def with_all_folded(self) -> Folds:
        """Return these with every region folded but the outermost, if that holds all the others."""
        flags = np.ones(len(self.regions), np.bool_)
        if len(flags) > 1 and self.regions.ends[0] >= self.regions.ends[-1]:
            flags[0] = False
        return Folds(self.regions, flags)

    def with_none_folded(self) -> Folds:
        """Return these with nothing hidden."""
        return Folds(self.regions)
