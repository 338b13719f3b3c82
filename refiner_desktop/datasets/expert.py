"""The expert filter: an SQL expression over the columns, checked before it meets a row."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import duckdb
import msgspec

from refiner_desktop.datasets.database import open_database, our_errors
from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.datasets.expert_syntax import MOMENTS, Ingredients, ingredients
from refiner_desktop.datasets.sql_names import SqlName, folded_name, quoted

MAX_LENGTH = 20_000
MAX_DEPTH = 200
_TOO_DEEP = "The condition is nested too deeply."
_PLACES = re.compile(r'"query_location(?:_length)?":[0-9]+,?')
_ALONE = "SELECT\n"
_WRAPPED = "SELECT (\n"
# Values where possible: compared with NULL, DuckDB would not look at a constant at all.
_SAMPLES = {
    "text": "NULL::VARCHAR",
    "number": "1::DOUBLE",
    "boolean": "true",
    "date": "to_timestamp(0)",
}


@dataclass(frozen=True, slots=True)
class Expert:
    """An expression that was found harmless, with the columns it reads.

    Between parentheses of its own `text` is the same expression in any statement. A million rows
    make it build at most `text_functions` texts at a time, each no longer than what it reads in
    `references` places and its own constants together. `has_patterns` says whether it looks for
    regular expressions.
    """

    text: str
    columns: tuple[SqlName, ...]
    references: int
    text_functions: int
    constant_length: int
    has_patterns: bool


class ExpertReader:
    """Reads and checks expert filters in a database of its own, which never holds a row.

    DuckDB's parser makes the tree, our lists say what may stand in it, and what is run later is
    exactly the text that was parsed. May be used from any thread.
    """

    def __init__(self) -> None:
        self._connection = open_database(errors_as_json=True)
        self._lock = threading.Lock()
        self._bare = self._parse(_ALONE, "true")
        words = self._connection.execute(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
        )
        self.reserved = frozenset(word for (word,) in words.fetchall()) | MOMENTS

    def read(self, text: str, names: Mapping[str, SqlName]) -> Expert:
        """Return the checked expression. Raises `FilterInvalid` with a position in the text."""
        with self._lock, our_errors():
            found = self._ingredients(text)
            columns = _resolve(text, found, names)
            self._bind(text, columns)
        return Expert(
            text,
            columns,
            len(found.columns),
            found.text_functions,
            found.constant_length,
            found.has_patterns,
        )

    def close(self) -> None:
        """Give the memory back."""
        with self._lock:
            self._connection.close()

    def _ingredients(self, text: str) -> Ingredients:
        if len(text) > MAX_LENGTH:
            raise FilterInvalid(f"A condition may have {MAX_LENGTH} characters.")
        if _depth(text) > MAX_DEPTH:
            raise FilterInvalid(_TOO_DEEP)
        odd = re.search(r"[\0\ud800-\udfff]", text)
        if odd:
            raise FilterInvalid("This character cannot be used.", position=odd.start())
        alone, wrapped = self._parse(_ALONE, text), self._parse(_WRAPPED, text, "\n)")
        # Comments, semicolons, commas and stray parentheses mean something else once wrapped.
        if _PLACES.sub("", alone) != _PLACES.sub("", wrapped):
            raise FilterInvalid("Only one condition can be used.")
        node = _only_node(alone)
        expressions = node.pop("select_list")
        around = _only_node(self._bare)
        del around["select_list"]
        if len(expressions) != 1 or node != around or expressions[0]["alias"]:
            raise FilterInvalid("Only one condition can be used.")
        try:
            return ingredients(expressions)
        except FilterInvalid as exc:
            raise _moved(exc, text, _ALONE) from None

    def _parse(self, before: str, text: str, after: str = "\n") -> str:
        """Return DuckDB's tree of a statement as JSON."""
        found = self._connection.execute(
            "SELECT json_serialize_sql($1::VARCHAR)", [before + text + after]
        ).fetchone()
        answer = str(found[0]) if found else ""
        if answer.startswith('{"error":true'):
            raise _mistake(msgspec.json.decode(answer), "error_message", text, before)
        return answer

    def _bind(self, text: str, columns: tuple[SqlName, ...]) -> None:
        """Let DuckDB find the types and try the constants, on one row that has no cell of ours."""
        # A list of VALUES, because DuckDB fails to fold some functions of a constant.
        sample = ", ".join(_SAMPLES[column.kind] for column in columns)
        names = ", ".join(quoted(column.name) for column in columns)
        source = f"FROM (VALUES ({sample})) AS sample({names})" if columns else ""
        try:
            tried = self._connection.execute(f"{_WRAPPED}{text}\n) {source}")
            kind = str(tried.description[0][1]) if tried.description else ""
            if kind != "BOOLEAN":
                raise FilterInvalid(f"A condition is true or false for each row, not {kind}.")
            tried.fetchall()
        except duckdb.OutOfRangeException:
            pass  # the sample's fault: another number may have a logarithm
        except (duckdb.InterruptException, duckdb.OutOfMemoryException):
            raise
        except duckdb.Error as exc:
            said = str(exc).partition(": ")[2]
            raise _mistake(msgspec.json.decode(said), "exception_message", text, _WRAPPED) from exc


def _depth(text: str) -> int:
    # DuckDB's parser takes seconds over thousands of open parentheses, and cannot be interrupted.
    return max(accumulate((c == "(") - (c == ")") for c in text), default=0)


def _only_node(parsed: str) -> dict[str, Any]:
    try:
        statements = msgspec.json.decode(parsed)["statements"]
    except RecursionError:
        raise FilterInvalid(_TOO_DEEP) from None
    node = statements[0]["node"]
    if len(statements) != 1 or not isinstance(node.get("select_list"), list):
        raise FilterInvalid("Only one condition can be used.")
    return dict(node)


def _resolve(text: str, found: Ingredients, names: Mapping[str, SqlName]) -> tuple[SqlName, ...]:
    columns = {}
    for written, place in found.columns:
        name = folded_name(written)
        if name in names:
            columns[name] = names[name]
        elif name not in MOMENTS:
            missing = FilterInvalid(f"There is no column {written}.", position=place)
            raise _moved(missing, text, _ALONE)
    return tuple(columns.values())


def _mistake(said: Mapping[str, str], key: str, text: str, before: str) -> FilterInvalid:
    sentence = said[key].partition("\n")[0].rstrip(".")
    if sentence.startswith("Max expression depth"):
        sentence = _TOO_DEEP.rstrip(".")
    place = int(said["position"]) if "position" in said else None
    return _moved(FilterInvalid(f"{sentence}.", position=place), text, before)


def _moved(mistake: FilterInvalid, text: str, before: str) -> FilterInvalid:
    """Return the mistake with a position in the text, no longer in a statement's bytes."""
    position = mistake.position
    if position is not None:
        written = text.encode()[: max(position - len(before), 0)]
        position = len(written.decode(errors="ignore"))
    return FilterInvalid(mistake.sentence, position=position)
