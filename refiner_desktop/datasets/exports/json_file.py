"""Rows written as JSON in UTF-8: contacts as the API sends them, or flat objects by title.

Where all columns are wanted, an object is a contact as in the API reference, section 5.1, without
its empty attributes. Where columns were chosen, it has their titles, numbered where one comes
twice, and every value as the API sent it: `"12"` stays a string and 12 a number; segments are one
string of names; what is missing is null.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from refiner_desktop.datasets.exports.rows import Rows


def write_json(path: Path, rows: Rows) -> None:
    """Write one array, an object a line."""
    with path.open("wb") as file:
        before = b"[\n"
        for batch in _objects(rows):
            file.write(before + b",\n".join(map(msgspec.json.encode, batch)))
            before = b",\n"
        file.write(b"\n]\n" if rows.done else b"[]\n")


def write_json_lines(path: Path, rows: Rows) -> None:
    """Write an object a line and nothing else."""
    encoder = msgspec.json.Encoder()
    with path.open("wb") as file:
        for batch in _objects(rows):
            file.write(encoder.encode_lines(batch))


def _objects(rows: Rows) -> Iterator[list[dict[str, Any]]]:
    if rows.whole:
        yield from rows.contacts()
        return
    titles = rows.unique_titles
    for batch in rows.values():
        yield [dict(zip(titles, values, strict=True)) for values in batch]
