"""How much work regular expressions make, and rows in slices that are soon done.

DuckDB looks whether it should stop after every vector of rows, which is soon enough, unless a
pattern with large counts meets long texts: those go to it in slices, down to single rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import duckdb
import numpy as np
from numpy.typing import NDArray

from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.expert import Expert
from refiner_desktop.datasets.fields import Field

ALL_ROWS = "contact"
VECTOR_ROWS = 2_048
"""So many rows DuckDB takes at a time."""

_WORK = 200_000_000  # steps of the slowest way to match; they take about a second
_COUNT = re.compile(r"(.?)\{([0-9]+)?,?([0-9]+)?\}")
_MAX_COUNT = 1_000  # of RE2, nested ones multiplied


@dataclass(frozen=True, slots=True)
class Search:
    """A pattern's size, in steps a character at most, and the field whose texts it meets."""

    field: Field
    size: int


def searches(
    fields: Mapping[str, Field], conditions: Sequence[Condition], expert: Expert | None
) -> list[Search]:
    """Return all searches for patterns that a filter makes in each row."""
    found = [
        Search(fields[condition.key], pattern_size(condition.values[0]))
        for condition in conditions
        if condition.operator is Operator.MATCHES and condition.key in fields and condition.values
    ]
    if expert and expert.has_patterns:
        size = pattern_size(expert.text)
        found += (Search(fields[column.key], size) for column in expert.columns)
    return found


def pattern_size(pattern: str) -> int:
    """Return how many states a pattern may be in at once, rather too many than too few."""
    size, nested = len(pattern), [1]
    for before, least, most in _COUNT.findall(pattern):
        count = min(int(most or least or 1), _MAX_COUNT)
        if before == ")":
            nested.append(count)
        else:
            size += count
    return size * min(prod(nested), _MAX_COUNT)


def slices_of(
    connection: duckdb.DuckDBPyConnection, wanted: Sequence[Search]
) -> Iterator[str] | None:
    """Return what to read, one after the other, in place of all rows at once.

    None where that is soon done or soon stopped.
    """
    if sum(each.size * each.field.profile.longest for each in wanted) * VECTOR_ROWS <= _WORK:
        return None
    work = " + ".join(f"coalesce(strlen({each.field.name}), 0) * {each.size}" for each in wanted)
    found = connection.execute(f"SELECT n, {work} AS work FROM contact ORDER BY n").fetchnumpy()
    return _slices(found["n"], found["work"])


def _slices(ids: NDArray[np.int32], work: NDArray[np.int64]) -> Iterator[str]:
    before = np.cumsum(work) - work
    first = np.flatnonzero(np.diff(before // _WORK, prepend=-1))
    for start, end in pairwise([*first.tolist(), len(ids)]):
        yield f"(SELECT * FROM contact WHERE n BETWEEN {ids[start]} AND {ids[end - 1]})"
