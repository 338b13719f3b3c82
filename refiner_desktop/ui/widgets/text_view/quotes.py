"""Where the strings of a JSON text begin and end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from refiner_desktop.ui.widgets.text_view.lines import Lines
from refiner_desktop.ui.widgets.text_view.tokens import blocks, without_escapes

_BLOCK = 1 << 14


class Strings:
    """Says where in a text a string is open, without reading a long line from its start each time.

    A string never goes on in the next line. `long_lines` are read now, others when asked for.
    """

    def __init__(self, lines: Lines, long_lines: Iterable[int] = ()) -> None:
        self.lines = lines
        self._marks: dict[int, list[tuple[int, bool]]] = {}
        for line in long_lines:
            self._marks_in(line)

    def open_at(self, offset: int) -> bool:
        """Return whether `offset` stands inside a string."""
        line = self.lines.at(offset)
        begin, is_open = self.lines.start(line), False
        if offset - begin > _BLOCK:
            marks = self._marks_in(line)
            begin, is_open = marks[bisect_right(marks, (offset, False)) - 1]
        return is_open ^ _is_odd(self.lines.data[begin:offset])

    def _marks_in(self, line: int) -> list[tuple[int, bool]]:
        if line not in self._marks:
            start, end = self.lines.start(line), self.lines.end(line)
            self._marks[line] = list(self._scan(start, end))
        return self._marks[line]

    def _scan(self, start: int, end: int) -> Iterator[tuple[int, bool]]:
        is_open = False
        for begin, block in blocks(self.lines.data, start, end, _BLOCK):
            yield begin, is_open
            is_open ^= _is_odd(block)


def _is_odd(block: bytes) -> bool:
    return without_escapes(block).count(b'"') % 2 == 1
