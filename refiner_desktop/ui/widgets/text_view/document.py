"""A text made ready to be shown: formatted, indexed and measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from refiner_desktop.ui.widgets.text_view.changes import Change
from refiner_desktop.ui.widgets.text_view.columns import ColumnIndex, Columns
from refiner_desktop.ui.widgets.text_view.content import Content, Sliceable
from refiner_desktop.ui.widgets.text_view.formatting import attempt
from refiner_desktop.ui.widgets.text_view.hex import PER_LINE, HexColumns, HexLines, HexText
from refiner_desktop.ui.widgets.text_view.lines import LineIndex, Lines
from refiner_desktop.ui.widgets.text_view.matches import Matches
from refiner_desktop.ui.widgets.text_view.quotes import Strings

_LONG_LINE = 1 << 18

Mark = tuple[int, int, int]
"""The number of a match, and from where to where it is marked."""


class Document(Protocol):
    """What a view shows. `strings` is None for a text that is not to be read as JSON.

    What is searched need not be the text that is shown: `marks`, `place_of` and `searched_at`
    translate between both.
    """

    @property
    def data(self) -> Sliceable:
        """The text."""

    @property
    def lines(self) -> LineIndex:
        """Its lines."""

    @property
    def columns(self) -> ColumnIndex:
        """Its columns."""

    @property
    def strings(self) -> Strings | None:
        """Where its strings are."""

    @property
    def note(self) -> str:
        """Why it was not made readable, "" where it was or nobody asked for it."""

    @property
    def searched(self) -> Content:
        """What a search reads."""

    @property
    def wraps(self) -> bool:
        """Whether long lines may be wrapped."""

    @property
    def has_signs(self) -> bool:
        """Whether signs stand beside the lines."""

    @property
    def has_outline(self) -> bool:
        """Whether its lines can be folded."""

    @property
    def highest_number(self) -> int:
        """The number of the last line, 0 if lines have none."""

    def line_number(self, line: int) -> int | None:
        """Return the number that stands beside `line`."""

    def change(self, line: int) -> Change:
        """Return what a comparison says about `line`."""

    def marks(self, matches: Matches, first: int, last: int) -> Iterator[Mark]:
        """Yield what is to be marked in a piece of one line of the text."""

    def place_of(self, found: int) -> int:
        """Return where the text shows something that was found."""

    def searched_at(self, offset: int) -> int:
        """Return which place of what is searched stands at an offset of the text."""


@dataclass(frozen=True, slots=True)
class TextDocument:
    """A text that is shown as it is; `note` says why it was not made readable, if it was not."""

    data: Content
    lines: Lines
    columns: Columns
    strings: Strings | None
    note: str = field(default="", kw_only=True)

    @property
    def wraps(self) -> bool:
        """Always."""
        return True

    @property
    def has_signs(self) -> bool:
        """Whether signs for folding are needed."""
        return self.strings is not None

    @property
    def has_outline(self) -> bool:
        """Whether the text is read as JSON."""
        return self.strings is not None

    @property
    def highest_number(self) -> int:
        """The number of the last line."""
        return len(self.lines)

    def line_number(self, line: int) -> int | None:
        """Count from 1."""
        return line + 1

    def change(self, line: int) -> Change:
        """Compare with nothing."""
        return Change.SAME

    @property
    def searched(self) -> Content:
        """The text itself."""
        return self.data

    def marks(self, matches: Matches, first: int, last: int) -> Iterator[Mark]:
        """Yield the matches that touch a piece."""
        return matches.between(first, last)

    def place_of(self, found: int) -> int:
        """Return the same offset."""
        return found

    def searched_at(self, offset: int) -> int:
        """Return the same offset."""
        return offset


class HexDocument:
    """Bytes that are shown as digits and characters; the bytes are searched, not the digits."""

    strings = None
    note = ""
    wraps = has_signs = has_outline = False
    highest_number = 0

    def __init__(self, source: Content) -> None:
        self.searched = source
        self.data = HexText(source)
        self.lines = HexLines(self.data)
        self.columns = HexColumns(self.lines)

    def line_number(self, line: int) -> int | None:
        """Return none: a line begins with the offset of its bytes."""
        return None

    def change(self, line: int) -> Change:
        """Compare with nothing."""
        return Change.SAME

    def marks(self, matches: Matches, first: int, last: int) -> Iterator[Mark]:
        """Yield each match in a line twice, over its digits and over its characters."""
        begin = self.lines.at(first) * PER_LINE
        for number, start, end in matches.between(begin, begin + PER_LINE):
            start, stop = max(start, begin), min(end, begin + PER_LINE) - 1
            if start <= stop:
                yield number, self.data.digits_at(start), self.data.digits_at(stop) + 2
                yield number, self.data.character_at(start), self.data.character_at(stop) + 1

    def place_of(self, found: int) -> int:
        """Return where the digits of a byte are."""
        return self.data.digits_at(found)

    def searched_at(self, offset: int) -> int:
        """Return the byte whose digits or character stand there."""
        return self.data.byte_at(offset)


def open_document(source: Content, *, json: bool, pretty: bool) -> TextDocument:
    """Index `source`, after making it readable if it is JSON and `pretty` asks for it.

    Takes 0.2 s for 45 MB; needs no Qt and may run in any thread.
    """
    formatted, note = attempt(source) if json and pretty else (None, "")
    data = formatted or source
    lines = Lines(data)
    columns = Columns(lines)
    strings = Strings(lines, columns.longer_than(_LONG_LINE).tolist()) if json else None
    return TextDocument(data, lines, columns, strings, note=note)
