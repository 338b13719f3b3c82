"""How large a workbook would be in memory, found out before the library that reads it tries.

It keeps a sheet as one full rectangle, so that a stray cell in a far corner of a small file would
take more memory than there is, and end the application: github.com/tafia/calamine/issues/693.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from refiner_desktop.sources.source import SourceUnreadable

LARGEST = 1024 * 1024 * 1024
"""Bytes of a workbook when unpacked."""

MOST_CELLS = 20_000_000
"""Cells in the rectangle around all that a sheet holds; each takes 32 bytes."""

_TOO_LARGE = "The workbook is too large: save the sheet as CSV."
_TOO_WIDE = "A sheet has a cell far away from the others: delete it, or save the sheet as CSV."
_DAMAGED = "The workbook is damaged: {} counts more than it holds."

_READ_AT_ONCE = 1024 * 1024
_OVERLAP = 32
"""Bytes of a piece that are looked at again with the next one: no reference is longer."""

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Beginning with plain bytes, these are ten times as fast as with a choice of blanks and quotes.
_COLUMNS = re.compile(rb' r="([A-Z]+)')
_ROWS = re.compile(rb' r="[A-Z]*([0-9]+)')
_COUNTS = re.compile(rb'ount="([0-9]+)')
_PLAIN = bytes.maketrans(b"\t\r\n'", b'   "')


def require_fitting(path: Path) -> None:
    """Raise `SourceUnreadable` where a workbook would not fit into memory, or `OSError`."""
    if not zipfile.is_zipfile(path):
        _require(path.stat().st_size <= LARGEST, _TOO_LARGE)
        return
    try:
        with zipfile.ZipFile(path) as workbook:
            parts = workbook.infolist()
            _require(sum(part.file_size for part in parts) <= LARGEST, _TOO_LARGE)
            for part in parts:
                _look_at(workbook, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as exc:
        raise SourceUnreadable(f"The workbook is damaged: {exc}.") from exc


def column_number(letters: bytes) -> int:
    """Return the number of a column: A is 1, Z 26, AA 27."""
    place = 0
    for letter in letters[:8]:
        place = place * 26 + letter - ord("A") + 1
    return place


def _look_at(workbook: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if _SHEET.fullmatch(part.filename):
        with workbook.open(part) as sheet:
            _require(_cells(_pieces(sheet)) <= MOST_CELLS, _TOO_WIDE)
    elif part.filename.endswith(".xml"):
        with workbook.open(part) as lists:
            counts = (found for piece in _pieces(lists) for found in _COUNTS.findall(piece))
            most = max(map(_number, counts), default=0)
        _require(most <= part.file_size, _DAMAGED.format(part.filename))


def _cells(pieces: Iterator[bytes]) -> int:
    """Return how many cells the rectangle around all cells has."""
    columns, last_row = {b""}, 0
    for piece in pieces:
        columns.update(_COLUMNS.findall(piece))
        last_row = max(last_row, max(map(_number, _ROWS.findall(piece)), default=0))
    return last_row * max(map(column_number, columns))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    before = b""
    while read := file.read(_READ_AT_ONCE):
        piece = before + read.translate(_PLAIN)
        yield piece
        before = piece[-_OVERLAP:]


def _number(digits: bytes) -> int:
    return int(digits[:20])


def _require(fits: bool, otherwise: str) -> None:
    if not fits:
        raise SourceUnreadable(otherwise)
