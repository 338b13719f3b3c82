"""Contacts as text for the clipboard, in the layouts that other programs take."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.datasets.exports.harmless import harmless
from refiner_desktop.datasets.exports.markdown import rule_line, table_line
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.tabs.contacts.contact_text import cell_of
from refiner_desktop.ui.tabs.contacts.selected_contacts import chunks_of, contacts_of
from refiner_desktop.ui.widgets.grid.selected_rows import (
    LARGEST_COPY,
    Cell,
    SelectedRows,
    in_one_cell,
)

if TYPE_CHECKING:
    from refiner_desktop.services.contacts.contacts import ContactsService

Contacts = Sequence[dict[str, Any]]

INDENT = 2


class TooMuchToCopy(Exception):
    """The rows make a longer text than a clipboard should hold."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to write contacts: the texts around them, between them, and of each of them."""

    name: str
    begin: Callable[[Sequence[Column]], str]
    row: Callable[[dict[str, Any], Sequence[Column]], str]
    between: str = "\n"
    end: str = ""

    def rows(self, contacts: Contacts, columns: Sequence[Column]) -> str:
        """Return several contacts."""
        return self.between.join(self.row(contact, columns) for contact in contacts)


@dataclass(frozen=True, slots=True)
class Copied:
    """A text for the clipboard, and how many contacts it holds."""

    text: str
    count: int


async def copy_of(contacts: ContactsService, rows: SelectedRows, layout: Layout) -> Copied:
    """Return the rows as text, written in threads however many they are.

    Cells hold what was loaded, not how the table writes it. Raises `TooMuchToCopy`, and `RowGone`
    when none of the rows is left.
    """
    if layout is JSON and len(rows) == 1:
        return Copied(await asyncio.to_thread(_readable, (await contacts_of(rows, contacts))[0]), 1)
    parts, size, count = [], 0, 0
    async for chunk in chunks_of(rows, contacts):
        if chunk:
            parts.append(await asyncio.to_thread(layout.rows, chunk, rows.columns))
            size, count = size + len(parts[-1]), count + len(chunk)
        if size > LARGEST_COPY:
            raise TooMuchToCopy(
                f"{number(count)} of {number(len(rows))} rows are {number(size)} characters"
            )
    if not count:
        raise RowGone("the selected rows are gone")
    body = await asyncio.to_thread(layout.between.join, parts)
    return Copied(f"{layout.begin(rows.columns)}{body}{layout.end}", count)


async def cell_text(contacts: ContactsService, rows: SelectedRows, cell: Cell) -> str:
    """Return one cell as it was loaded, whole. Raises `RowGone`."""
    found = await contacts.contacts_at(rows.order, [cell.place])
    if not found:
        raise RowGone("the row of the cell is gone")
    return cell_of(found[0], cell.column.key)


def _cells(contact: dict[str, Any], columns: Sequence[Column]) -> list[str]:
    return [cell_of(contact, column.key) for column in columns]


def _tabs(contact: dict[str, Any], columns: Sequence[Column]) -> str:
    cells = (in_one_cell(cell) for cell in _cells(contact, columns))
    return "\t".join(map(harmless, cells))  # this is what a spreadsheet is given


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(map(harmless, cells))
    return line.getvalue().removesuffix("\r\n")


def _titles(columns: Sequence[Column]) -> list[str]:
    return [column.title for column in columns]


def _readable(contact: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(contact), indent=INDENT).decode()


TABS = Layout("tab-separated text", lambda _columns: "", _tabs)
CSV = Layout(
    "CSV",
    lambda columns: f"{_csv_line(_titles(columns))}\n",
    lambda contact, columns: _csv_line(_cells(contact, columns)),
    end="\n",
)
MARKDOWN = Layout(
    "Markdown",
    lambda columns: f"{table_line(_titles(columns))}\n{rule_line(len(columns))}\n",
    lambda contact, columns: table_line(_cells(contact, columns)),
    end="\n",
)
JSON = Layout(
    "JSON",
    lambda _columns: "[\n",
    lambda contact, _columns: msgspec.json.encode(contact).decode(),
    between=",\n",
    end="\n]\n",
)
