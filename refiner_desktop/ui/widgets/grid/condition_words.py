"""Conditions in words: the names of the operators, and a whole condition as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refiner_desktop.datasets.columns import Column, Kind
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.values import parse_boolean, parse_iso_date
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.cell_text import one_line, shown

OPERATOR_NAMES = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.ONE_OF: "is one of",
    Operator.CONTAINS: "contains",
    Operator.CONTAINS_NOT: "does not contain",
    Operator.STARTS_WITH: "starts with",
    Operator.MATCHES: "matches the regex",
    Operator.GREATER: "is greater than",
    Operator.AT_LEAST: "is at least",
    Operator.LESS: "is less than",
    Operator.AT_MOST: "is at most",
    Operator.BETWEEN: "is between",
    Operator.BEFORE: "is before",
    Operator.AFTER: "is after",
    Operator.LAST_DAYS: "is in the last … days",
    Operator.EMPTY: "is empty",
    Operator.NOT_EMPTY: "is not empty",
}
"""What an operator is called in a list to choose from."""

# In a sentence some are shorter.
_VERBS = OPERATOR_NAMES | {
    Operator.ONE_OF: "is",
    Operator.MATCHES: "matches",
    Operator.GREATER: ">",
    Operator.AT_LEAST: "≥",
    Operator.LESS: "<",
    Operator.AT_MOST: "≤",
    Operator.BETWEEN: "between",
    Operator.BEFORE: "before",
    Operator.AFTER: "after",
    Operator.LAST_DAYS: "in the last",
}
# The cell lists several segments.
_MEMBERSHIP = {
    Operator.IS: "include",
    Operator.IS_NOT: "do not include",
    Operator.ONE_OF: "include",
    Operator.EMPTY: "are empty",
    Operator.NOT_EMPTY: "are not empty",
}
_MOST_VALUES = 3
_LONGEST_VALUE = 48


def sentence(condition: Condition, column: Column) -> str:
    """Return the condition as a person would say it, such as “seats > 10”."""
    verbs = _VERBS | _MEMBERSHIP if column.key == "segments" else _VERBS
    values = _values(condition.operator, condition.values, column.kind)
    return " ".join(filter(None, (one_line(column.title), verbs[condition.operator], values)))


def column_of(key: str, columns: Mapping[str, Column]) -> Column:
    """Return the column of that key; one that no row has is named by its key."""
    return columns.get(key) or Column(key, key.removeprefix("attributes."))


def _values(operator: Operator, values: Sequence[str], kind: Kind) -> str:
    if operator is Operator.LAST_DAYS:
        days = values[0] if values else ""
        return "day" if days == "1" else f"{days} days"
    if operator is Operator.BETWEEN:
        kind = "date" if all(map(parse_iso_date, values)) else kind
        return " and ".join(_value(value, kind) for value in values)
    if operator in (Operator.BEFORE, Operator.AFTER):
        kind = "date"
    return _either([_value(value, kind) for value in values])


def _either(values: Sequence[str]) -> str:
    more = len(values) - _MOST_VALUES
    named = values[:_MOST_VALUES] if more > 0 else values[:-1]
    last = f"{number(more)} more" if more > 0 else "".join(values[-1:])
    return " or ".join(filter(None, (", ".join(named), last)))


def _value(value: str, kind: Kind) -> str:
    if not value:
        return "empty"
    if kind == "boolean" and parse_boolean(value) is not None:
        return shown(value, kind).lower()
    text = shown(value, kind)
    text = text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"
    # Without quotes one could not tell where such a value begins and ends.
    ambiguous = text != text.strip() or any(mark in text for mark in (", ", " or ", " and "))
    return f"“{text}”" if ambiguous else text
