"""Where the objects and lists of a JSON text begin and end, for texts of any size."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from refiner_desktop.ui.widgets.text_view.content import Content
from refiner_desktop.ui.widgets.text_view.tokens import (
    CLOSE,
    Frame,
    State,
    Tokens,
    advanced,
    read,
)

_BLANKS = re.compile(rb"\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the text: what is open before it, and the fewest brackets open inside."""

    start: int
    end: int
    before: State
    lowest: int


class Structure:
    """Answers what encloses a place, and which bracket belongs to which.

    Only what is open before every block is kept, so an answer takes the time of reading two. Built
    for valid JSON; of any other text it says what its brackets say.
    """

    def __init__(self, data: Content, blocks: Sequence[Block]) -> None:
        self.data = data
        self._blocks = blocks
        self._starts = [block.start for block in blocks]
        self._lowest = np.array([block.lowest for block in blocks], np.int64)

    def frame_at(self, offset: int) -> Frame | None:
        """Return the innermost bracket that is open before `offset`, None outside of all."""
        return self._state_at(offset).frame

    def pair_at(self, offset: int) -> tuple[int, int] | None:
        """Return where the bracket at `offset` and its partner stand, the opening one first."""
        sign = self.data[offset : offset + 1]
        if sign not in {b"[", b"]", b"{", b"}"}:
            return None
        state = self._state_at(offset)
        if state.in_string:
            return None
        if sign in {b"[", b"{"}:
            closer = self._closer(offset, state.depth + 1)
            return None if closer is None else (offset, closer)
        return (state.frame.opener, offset) if state.frame else None

    def member_count(self, opener: int, closer: int) -> int:
        """Return how many members stand between two brackets."""
        frame = self.frame_at(closer)
        if frame is None or frame.opener != opener:
            return 0
        blank = _BLANKS.match(self.data, opener + 1, closer)
        is_empty = blank is not None and blank.end() == closer
        return 0 if is_empty else frame.position + 1

    def _state_at(self, offset: int) -> State:
        if not self._blocks:
            return State()
        block = self._blocks[max(bisect_right(self._starts, offset) - 1, 0)]
        return advanced(block.before, self._tokens(block, offset))

    def _closer(self, opener: int, depth: int) -> int | None:
        """Return where a bracket is closed, after which fewer than `depth` are open."""
        number = bisect_right(self._starts, opener) - 1
        found = self._first_below(number, depth, opener)
        if found is None:
            later = np.flatnonzero(self._lowest[number + 1 :] < depth)
            found = (
                self._first_below(number + 1 + int(later[0]), depth, opener) if len(later) else None
            )
        return found

    def _first_below(self, number: int, depth: int, after: int) -> int | None:
        block = self._blocks[number]
        tokens = self._tokens(block, block.end)
        below = (tokens.depths(block.before.depth) < depth) & (tokens.offsets > after)
        found = np.flatnonzero(below & (tokens.kinds == CLOSE))
        return int(tokens.offsets[found[0]]) if len(found) else None

    def _tokens(self, block: Block, end: int) -> Tokens:
        return read(self.data[block.start : end], block.start, in_string=block.before.in_string)
