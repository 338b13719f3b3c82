"""Conditions on single columns, as people set them in the header of a table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from refiner_desktop.datasets.columns import Kind


class Operator(StrEnum):
    """What a condition asks of a cell; the values are fit to be saved."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    STARTS_WITH = "starts_with"
    MATCHES = "matches"
    GREATER = "greater"
    AT_LEAST = "at_least"
    LESS = "less"
    AT_MOST = "at_most"
    BETWEEN = "between"
    BEFORE = "before"
    AFTER = "after"
    LAST_DAYS = "last_days"
    EMPTY = "empty"
    NOT_EMPTY = "not_empty"


@dataclass(frozen=True, slots=True)
class Condition:
    """One column, what is asked of it, and the values as they were typed.

    - `IS`, `IS_NOT`, `ONE_OF` compare by the column's kind: texts without case and accents, numbers
      as numbers, `true`/`false`/`T`/`F`, dates as moments; a day stands for all its moments. The
      empty value "" stands for empty cells. For segments they ask for membership.
    - `CONTAINS`, `CONTAINS_NOT`, `STARTS_WITH` read any cell as text, without case and accents.
      `MATCHES` finds a regular expression (RE2) anywhere in the text, without case unless it
      begins with `(?-i)`; accents count.
    - `GREATER`, `AT_LEAST`, `LESS`, `AT_MOST` read cells as numbers; `BEFORE`, `AFTER` and
      `LAST_DAYS` (up to now, a number of 24 hours) as dates. `BETWEEN` takes two of either, both
      included, in any order. Cells that cannot be read that way are passed over.

    The negations hold for empty cells too. A day is one where the person is, as cells show it; a
    cell that is a day without a time stays that day everywhere. Times without a zone are UTC.
    """

    key: str
    operator: Operator
    values: tuple[str, ...] = ()


def operators(kind: Kind) -> tuple[Operator, ...]:
    """Return what to offer for a column of this kind, the most wanted first.

    Every other operator works too: a column may turn to text while rows are still coming.
    """
    return (*_BY_KIND[kind], Operator.EMPTY, Operator.NOT_EMPTY)


_EQUALITY = (Operator.IS, Operator.IS_NOT)
_TEXT = (Operator.CONTAINS, Operator.CONTAINS_NOT, Operator.STARTS_WITH, Operator.MATCHES)
_ORDER = (Operator.GREATER, Operator.AT_LEAST, Operator.LESS, Operator.AT_MOST, Operator.BETWEEN)
_BY_KIND: dict[Kind, tuple[Operator, ...]] = {
    "text": (*_EQUALITY, Operator.ONE_OF, *_TEXT),
    "number": (*_EQUALITY, Operator.ONE_OF, *_ORDER, *_TEXT),
    "boolean": _EQUALITY,
    "date": (
        *(Operator.BEFORE, Operator.AFTER, Operator.BETWEEN, Operator.LAST_DAYS),
        *(*_EQUALITY, Operator.ONE_OF),
    ),
}
