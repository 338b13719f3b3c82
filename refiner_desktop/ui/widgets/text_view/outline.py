"""Reads a JSON text once: what encloses what, and what can be folded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from refiner_desktop.ui.widgets.text_view.folding import Flags, Ints, Regions
from refiner_desktop.ui.widgets.text_view.lines import Lines
from refiner_desktop.ui.widgets.text_view.structure import Block, Structure
from refiner_desktop.ui.widgets.text_view.tokens import (
    CLOSE,
    LINE,
    OPEN,
    State,
    Tokens,
    advanced,
    blocks,
    read,
)

_BLOCK = 1 << 15
_MOST_DEPTH = 10_000
_LINE_STEP = 1 << 40


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a text once its brackets were read."""

    structure: Structure
    regions: Regions


class _Edges(NamedTuple):
    """Brackets with a partner in another line, and how many are open where they stand."""

    offsets: Ints
    levels: Ints
    is_opener: Flags


def outline_of(lines: Lines, cancelled: Callable[[], bool] = _never) -> Outline | None:
    """Read the brackets of a text; None if `cancelled`, or if too many are open at once.

    Takes 0.2 s for 45 MB; needs no Qt and may run in any thread.
    """
    state, read_blocks, edges = State(), list[Block](), list[_Edges]()
    for start, block in blocks(lines.data, 0, len(lines.data), _BLOCK):
        if cancelled() or state.depth > _MOST_DEPTH:
            return None
        tokens = read(block, start, in_string=state.in_string)
        depths = tokens.depths(state.depth)
        lowest = int(depths.min(initial=state.depth))
        read_blocks.append(Block(start, start + len(block), state, lowest))
        edges.append(_edges(tokens, depths, state.depth))
        state = advanced(state, tokens)
    openers, closers = _pairs(edges)
    return Outline(Structure(lines.data, read_blocks), Regions.between(lines, openers, closers))


def _edges(tokens: Tokens, depths: Ints, depth: int) -> _Edges:
    """Return the brackets that have no partner in their line, as far as this block tells."""
    # Steps as high as this keep the running lowest depth inside a line.
    steps = np.cumsum(tokens.kinds == LINE, dtype=np.int64) * _LINE_STEP
    rising, falling = depths + steps, depths - steps
    later = np.minimum.accumulate(rising[::-1])[::-1]
    earlier = np.minimum.accumulate(np.concatenate([[depth], falling]))[:-1]
    is_opener = (tokens.kinds == OPEN) & (rising == later)
    is_closer = (tokens.kinds == CLOSE) & (falling < earlier)
    kept = is_opener | is_closer
    levels = depths + is_closer
    return _Edges(tokens.offsets[kept], levels[kept], is_opener[kept])


def _pairs(edges: list[_Edges]) -> tuple[Ints, Ints]:
    """Return the offsets of brackets that belong together, in the order of the opening ones."""
    nothing = _Edges(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_))
    columns = zip(nothing, *edges, strict=True)
    offsets, levels, is_opener = (np.concatenate(column) for column in columns)
    order = np.argsort(levels, kind="stable")
    # On one level an opening bracket is followed by the one that closes it.
    before, after = order[:-1], order[1:]
    paired = is_opener[before] & ~is_opener[after] & (levels[before] == levels[after])
    openers, closers = offsets[before[paired]], offsets[after[paired]]
    by_place = np.argsort(openers)
    return openers[by_place], closers[by_place]
