"""Which lines of two texts belong together, within a bounded time."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from refiner_desktop.ui.widgets.text_view.content import CHUNK

# So many pairs of lines are compared one by one; more are split at lines that occur once.
_MOST_PAIRS = 40_000
_WINDOW = 150
_FIRST_STEP = 1024

Keys = npt.NDArray[np.int64]


class Run(NamedTuple):
    """Lines from `left` and from `right` on that are the same, `size` of each."""

    left: int
    right: int
    size: int


class _Gap(NamedTuple):
    """Lines on both sides that are still to be compared, the ends excluded."""

    left: int
    left_end: int
    right: int
    right_end: int

    @property
    def pairs(self) -> int:
        """How many pairs of lines there are, one from each side."""
        return (self.left_end - self.left) * (self.right_end - self.right)


def line_keys(data: bytes, *, but_commas: bool) -> Keys:
    """Return a number for every line; the same for the same lines of one process.

    With `but_commas` the one at a line's end does not count: JSON gets it with a further member.
    """
    keys, begin = array("q"), 0
    while begin < len(data):
        end = data.find(b"\n", begin + CHUNK) + 1 or len(data)
        chunk = data[begin:end]
        if but_commas:
            chunk = chunk.replace(b",\n", b"\n")
        keys.extend(map(hash, chunk.removesuffix(b"\n").split(b"\n")))
        begin = end
    return np.frombuffer(keys, np.int64) if keys else np.zeros(0, np.int64)


def aligned(left: Keys, right: Keys, stopped: Callable[[], bool]) -> list[Run]:
    """Return the runs of lines that both sides share, in order.

    Lines that occur once on either side are the fixed points, as in a patience diff; what stands
    between them is compared in the same way. Where every line occurs again both sides are walked
    along together. Once `stopped` the rest counts as different.
    """
    runs, gaps = list[Run](), [_Gap(0, len(left), 0, len(right))]
    while gaps and not stopped():
        gap = gaps.pop()
        inner, ends = _trimmed(left, right, gap)
        runs += ends
        if not inner.pairs:
            continue
        if inner.pairs <= _MOST_PAIRS:
            runs += _matched(left, right, inner)
        elif fixed := _fixed_points(left, right, inner):
            runs += fixed
            gaps += _between(inner, fixed)
        else:
            runs += _walked(left, right, inner, stopped)
    return sorted(runs)


def _trimmed(left: Keys, right: Keys, gap: _Gap) -> tuple[_Gap, list[Run]]:
    """Take off what both sides begin and end with."""
    one, other = left[gap.left : gap.left_end], right[gap.right : gap.right_end]
    first = _same_from_start(one, other)
    last = _same_from_start(one[first:][::-1], other[first:][::-1])
    inner = _Gap(gap.left + first, gap.left_end - last, gap.right + first, gap.right_end - last)
    runs = [Run(gap.left, gap.right, first), Run(inner.left_end, inner.right_end, last)]
    return inner, [run for run in runs if run.size]


def _same_from_start(one: Keys, other: Keys) -> int:
    size, begin, step = min(len(one), len(other)), 0, _FIRST_STEP
    while begin < size:
        end = min(begin + step, size)
        different = np.flatnonzero(one[begin:end] != other[begin:end])
        if len(different):
            return begin + int(different[0])
        begin, step = end, 2 * step
    return size


def _matched(left: Keys, right: Keys, gap: _Gap) -> list[Run]:
    """Compare every line with every other."""
    one, other = left[gap.left : gap.left_end], right[gap.right : gap.right_end]
    matcher = SequenceMatcher(None, one.tolist(), other.tolist(), autojunk=False)
    blocks = matcher.get_matching_blocks()
    return [Run(gap.left + i, gap.right + j, size) for i, j, size in blocks if size]


def _walked(left: Keys, right: Keys, gap: _Gap, stopped: Callable[[], bool]) -> list[Run]:
    """Pass over what is the same, and compare the next few lines where something is not."""
    runs = list[Run]()
    while gap.pairs and not stopped():
        ahead = _Gap(
            gap.left,
            min(gap.left + _WINDOW, gap.left_end),
            gap.right,
            min(gap.right + _WINDOW, gap.right_end),
        )
        same = _same_from_start(left[gap.left : gap.left_end], right[gap.right : gap.right_end])
        found = [Run(gap.left, gap.right, same)] if same else _matched(left, right, ahead)
        runs += found
        end = found[-1] if found else Run(ahead.left_end, ahead.right_end, 0)
        gap = gap._replace(left=end.left + end.size, right=end.right + end.size)
    return runs


def _fixed_points(left: Keys, right: Keys, gap: _Gap) -> list[Run]:
    """Return the lines that occur once on both sides, as many as come in one order."""
    keys, places = _single(left[gap.left : gap.left_end])
    other_keys, other_places = _single(right[gap.right : gap.right_end])
    _, in_one, in_other = np.intersect1d(keys, other_keys, assume_unique=True, return_indices=True)
    at_one, at_other = places[in_one], other_places[in_other]
    order = np.argsort(at_one)
    at_one, at_other = at_one[order], at_other[order]
    if len(at_other) and (np.diff(at_other) <= 0).any():
        kept = _longest_rise(at_other.tolist())
        at_one, at_other = at_one[kept], at_other[kept]
    pairs = zip(at_one.tolist(), at_other.tolist(), strict=True)
    return [Run(gap.left + i, gap.right + j, 1) for i, j in pairs]


def _single(keys: Keys) -> tuple[Keys, Keys]:
    """Return the keys that occur once, and where."""
    values, first, counts = np.unique(keys, return_index=True, return_counts=True)
    once = counts == 1
    return values[once], first[once]


def _longest_rise(numbers: list[int]) -> list[int]:
    """Return the indices of a longest rising subsequence."""
    ends, tails, before = list[int](), list[int](), list[int]()
    for index, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(tails[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        tails[length : length + 1] = [index]
    rise, index = list[int](), tails[-1]
    while index >= 0:
        rise.append(index)
        index = before[index]
    return rise[::-1]


def _between(gap: _Gap, runs: list[Run]) -> Iterator[_Gap]:
    left, right = gap.left, gap.right
    for run in [*runs, Run(gap.left_end, gap.right_end, 0)]:
        if run.left > left and run.right > right:
            yield _Gap(left, run.left, right, run.right)
        left, right = run.left + run.size, run.right + run.size
