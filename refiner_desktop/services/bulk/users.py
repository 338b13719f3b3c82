"""Which rows of a file are about the same user, in a few bytes a row."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Likeness(StrEnum):
    """What two lines have in common."""

    SAME = "same"
    OTHER_CASE = "other case"
    SAME_EMAIL = "same e-mail"
    """Which only one of them is known by; the other has an id."""
    SHARED_EMAIL = "shared e-mail"
    """Under two ids."""


NO_EMAIL = 0
"""In place of the number of an address."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A line about a user whom an earlier line, `first`, is or may be about."""

    line: int
    first: int
    likeness: Likeness


class Users:
    """The users of the rows, by the user id or, without one, by the e-mail address.

    Keeps three numbers of 64 bits for each: that two users share one is as likely as a broken disk.
    """

    def __init__(self) -> None:
        self._lines = array("q")
        self._exact = array("q")
        self._folded = array("q")
        self._emails = array("q")

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: int, payload: dict[str, object]) -> None:
        """Note whom a line is about."""
        user_id, email = str(payload.get("id", "")), str(payload.get("email", ""))
        # Addresses are the same in any case; ids are not.
        address = hash(email.casefold()) if email else NO_EMAIL
        self._lines.append(line)
        self._exact.append(hash(("id", user_id)) if user_id else address)
        self._folded.append(hash(("id", user_id.casefold())) if user_id else address)
        self._emails.append(address)

    def different(self) -> int:
        """Return how many users there are."""
        return len(self._groups(self._exact).sizes) if self._lines else 0

    def most_rows(self) -> int:
        """Return how many rows the user with the most rows has."""
        return int(self._groups(self._exact).sizes.max()) if self._lines else 0

    def repeats(self) -> Iterator[Repeat]:
        """Yield the lines about a user who came before, in the order of the file."""
        if self._lines:
            repeats = (self._same(), self._alike(), self._shared())
            yield from merge(*repeats, key=lambda repeat: repeat.line)

    def _same(self) -> Iterator[Repeat]:
        groups = self._groups(self._folded)
        for place, first in zip(groups.repeats.tolist(), groups.firsts.tolist(), strict=True):
            same_case = self._exact[place] == self._exact[first]
            likeness = Likeness.SAME if same_case else Likeness.OTHER_CASE
            yield Repeat(self._lines[place], self._lines[first], likeness)

    def _alike(self) -> Iterator[Repeat]:
        """Yield the lines with an address that an earlier line has, only one of them with an id."""
        import numpy as np

        emails = np.frombuffer(self._emails, np.int64)
        by_email = np.frombuffer(self._exact, np.int64) == emails
        by_id = ~by_email & (emails != NO_EMAIL)
        found = [*_later(emails, by_email, by_id), *_later(emails, by_id, by_email)]
        for place, first in sorted(found):
            yield Repeat(self._lines[place], self._lines[first], Likeness.SAME_EMAIL)

    def _shared(self) -> Iterator[Repeat]:
        """Yield the lines with an id and the address of an earlier line with another id."""
        import numpy as np

        emails, ids = np.frombuffer(self._emails, np.int64), np.frombuffer(self._exact, np.int64)
        places = np.flatnonzero((ids != emails) & (emails != NO_EMAIL))
        if not len(places):
            return
        groups = _groups(emails[places])
        for place, first in zip(places[groups.repeats], places[groups.firsts], strict=True):
            if ids[place] != ids[first]:
                yield Repeat(self._lines[place], self._lines[first], Likeness.SHARED_EMAIL)

    def _groups(self, hashes: array[int]) -> _Groups:
        import numpy as np

        return _groups(np.frombuffer(hashes, np.int64))


def _later(
    emails: NDArray[np.int64], these: NDArray[np.bool_], those: NDArray[np.bool_]
) -> Iterator[tuple[int, int]]:
    """Yield each place of `these` behind the first of `those` with the same address, and that."""
    import numpy as np

    addresses, at = np.unique(emails[those], return_index=True)
    if not len(addresses):
        return
    firsts, places = np.flatnonzero(those)[at], np.flatnonzero(these)
    nearest = np.searchsorted(addresses, emails[places]).clip(max=len(addresses) - 1)
    behind = (addresses[nearest] == emails[places]) & (firsts[nearest] < places)
    yield from zip(places[behind].tolist(), firsts[nearest][behind].tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Places that hold the same: sizes, and each place that repeats with the first of its kind."""

    sizes: NDArray[np.intp]
    repeats: NDArray[np.intp]
    firsts: NDArray[np.intp]


def _groups(values: NDArray[np.int64]) -> _Groups:
    import numpy as np

    order = np.argsort(values, kind="stable")
    new = np.append(True, values[order][1:] != values[order][:-1])
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, len(values)))
    firsts = np.repeat(order[starts], sizes)[~new]
    repeats = order[~new]
    by_place = np.argsort(repeats, kind="stable")
    return _Groups(sizes, repeats[by_place], firsts[by_place])
