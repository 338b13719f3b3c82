"""The formats that rows can be written in, as a file dialog offers them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: a key to remember it by, a name for people, and the suffix of its files."""

    key: str
    name: str
    suffix: str


CSV = Format("csv", "CSV", ".csv")
CSV_FOR_EXCEL = Format("csv_excel", "CSV for Excel", ".csv")
JSON = Format("json", "JSON", ".json")
JSON_LINES = Format("jsonl", "JSON Lines", ".jsonl")
MARKDOWN = Format("markdown", "Markdown table", ".md")
EXCEL = Format("xlsx", "Excel workbook", ".xlsx")
PARQUET = Format("parquet", "Parquet", ".parquet")

FORMATS = (CSV, CSV_FOR_EXCEL, JSON, JSON_LINES, MARKDOWN, EXCEL, PARQUET)
