"""The SQL of conditions on columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.datasets.fields import SEGMENTS, Field
from refiner_desktop.datasets.local_time import day_start, in_utc, wall_clock
from refiner_desktop.datasets.search import (
    SEGMENT_NAMES,
    Bind,
    exact,
    folded,
    is_plain_day,
    moment,
    number,
    typed,
    without_accents,
)
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


_END = datetime.max.replace(tzinfo=UTC)
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
            return _compared(field, _COMPARISONS[operator], value, bind)


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
        return _in_segment(field, folds(values), bind)
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


def _in_segment(field: Field, names: Sequence[str], bind: Bind) -> str:
    if field.profile.commas:  # it takes ten times as long to look into the list itself
        listed = f"list_transform({SEGMENT_NAMES}, lambda name: {without_accents('name')})"
        return f"list_has_any({listed}, {bind(names)}::VARCHAR[])"
    # The cell lists the names; between the commas each of them stands whole.
    listed = f"', ' || {folded(field)} || ', '"
    return " OR ".join(f"contains({listed}, {bind(f', {name}, ')})" for name in names)


def _same_number(field: Field, values: Sequence[str], bind: Bind) -> str:
    # Two long ids may be one double, so their digits decide.
    long = [value for value in values if is_number(value) and has_long_digits(value)]
    short = [_number(field, value) for value in values if value not in long]
    by_digits = f"list_contains({bind(long)}::VARCHAR[], {field.name})"
    return f"list_contains({bind(short)}::DOUBLE[], {number(field)}) OR {by_digits}"


def _compared(field: Field, sign: str, value: str, bind: Bind) -> str:
    found, wanted = number(field), bind(_number(field, value))
    if not (field.profile.long_digits and has_long_digits(value)):
        return f"{found} {sign} {wanted}"
    by_digits = f"{exact(field.name)} {sign} {exact(bind(value) + '::VARCHAR')}"
    return f"CASE WHEN {found} = {wanted} THEN {by_digits} ELSE {found} {sign} {wanted} END"


def _between(field: Field, values: Sequence[str], bind: Bind) -> str:
    if field.profile.kind == "date" or all(map(parse_iso_date, values)):
        first, last = sorted(_span(field, value) for value in values)
        return _within(field, first[0], last[1], bind)
    low, high = sorted(values, key=lambda value: _number(field, value))
    return f"{_compared(field, '>=', low, bind)} AND {_compared(field, '<=', high, bind)}"


def _in_time(field: Field, operator: Operator, value: str, bind: Bind) -> str:
    if operator is Operator.LAST_DAYS:
        now = datetime.now(UTC)
        return _within(field, _days_before(field, now, value), _next(now), bind)
    start, end = _span(field, value)
    if operator is Operator.BEFORE:
        return f"NOT {_since(field, start, bind)}"
    return _since(field, end, bind)


def _within(field: Field, start: datetime, end: datetime, bind: Bind) -> str:
    return f"{_since(field, start, bind)} AND NOT {_since(field, end, bind)}"


def _since(field: Field, at: datetime, bind: Bind) -> str:
    """Return the term that a cell is not before a moment; a plain day begins where the person is.

    The database reads plain days as if they began in UTC, so the clock here is compared with them.
    """
    there, here = (bind(each.isoformat()) for each in (in_utc(at), wall_clock(at)))
    bound = f"CASE WHEN {is_plain_day(field)} THEN {here} ELSE {there} END"
    return f"({moment(field)} >= ({bound})::TIMESTAMPTZ)"


def _span(field: Field, value: str) -> tuple[datetime, datetime]:
    """Return the first moment that is meant and the first after: a day is all of it, here."""
    at = parse_date(value.strip())
    if at is None:
        raise FilterInvalid(
            f"“{value}” is not a date such as 2026-03-04 or 2026-03-04T09:15:00Z.", key=field.key
        )
    if isinstance(at, datetime):
        return at, _next(at)
    return day_start(at), day_start(at + timedelta(days=1)) if at < date.max else _END


def _next(at: datetime) -> datetime:
    try:
        return at + timedelta(microseconds=1)
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
