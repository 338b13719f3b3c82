"""The brackets, commas and line ends of a JSON text that stand outside of its strings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from refiner_desktop.ui.widgets.text_view.content import Content

OPEN, CLOSE, COMMA, LINE = 1, 2, 3, 4
_QUOTE = 5

_KINDS = np.zeros(256, np.uint8)
for _kind, _signs in ((OPEN, b"[{"), (CLOSE, b"]}"), (COMMA, b","), (LINE, b"\n"), (_QUOTE, b'"')):
    _KINDS[list(_signs)] = _kind
_IS_TOKEN = _KINDS.astype(bool).tobytes()

_STEPS = np.zeros(6, np.int8)
_STEPS[OPEN], _STEPS[CLOSE] = 1, -1


@dataclass(frozen=True, slots=True)
class Tokens:
    """Offsets and kinds of tokens in order; `in_string` says whether the text ends in a string."""

    offsets: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]
    in_string: bool

    def depths(self, before: int) -> npt.NDArray[np.int64]:
        """Return how many brackets are open after each token, if so many are `before` the first."""
        return np.cumsum(_STEPS[self.kinds], dtype=np.int64) + before


def read(block: bytes, start: int, *, in_string: bool) -> Tokens:
    """Return the tokens of `block`, which begins at `start` of a text, inside a string or not.

    No string goes on in the next line: a quote that is missing spoils one line and not the rest.
    """
    block = without_escapes(block)
    at = np.flatnonzero(np.frombuffer(block.translate(_IS_TOKEN), np.bool_))
    kinds = _KINDS[np.frombuffer(block, np.uint8)[at]]
    quotes = np.cumsum(kinds == _QUOTE, dtype=np.int64) + in_string
    is_line = kinds == LINE
    if (quotes[is_line] % 2).any():
        quotes -= np.maximum.accumulate(np.where(is_line, quotes, 0))
    outside = (quotes % 2 == 0) & (kinds != _QUOTE)
    if len(quotes):
        in_string = bool(quotes[-1] % 2)
    return Tokens(at[outside] + start, kinds[outside], in_string)


def blocks(data: Content, start: int, end: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield pieces of about `size`, never cut between a backslash and what it escapes."""
    while start < end:
        block = data[start : min(start + size, end)]
        backslashes = len(block) - len(block.rstrip(b"\\"))
        if backslashes % 2 and len(block) > 1:
            block = block[:-1]
        yield start, block
        start += len(block)


def without_escapes(block: bytes) -> bytes:
    """Blot out escaped quotes and backslashes, so that every quote left begins or ends a string."""
    if b"\\" not in block:
        return block
    # The first replacement pairs a run of backslashes from its left, as JSON does.
    return block.replace(b"\\\\", b"__").replace(b'\\"', b"__")


class Frame(NamedTuple):
    """An open bracket: where it stands, and which of its members comes at some place.

    `member` is where that member begins, blanks included, and `position` counts from 0.
    """

    parent: Frame | None
    opener: int
    member: int
    position: int


class State(NamedTuple):
    """What is open at some place of a text. `frame` is the innermost open bracket."""

    depth: int = 0
    frame: Frame | None = None
    in_string: bool = False


def advanced(state: State, tokens: Tokens) -> State:
    """Return what is open after `tokens`, which follow on `state`."""
    wanted = tokens.kinds != LINE
    tokens = Tokens(tokens.offsets[wanted], tokens.kinds[wanted], tokens.in_string)
    if not len(tokens.kinds):
        return state._replace(in_string=tokens.in_string)
    depths = tokens.depths(state.depth)
    lowest = min(state.depth, int(depths.min()))
    frame = state.frame
    for _ in range(state.depth - lowest):
        frame = frame.parent if frame else None
    # What no later bracket closes: a member of the frame that is left, or of one opened since.
    later = np.minimum.accumulate(depths[::-1])[::-1]
    lasting = (depths == later) & (tokens.kinds != CLOSE)
    frame = _with_members(frame, tokens.offsets[lasting], tokens.kinds[lasting] == OPEN)
    return State(int(depths[-1]), frame, tokens.in_string)


def _with_members(
    frame: Frame | None, offsets: npt.NDArray[np.int64], is_opener: npt.NDArray[np.bool_]
) -> Frame | None:
    openers = np.flatnonzero(is_opener).tolist()
    bounds = [*openers, len(offsets)]
    if frame and bounds[0]:
        frame = frame._replace(
            member=int(offsets[bounds[0] - 1]) + 1, position=frame.position + bounds[0]
        )
    for opener, end in zip(openers, bounds[1:], strict=True):
        member = int(offsets[end - 1]) + 1
        frame = Frame(frame, int(offsets[opener]), member, end - opener - 1)
    return frame
