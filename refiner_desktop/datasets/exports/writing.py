"""Rows written in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.datasets.exports import formats
from refiner_desktop.datasets.exports.csv_file import write_csv, write_csv_for_excel
from refiner_desktop.datasets.exports.excel_file import write_excel
from refiner_desktop.datasets.exports.files import replacing
from refiner_desktop.datasets.exports.formats import Format
from refiner_desktop.datasets.exports.json_file import write_json, write_json_lines
from refiner_desktop.datasets.exports.markdown_file import write_markdown
from refiner_desktop.datasets.exports.parquet_file import write_parquet
from refiner_desktop.datasets.exports.rows import Rows

_WRITERS: Mapping[Format, Callable[[Path, Rows], None]] = {
    formats.CSV: write_csv,
    formats.JSON: write_json,
    formats.JSON_LINES: write_json_lines,
    formats.MARKDOWN: write_markdown,
    formats.EXCEL: write_excel,
    formats.PARQUET: write_parquet,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote: rows, and how many cells were too long for the format and were cut."""

    rows: int
    cut_cells: int


def write(file_format: Format, path: Path, rows: Rows, separator: str = ",") -> Written:
    """Write the rows; `path` appears or changes only when all is written.

    `separator` is for CSV for Excel. Raises `Interrupted`, `TooManyRows`, `OSError`, and `RowGone`
    when rows were wanted and none of them is left.
    """
    with replacing(path) as unfinished:
        if file_format is formats.CSV_FOR_EXCEL:
            write_csv_for_excel(unfinished, rows, separator)
        else:
            _WRITERS[file_format](unfinished, rows)
        if len(rows) and not rows.done:
            raise RowGone("the rows to write are gone")
    return Written(rows.done, rows.cut_cells)
