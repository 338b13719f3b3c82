"""Rows of names and values as text: to edit many at once, and from what was pasted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from refiner_desktop.services.requests.draft import Row
from refiner_desktop.services.requests.variables import VARIABLE

_OFF = re.compile(r"\s*(?:#|//)\s*")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(rf"\s*(?P<name>{_QUOTED}|[^:]*?)\s*:(?P<value>.*)", re.DOTALL)
_PLAIN_NAME = re.compile(r"""[^\s"#/:](?:[^:\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\s:])?""")
_PLAIN_VALUE = re.compile(r"""(?:[^\s"](?:[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\S)?)?""")
_QUERY = re.compile(r"\??[^\s?=&]+=[^\s]*|\?[^\s]+")


def rows_to_text(rows: Iterable[Row]) -> str:
    """Write a line `name: value` for each row, `#` before those that are switched off.

    What would be misread, such as a line break, stands in quotation marks as in JSON.
    """
    return "".join(f"{_line(row)}\n" for row in rows)


def rows_from_text(text: str) -> tuple[Row, ...]:
    """Read lines as `rows_to_text` writes them, or as `name=value`, or mere names."""
    lines = (line for line in re.split(r"\r\n|\n|\r", text) if line.strip())
    rows = (_row(line) for line in lines)
    return tuple(row for row in rows if row.name or row.value)


def rows_from_query(text: str) -> tuple[Row, ...]:
    """Read a query string, with or without its `?`, or that of a whole address."""
    text = text.strip()
    if "?" in text:
        text = text.partition("?")[2]
    pairs = parse_qsl(text.partition("#")[0], keep_blank_values=True)
    return tuple(Row(name, value) for name, value in pairs)


def pasted_rows(text: str) -> tuple[Row, ...] | None:
    """Return the rows of a query string, an address or several lines; None for a mere value."""
    text = text.strip()
    if "\n" in text and all(re.search("[:=]", line) for line in text.splitlines() if line.strip()):
        return rows_from_text(text)
    if _is_address(text) or _QUERY.fullmatch(text):
        return rows_from_query(text) or None
    return None


def split_query(path: str) -> tuple[str, tuple[Row, ...]]:
    """Return a path without its query, and the query as rows.

    One that is not written in UTF-8 stays in the path: no row can hold it. So does one with a
    variable that is a query of its own.
    """
    without, _, query = path.partition("?")
    if any(VARIABLE.fullmatch(part) for part in query.split("&")):
        return path, ()
    try:
        parse_qsl(query, errors="strict")
    except UnicodeDecodeError:
        return path, ()
    return without, rows_from_query(query)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.query) and not re.search(r"\s", text)


def _line(row: Row) -> str:
    name = row.name if _PLAIN_NAME.fullmatch(row.name) else json.dumps(row.name)
    value = row.value if _PLAIN_VALUE.fullmatch(row.value) else json.dumps(row.value)
    return f"{'' if row.on else '# '}{name}: {value}".rstrip()


def _row(line: str) -> Row:
    off = _OFF.match(line)
    rest = line[off.end() :] if off else line
    if found := _LINE.fullmatch(rest):
        name, value = found["name"], found["value"]
    else:
        name, _, value = rest.partition("=")
    return Row(_unquoted(name.strip()), _unquoted(value.strip()), on=off is None)


def _unquoted(text: str) -> str:
    if len(text) < 2 or not re.fullmatch(_QUOTED, text, re.DOTALL):
        return text
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text
