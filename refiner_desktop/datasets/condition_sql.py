"""The SQL of conditions on columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.datasets.fields import SEGMENTS, Field
from refiner_desktop.datasets.search import Bind, folded, moment, number, typed
from refiner_desktop.datasets.values import (
    has_long_digits,
    is_number,
    parse_boolean,
    parse_date,
    parse_iso_date,
)

Folds = Callable[[Sequence[str]], list[str]]
"""Takes case and accents off some texts."""


def condition_term(field: Field, condition: Condition, bind: Bind, folds: Folds) -> str:
    """Return the condition as an SQL expression, whose NULL means that it does not hold.

    Raises `FilterInvalid` for values that are missing or cannot be read.
    """
    values = condition.values
    wanted = _VALUES.get(condition.operator, 1)
    if wanted is not None and len(values) != wanted:
        raise FilterInvalid(
            f"The condition needs {wanted} values, not {len(values)}.", key=condition.key
        )
    match condition.operator:
        case Operator.EMPTY:
            return _is_empty(field)
        case Operator.NOT_EMPTY:
            return _negated(_is_empty(field))
        case Operator.IS | Operator.ONE_OF:
            return _one_of(field, values, bind, folds)
        case Operator.IS_NOT:
            return _negated(_one_of(field, values, bind, folds))
        case Operator.BETWEEN:
            return _between(field, values, bind)
    return _of_one_value(field, condition.operator, values[0], bind, folds)


# How many values an operator takes, where it is not one; None for any number.
_VALUES = {Operator.EMPTY: 0, Operator.NOT_EMPTY: 0, Operator.BETWEEN: 2, Operator.ONE_OF: None}

_COMPARISONS = {
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
}


def _of_one_value(field: Field, operator: Operator, value: str, bind: Bind, folds: Folds) -> str:
    match operator:
        case Operator.CONTAINS:
            return f"contains({folded(field)}, {bind(*folds([value]))})"
        case Operator.CONTAINS_NOT:
            return _negated(f"contains({folded(field)}, {bind(*folds([value]))})")
        case Operator.STARTS_WITH:
            return f"starts_with({folded(field)}, {bind(*folds([value]))})"
        case Operator.MATCHES:
            return f"regexp_matches({field.name}, {bind(value)}, 'i')"
        case Operator.BEFORE | Operator.AFTER | Operator.LAST_DAYS:
            return _in_time(field, operator, value, bind)
        case _:
            sign = _COMPARISONS[operator]
            return f"{number(field)} {sign} {bind(_number(field, value))}"


def _is_empty(field: Field) -> str:
    return f"coalesce({field.name}, '') = ''"


def _negated(term: str) -> str:
    return f"NOT coalesce({term}, false)"


def _one_of(field: Field, values: Sequence[str], bind: Bind, folds: Folds) -> str:
    filled = [value for value in values if value]
    terms = [_equals(field, filled, bind, folds)] if filled else []
    if len(filled) < len(values):
        terms.append(_is_empty(field))
    return " OR ".join(terms) or "false"


def _equals(field: Field, values: Sequence[str], bind: Bind, folds: Folds) -> str:
    if field.path == SEGMENTS:
        # The cell lists the names; between the commas each of them stands whole.
        listed = f"', ' || {folded(field)} || ', '"
        names = (bind(f", {name}, ") for name in folds(values))
        return " OR ".join(f"contains({listed}, {name})" for name in names)
    match field.profile.kind:
        case "number":
            return _same_number(field, values, bind)
        case "boolean":
            wanted = bind([_boolean(field, value) for value in values])
            return f"list_contains({wanted}::BOOLEAN[], {typed(field)})"
        case "date":
            spans = [_span(field, value) for value in values]
            return " OR ".join(_within(field, start, end, bind) for start, end in spans)
        case "text":
            return f"list_contains({bind(folds(values))}::VARCHAR[], {folded(field)})"


def _same_number(field: Field, values: Sequence[str], bind: Bind) -> str:
    # Two long ids may be one double, so their digits decide.
    long = [value for value in values if is_number(value) and has_long_digits(value)]
    short = [_number(field, value) for value in values if value not in long]
    by_digits = f"list_contains({bind(long)}::VARCHAR[], {field.name})"
    return f"list_contains({bind(short)}::DOUBLE[], {number(field)}) OR {by_digits}"


def _between(field: Field, values: Sequence[str], bind: Bind) -> str:
    if field.profile.kind == "date" or all(map(parse_iso_date, values)):
        first, last = sorted(_span(field, value) for value in values)
        return _within(field, first[0], last[1], bind)
    low, high = sorted(_number(field, value) for value in values)
    return f"{number(field)} BETWEEN {bind(low)} AND {bind(high)}"


def _in_time(field: Field, operator: Operator, value: str, bind: Bind) -> str:
    if operator is Operator.LAST_DAYS:
        now = datetime.now(UTC)
        return _within(field, _days_before(field, now, value), _next(now), bind)
    start, end = _span(field, value)
    if operator is Operator.BEFORE:
        return f"{moment(field)} < {_bound(start, bind)}"
    return f"{moment(field)} >= {_bound(end, bind)}"


def _within(field: Field, start: datetime, end: datetime, bind: Bind) -> str:
    found = moment(field)
    return f"{found} >= {_bound(start, bind)} AND {found} < {_bound(end, bind)}"


def _bound(at: datetime, bind: Bind) -> str:
    return f"{bind(at.isoformat())}::TIMESTAMPTZ"


def _span(field: Field, value: str) -> tuple[datetime, datetime]:
    """Return the first moment that is meant and the first after: a day is all of it."""
    at = parse_date(value.strip())
    if at is None:
        raise FilterInvalid(
            f"“{value}” is not a date such as 2026-03-04 or 2026-03-04T09:15:00Z.", key=field.key
        )
    if isinstance(at, datetime):
        return at, _next(at)
    start = datetime(at.year, at.month, at.day, tzinfo=UTC)
    return start, _next(start, timedelta(days=1))


def _next(at: datetime, step: timedelta = timedelta(microseconds=1)) -> datetime:
    try:
        return at + step
    except OverflowError:  # at the end of the year 9999
        return at


def _days_before(field: Field, now: datetime, value: str) -> datetime:
    days = _number(field, value)
    if days < 0:
        raise FilterInvalid("The number of days must not be negative.", key=field.key)
    try:
        return now - timedelta(days=days)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _number(field: Field, value: str) -> float:
    try:
        found = float(value.replace("_", " "))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise FilterInvalid(f"“{value}” is not a number.", key=field.key)
    return found


def _boolean(field: Field, value: str) -> bool:
    found = parse_boolean(value)
    if found is None:
        raise FilterInvalid(f"“{value}” is neither true nor false.", key=field.key)
    return found
