"""JSON and JSON Lines: every object is a row, and what is nested in it becomes columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from refiner_desktop.sources.json_stream import Decimal, decoded, listed
from refiner_desktop.sources.shaping import named_columns
from refiner_desktop.sources.source import (
    Format,
    Row,
    Source,
    SourceOptions,
    SourceUnreadable,
)
from refiner_desktop.sources.text import encoding_of, lines

READ_WHOLE = 64 * 1024 * 1024
"""Bytes: the columns of a file up to this size are those of all its objects."""

LOOKED_AT = 100_000
"""Objects that the columns of a larger file are taken from."""

DEEPEST = 8
"""Levels of nesting that become columns; what is deeper stays JSON."""

NO_OBJECT = "This is not a JSON object."
HALF = "half a character, such as “\\ud800”"
"""Which only an escape in JSON can make; no text that is sent may have it."""


Place = tuple[str, ...]
"""The names that lead from an object to a value in it."""


@dataclass(frozen=True, slots=True)
class ObjectSource(Source):
    """A file of JSON objects. Missing values and null are empty cells, lists are JSON texts.

    `places` are where in an object the values of each column are.
    """

    places: tuple[Place, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Yield every row. Raises `SourceUnreadable` or `OSError`."""
        for number, (line, value) in enumerate(_values(self.path, self.options), start=1):
            yield Row(number, line, *self._read(value))

    def _read(self, value: object) -> tuple[tuple[str, ...], str]:
        """Return the cells of an object, and why they can't be used."""
        if not isinstance(value, dict):
            return ("",) * len(self.places), NO_OBJECT
        found = _cells_of(value)
        cells = tuple(found.get(place, "") for place in self.places)
        problem = f"This row holds {HALF}." if _is_broken("".join(cells)) else ""
        if unknown := found.keys() - self.places:
            name = _name(min(unknown))
            problem = f"“{name}” is none of the columns, which the first objects name."
        return (tuple(map(_mended, cells)), _mended(problem)) if problem else (cells, "")


def open_objects(path: Path, options: SourceOptions) -> ObjectSource:
    """Look at the objects of a file. Raises `SourceUnreadable` or `OSError`."""
    options = replace(
        options, encoding=options.encoding or encoding_of(path), delimiter="", sheet=""
    )
    looked_at = None if path.stat().st_size <= READ_WHOLE else LOOKED_AT
    places: dict[Place, None] = {}
    for _, value in islice(_values(path, options), looked_at):
        if isinstance(value, dict):
            places.update(dict.fromkeys(_cells_of(value)))
    if not places:
        raise SourceUnreadable("The file holds no objects with values.")
    names = [*map(_name, places)]
    if any(map(_is_broken, names)):
        raise SourceUnreadable(f"A name in the file holds {HALF}.")
    source = ObjectSource(path, options, named_columns(names), places=tuple(places))
    return source.sampled(source.rows())


def _cells_of(value: dict[str, object]) -> dict[Place, str]:
    """Return the texts of an object's values: `{"account": {"id": 1}}` has one, in its account."""
    cells: dict[Place, str] = {}
    _spread((), value, cells, DEEPEST)
    return cells


def _spread(above: Place, value: dict[str, object], cells: dict[Place, str], levels: int) -> None:
    for key, each in value.items():
        if isinstance(each, dict) and levels:
            _spread((*above, key), each, cells, levels - 1)
        else:
            cells[*above, key] = _text(each)


def _name(place: Place) -> str:
    return ".".join(place)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return value.text
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _mended(text: str) -> str:
    return text.encode(errors="replace").decode()


def _values(path: Path, options: SourceOptions) -> Iterator[tuple[int, object]]:
    """Yield every value with its line, or with its place in the list that it is in."""
    if options.format is Format.JSON:
        return enumerate(listed(path, options.encoding), start=1)
    texts = enumerate(lines(path, options.encoding), start=1)
    return ((line, _value(text)) for line, text in texts if not text.isspace())


def _value(text: str) -> object:
    """Return the value of a line, None where it can't be read: the next line may be sound."""
    try:
        return decoded(text)
    except (ValueError, RecursionError):
        return None
