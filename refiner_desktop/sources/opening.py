"""From a path to a table: what kind of file it is, by its name and by its first bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from refiner_desktop.sources.delimited import open_delimited
from refiner_desktop.sources.json_stream import decoded
from refiner_desktop.sources.objects import open_objects
from refiner_desktop.sources.source import Format, NothingToRead, Source, SourceOptions
from refiner_desktop.sources.text import encoding_of, head
from refiner_desktop.sources.workbook import open_workbook

SUFFIXES = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".tab": Format.CSV,
    ".json": Format.JSON,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
    ".xlsx": Format.EXCEL,
    ".xlsm": Format.EXCEL,
    ".xls": Format.EXCEL,
    ".ods": Format.EXCEL,
}
"""Names of files that a person may look for."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

_OPENERS = {
    Format.CSV: open_delimited,
    Format.EXCEL: open_workbook,
    Format.JSON: open_objects,
    Format.JSON_LINES: open_objects,
}


def open_source(path: Path, options: SourceOptions | None = None) -> Source:
    """Look at a file; what `options` leave empty is found out.

    Raises `SourceUnreadable` with a sentence, or `OSError`.
    """
    if path.exists() and not path.is_file():
        what = "a folder. Choose a file in it." if path.is_dir() else "not a file. Choose one."
        raise NothingToRead(f"This is {what}")
    options = options or SourceOptions()
    found = options.format or format_of(path)
    return _OPENERS[found](path, replace(options, format=found))


def format_of(path: Path) -> Format:
    """Return what a file is; workbooks are known by their first bytes, whatever their name."""
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise NothingToRead("The file is empty. Choose another one.")
    if head.startswith(_WORKBOOKS):
        return Format.EXCEL
    by_name = SUFFIXES.get(path.suffix.casefold())
    if by_name in (Format.CSV, Format.JSON_LINES):
        return by_name
    return _text_format_of(path)


def _text_format_of(path: Path) -> Format:
    """Tell the texts apart: of JSON Lines, every line is an object."""
    beginning = head(path, encoding_of(path)).lstrip()
    if not beginning.startswith(("{", "[")):
        return Format.CSV
    first, _, rest = beginning.partition("\n")
    found = _object(first)
    another, alone = rest.lstrip().startswith("{"), not rest.strip()
    is_row = another or (alone and not any(map(_is_table, found.values())))
    return Format.JSON_LINES if found and is_row else Format.JSON


def _object(line: str) -> dict[str, object]:
    """Return the object that a line is, an empty one where it is none."""
    try:
        value = decoded(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _is_table(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)
