"""What an expert filter may be made of: a tree of harmless expressions, and nothing else.

The lists name what is allowed; whatever DuckDB learns later stays outside. Left out on purpose is
all that reads anything but the row (subqueries, settings, files, the environment, sequences), that
makes long texts or lists of short ones (repeat, replace, padding, ranges, lists), and whose time
grows faster than the text (edit distances).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from refiner_desktop.datasets.errors import FilterInvalid


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Each of these may build a text as long as all that goes into it.
TEXT_FUNCTIONS = _words("""
    lower upper lcase ucase trim ltrim rtrim left right substring substr split_part
    regexp_extract strip_accents concat || if ifnull nullif greatest least
""")
PATTERN_FUNCTIONS = _words("regexp_matches regexp_full_match regexp_extract")
FUNCTIONS = (
    TEXT_FUNCTIONS
    | PATTERN_FUNCTIONS
    | _words("""
    + - * / // % ~~ !~~ ~~* !~~* ~~~ ^@ mod abs sign round floor ceil ceiling trunc
    sqrt ln log log10 exp pow power isnan isfinite
    contains starts_with ends_with prefix suffix length len strlen position strpos instr
    like_escape ilike_escape not_like_escape not_ilike_escape
    now today get_current_timestamp current_date age date_part datepart date_trunc datetrunc
    date_diff datediff date_sub datesub timezone year month day hour minute second quarter week
    dayofweek dayofyear isodow weekday yearweek dayname monthname last_day epoch epoch_ms
    to_timestamp make_date make_timestamp to_years to_quarters to_months to_weeks to_days to_hours
    to_minutes to_seconds to_milliseconds to_microseconds
""")
)
# What SQL reads as a function although it looks like a column.
MOMENTS = _words("current_date current_timestamp localtimestamp")
_CLASSES = _words("""
    COLUMN_REF CONSTANT COMPARISON CONJUNCTION BETWEEN OPERATOR CASE CAST FUNCTION COLLATE TYPE
""")
_OPERATORS = _words("""
    OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL COMPARE_IN COMPARE_NOT_IN
    OPERATOR_COALESCE OPERATOR_NULLIF OPERATOR_TRY
""")
_TYPES = _words("""
    varchar text string char bpchar boolean bool logical tinyint smallint integer int int1 int2
    int4 int8 int16 int32 int64 short long signed bigint hugeint double float float4 float8 real
    decimal numeric date time timestamp timestamptz datetime interval
""") | {"timestamp with time zone"}
_NO_PLACE = 2**63  # of nodes that the parser made up


@dataclass(slots=True)
class Ingredients:
    """What a tree reads and builds: `columns` as (name, place in bytes), and texts it may make."""

    columns: list[tuple[str, int | None]]
    text_functions: int
    constant_length: int
    has_patterns: bool


def ingredients(tree: Any) -> Ingredients:
    """Look at every node of a parsed expression; places count bytes of the parsed text.

    Raises `FilterInvalid` at the first node that is not allowed, with such a place.
    """
    found = Ingredients([], 0, 0, False)
    for node in _nodes(tree):
        _check(node)
        match node["class"]:
            case "COLUMN_REF":
                found.columns.append((_only_name(node), _place(node)))
            case "CONSTANT":
                found.constant_length += len(str(node))
            case "FUNCTION":
                name = node["function_name"].lower()
                found.text_functions += name in TEXT_FUNCTIONS
                found.has_patterns |= name in PATTERN_FUNCTIONS
            case "CASE" | "OPERATOR":
                found.text_functions += node["type"] in ("CASE_EXPR", "OPERATOR_COALESCE")
    return found


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    # A loop, not a recursion: a chain of a thousand operators is as deep as it is long.
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "class" in node:
                yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _check(node: dict[str, Any]) -> None:
    match node["class"]:
        case "FUNCTION":
            _check_function(node)
        case "TYPE":
            name = _unqualified(node, "type_name")
            if name.lower() not in _TYPES:
                raise _refused(node, f"The type {name} cannot be used in a condition.")
        case "OPERATOR":
            if node["type"] not in _OPERATORS:
                raise _refused(node, "This operator cannot be used in a condition.")
        case "SUBQUERY":
            raise _refused(node, "A condition looks at one row and cannot contain a query.")
        case kind if kind not in _CLASSES:
            raise _refused(node, "This cannot be used in a condition.")


def _check_function(node: dict[str, Any]) -> None:
    name = _unqualified(node, "function_name")
    if name.lower() not in FUNCTIONS:
        raise _refused(node, f"The function {name} cannot be used in a condition.")
    if node.get("filter") or node.get("distinct") or node.get("order_bys", {}).get("orders"):
        raise _refused(node, "A condition looks at one row and cannot count or add up several.")


def _unqualified(node: dict[str, Any], key: str) -> str:
    if node.get("schema") or node.get("catalog"):
        raise _refused(node, "Names with a dot cannot be used in a condition.")
    return str(node[key])


def _only_name(node: dict[str, Any]) -> str:
    names = node["column_names"]
    if len(names) != 1:
        whole = ".".join(names).replace('"', '""')
        raise _refused(node, f'A name that contains a dot is written in quotes: "{whole}".')
    return str(names[0])


def _refused(node: dict[str, Any], sentence: str) -> FilterInvalid:
    return FilterInvalid(sentence, position=_place(node))


def _place(node: dict[str, Any]) -> int | None:
    place = node.get("query_location", _NO_PLACE)
    return place if place < _NO_PLACE else None
