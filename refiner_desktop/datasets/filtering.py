"""One statement for everything a person filters and sorts by."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from refiner_desktop.datasets.cell_format import CellFormat
from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.condition_sql import Folds, condition_term
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import FilterInvalid, Interrupted, OutOfMemory
from refiner_desktop.datasets.expert import Expert
from refiner_desktop.datasets.fields import Field, missing_field
from refiner_desktop.datasets.pattern_work import ALL_ROWS, searches, slices_of
from refiner_desktop.datasets.search import Parameters, fold, order_by, typed, where
from refiner_desktop.datasets.selection import Ids
from refiner_desktop.datasets.sql_names import quoted
from refiner_desktop.datasets.word_search import WordSearch

# No column of the expert filter has a control character in its name.
_ID = quoted("\x1fn")
_VECTOR_ROWS = 2_048
_BYTES_A_CHARACTER = 4
_TEXT_MEMORY = 2 * 2**30


@dataclass(frozen=True, slots=True)
class RowQuery:
    """What to show: fields to search for words, conditions, an expert filter, and sort keys.

    Words are looked for as the `cell_format` writes them.
    """

    sort: Sequence[SortKey]
    words: Sequence[str]
    searched: Sequence[Field]
    conditions: Sequence[Condition]
    expert: Expert | None
    cell_format: CellFormat


def ids_of(
    connection: duckdb.DuckDBPyConnection,
    fields: Mapping[str, Field],
    query: RowQuery,
    stopped: Callable[[], bool],
) -> Ids:
    """Return the ids of the rows in which everything holds, sorted.

    A column that is not here sorts nothing, and to a condition it is empty in every row. Raises
    `FilterInvalid`, `OutOfMemory`, and `Interrupted` once it is `stopped`.
    """
    keys = [(fields[s.key], s.descending) for s in query.sort if s.key in fields]
    try:
        slices = slices_of(connection, searches(fields, query.conditions, query.expert))
        if slices is None:
            return _ids(connection, fields, query, ALL_ROWS, order_by(keys))
        found = [np.empty(0, dtype=np.int32)]
        for some_rows in slices:
            if stopped():
                raise Interrupted("stopped")
            found.append(_ids(connection, fields, query, some_rows, order_by([])))
        ids: Ids = np.concatenate(found)
        return _sorted(connection, ids, order_by(keys)) if keys else ids
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error as exc:
        # The rest of the statement is ours: only the expert filter can be spoilt by a cell.
        if query.expert is None:
            raise
        raise FilterInvalid(_sentence(exc)) from exc


def _ids(
    connection: duckdb.DuckDBPyConnection,
    fields: Mapping[str, Field],
    query: RowQuery,
    rows: str,
    order: str,
) -> Ids:
    parameters = Parameters()
    terms = _terms(connection, fields, query, parameters, rows)
    statement = f"SELECT n FROM {rows} {where(terms)} {order}"
    found: Ids = connection.execute(statement, parameters).fetchnumpy()["n"]
    return found


def _sorted(connection: duckdb.DuckDBPyConnection, ids: Ids, order: str) -> Ids:
    connection.register("found", {"id": ids})
    try:
        statement = f"SELECT n FROM contact SEMI JOIN found ON n = id {order}"
        found: Ids = connection.execute(statement).fetchnumpy()["n"]
    finally:
        connection.unregister("found")
    return found


def _terms(
    connection: duckdb.DuckDBPyConnection,
    fields: Mapping[str, Field],
    query: RowQuery,
    parameters: Parameters,
    rows: str,
) -> list[str]:
    def folds(texts: Sequence[str]) -> list[str]:
        return fold(connection, texts)

    word_search = WordSearch(connection, query.cell_format, parameters.bind)
    terms = [word_search.has_word(query.searched, word) for word in folds(query.words)]
    for condition in query.conditions:
        if condition.operator is Operator.MATCHES:
            _check_pattern(connection, condition)
        terms.append(_condition(fields, condition, parameters, folds))
    if query.expert:
        _check_memory(connection, fields, query.expert)
        terms.append(_expert_term(fields, query.expert, rows))
    return terms


def _condition(
    fields: Mapping[str, Field], condition: Condition, parameters: Parameters, folds: Folds
) -> str:
    field = fields.get(condition.key) or missing_field(condition.key)
    return condition_term(field, condition, parameters.bind, folds)


def _check_pattern(connection: duckdb.DuckDBPyConnection, condition: Condition) -> None:
    try:
        connection.execute("SELECT regexp_matches('', $1, 'i')", list(condition.values)).fetchall()
    except duckdb.InvalidInputException as exc:
        raise FilterInvalid(
            f"The regular expression cannot be used: {_sentence(exc)}", key=condition.key
        ) from exc


def _sentence(exc: duckdb.Error) -> str:
    """Return what DuckDB says, without the error's class and without advice for programmers."""
    return str(exc).partition(": ")[2].partition("\n")[0].rstrip(".") + "."


def _expert_term(fields: Mapping[str, Field], expert: Expert, rows: str) -> str:
    # The names are a person's, so they live in a query of their own, where none of ours are.
    named = [f"{typed(fields[c.key])} AS {quoted(c.name)}" for c in expert.columns]
    source = f"SELECT {', '.join([f'n AS {_ID}', *named])} FROM {rows}"
    return f"n IN (SELECT {_ID} FROM ({source}) WHERE (\n{expert.text}\n))"


def _check_memory(
    connection: duckdb.DuckDBPyConnection, fields: Mapping[str, Field], expert: Expert
) -> None:
    """Raise `OutOfMemory` before DuckDB builds texts: it counts those in no limit of its own."""
    rows = _VECTOR_ROWS * (os.cpu_count() or 1)
    constants = expert.constant_length * rows
    names = [fields[column.key] for column in expert.columns]
    longest = sum(field.profile.longest for field in names) * rows * _BYTES_A_CHARACTER
    if _fits(expert, constants + longest):
        return
    # One long text makes no column of long texts: only now it is worth a look at all of them.
    sizes = ", ".join(f"sum(strlen({field.name}))" for field in names) or "0"
    found = connection.execute(f"SELECT {sizes} FROM contact").fetchone() or ()
    if not _fits(expert, constants + sum(size or 0 for size in found)):
        raise OutOfMemory("the condition builds more text than there is memory for")


def _fits(expert: Expert, size: int) -> bool:
    return expert.references * size * expert.text_functions <= _TEXT_MEMORY
