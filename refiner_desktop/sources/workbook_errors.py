"""Which cells of a sheet hold an error such as #N/A: the library that reads it leaves them empty.

They are in the sheets of .xlsx and .xlsm; what older formats hold in their place is not known.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

from refiner_desktop.sources.source import SourceUnreadable
from refiner_desktop.sources.workbook_size import column_number

Errors = dict[int, list[tuple[int, str]]]
"""By row, column and text of each error; rows and columns are counted from 0, as on the sheet."""

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_READ_AT_ONCE = 1024 * 1024
_CELL = b"<c "
_ERROR = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^>]* t="e"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL
)


def errors_in(path: Path, sheet: str) -> Errors:
    """Return the errors of a sheet. Raises `SourceUnreadable` or `OSError`."""
    if not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as workbook:
            part = _part_of(workbook, sheet)
            if part not in workbook.namelist():
                return {}
            with workbook.open(part) as file:
                return _errors(file)
    except (zipfile.BadZipFile, zlib.error, ET.ParseError) as exc:
        raise SourceUnreadable(f"The workbook is damaged: {exc}.") from exc


def _errors(sheet: IO[bytes]) -> Errors:
    errors: Errors = {}
    for piece in _pieces(sheet):
        for letters, row, text in _ERROR.findall(piece):
            found = errors.setdefault(int(row) - 1, [])
            found.append((column_number(letters) - 1, unescape(text.decode())))
    return errors


def _part_of(workbook: zipfile.ZipFile, sheet: str) -> str:
    """Return where in a workbook a sheet is; nothing where it is not of this kind."""
    if not {_WORKBOOK, _RELATIONS} <= set(workbook.namelist()):
        return ""
    sheets = ET.fromstring(workbook.read(_WORKBOOK)).iterfind(".//{*}sheet")
    ids = {name for each in sheets if each.get("name") == sheet for name in each.attrib.values()}
    for relation in ET.fromstring(workbook.read(_RELATIONS)):
        if relation.get("Id") in ids:
            return posixpath.join("/xl", relation.get("Target", "")).lstrip("/")
    return ""


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the sheet in pieces with whole cells, those without any error left out."""
    before = b""
    while read := file.read(_READ_AT_ONCE):
        piece, mark, rest = (before + read).rpartition(_CELL)
        before = mark + rest
        if b't="e"' in piece:
            yield piece
    yield before
