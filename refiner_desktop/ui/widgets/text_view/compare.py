"""Two texts side by side: the same lines beside each other, the others marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from refiner_desktop.ui.widgets.text_view.alignment import Run, aligned, line_keys
from refiner_desktop.ui.widgets.text_view.changes import Change
from refiner_desktop.ui.widgets.text_view.columns import Columns
from refiner_desktop.ui.widgets.text_view.content import Content
from refiner_desktop.ui.widgets.text_view.document import TextDocument
from refiner_desktop.ui.widgets.text_view.formatting import pretty
from refiner_desktop.ui.widgets.text_view.lines import Lines
from refiner_desktop.ui.widgets.text_view.quotes import Strings

_SECONDS = 3.0
_LONG_LINE = 1 << 18


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ComparedDocument(TextDocument):
    """One side of a comparison: blank lines keep it level with the other side.

    `changes` and `numbers` have one entry for each line, as `Change` and as the number that the
    line has in its own text, 0 for none.
    """

    changes: npt.NDArray[np.uint8]
    numbers: npt.NDArray[np.int64]

    @property
    def wraps(self) -> bool:
        """Never, or one side would need more rows than the other."""
        return False

    @property
    def has_signs(self) -> bool:
        """Always: they tell what the colours do."""
        return True

    @property
    def has_outline(self) -> bool:
        """Never: both sides would have to be folded alike."""
        return False

    @property
    def highest_number(self) -> int:
        """The number of the last line of the own text."""
        return int(self.numbers.max(initial=0))

    def line_number(self, line: int) -> int | None:
        """Return the number in the own text."""
        return int(self.numbers[line]) or None

    def change(self, line: int) -> Change:
        """Return how a line differs."""
        return Change(int(self.changes[line]))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, and the lines at which a difference begins.

    `is_complete` is false if time ran out: then lines may be marked that are the same.
    """

    left: ComparedDocument
    right: ComparedDocument
    differences: list[int]
    is_complete: bool


class _Part(NamedTuple):
    """Lines of one side, and how many the other side has beside them."""

    first: int
    end: int
    beside: int
    same: bool


class _Span(NamedTuple):
    """Lines of both sides that stand beside each other, the ends excluded."""

    left: int
    left_end: int
    right: int
    right_end: int
    same: bool

    @property
    def on_left(self) -> _Part:
        """What the left side shows."""
        return _Part(self.left, self.left_end, self.right_end - self.right, self.same)

    @property
    def on_right(self) -> _Part:
        """What the right side shows."""
        return _Part(self.right, self.right_end, self.left_end - self.left, self.same)


def compare(
    left: Content,
    right: Content,
    *,
    json: bool = True,
    seconds: float = _SECONDS,
    cancelled: Callable[[], bool] = _never,
) -> Comparison:
    """Compare two texts line by line, JSON in its readable form.

    The search for what belongs together takes `seconds` at most; needs no Qt and may run in any
    thread.
    """
    one, other = (_whole_lines(data, json=json) for data in (left, right))
    keys, other_keys = (line_keys(text, but_commas=json) for text in (one, other))
    end = monotonic() + seconds
    late = list[bool]()

    def stopped() -> bool:
        if cancelled() or monotonic() > end:
            late.append(True)
        return bool(late)

    runs = aligned(keys, other_keys, stopped)
    spans = list(_spans(runs, len(keys), len(other_keys)))
    return Comparison(
        _side(one, [span.on_left for span in spans], json=json),
        _side(other, [span.on_right for span in spans], json=json),
        _differences(spans),
        is_complete=not late,
    )


def _whole_lines(data: Content, *, json: bool) -> bytes:
    """Return the text with a line end behind every line."""
    text = bytes((pretty(data) if json else None) or data)
    return text if text.endswith(b"\n") or not text else text + b"\n"


def _spans(runs: list[Run], left_end: int, right_end: int) -> Iterator[_Span]:
    """Fill up what stands between runs of the same lines."""
    left = right = 0
    for run in [*runs, Run(left_end, right_end, 0)]:
        if run.left > left or run.right > right:
            yield _Span(left, run.left, right, run.right, same=False)
        left, right = run.left + run.size, run.right + run.size
        if run.size:
            yield _Span(run.left, left, run.right, right, same=True)


def _differences(spans: list[_Span]) -> list[int]:
    row, rows = 0, list[int]()
    for span in spans:
        if not span.same:
            rows.append(row)
        row += max(span.left_end - span.left, span.right_end - span.right)
    return rows


def _side(data: bytes, parts: list[_Part], *, json: bool) -> ComparedDocument:
    starts = np.append(Lines(data).starts, len(data))
    text, changes, numbers = list[bytes](), [_no_changes(0)], [np.zeros(0, np.int64)]
    for part in parts:
        count = part.end - part.first
        missing = max(part.beside - count, 0)
        text.append(data[starts[part.first] : starts[part.end]] + b"\n" * missing)
        marks = _no_changes(count + missing)
        if not part.same:
            marks[: min(count, part.beside)] = Change.CHANGED
            marks[part.beside : count] = Change.ONLY_HERE
            marks[count:] = Change.MISSING
        changes.append(marks)
        own = np.arange(part.first + 1, part.end + 1)
        numbers += [own, np.zeros(missing, np.int64)]
    shown = b"".join(text).removesuffix(b"\n")
    lines = Lines(shown)
    columns = Columns(lines)
    strings = Strings(lines, columns.longer_than(_LONG_LINE).tolist()) if json else None
    marks, own = np.concatenate(changes), np.concatenate(numbers)
    return ComparedDocument(shown, lines, columns, strings, marks, own)


def _no_changes(count: int) -> npt.NDArray[np.uint8]:
    return np.full(count, Change.SAME, np.uint8)
