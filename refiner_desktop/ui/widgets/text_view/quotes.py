"""Where the strings of a JSON text begin and end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from refiner_desktop.ui.widgets.text_view.lines import Lines

_BLOCK = 1 << 14


class Strings:
    """Says where in a text a string is open, without reading a long line from its start each time.

    A string never goes on in the next line. `long_lines` are read now, others when asked for.
    """

    def __init__(self, lines: Lines, long_lines: Iterable[int] = ()) -> None:
        self._lines = lines
        self._marks: dict[int, list[tuple[int, bool]]] = {}
        for line in long_lines:
            self._marks_in(line)

    def open_at(self, offset: int) -> bool:
        """Return whether `offset` stands inside a string."""
        line = self._lines.at(offset)
        begin, is_open = self._lines.start(line), False
        if offset - begin > _BLOCK:
            marks = self._marks_in(line)
            begin, is_open = marks[bisect_right(marks, (offset, False)) - 1]
        return is_open ^ _is_odd(self._lines.data[begin:offset])

    def _marks_in(self, line: int) -> list[tuple[int, bool]]:
        if line not in self._marks:
            start, end = self._lines.start(line), self._lines.end(line)
            self._marks[line] = list(self._scan(start, end))
        return self._marks[line]

    def _scan(self, start: int, end: int) -> Iterator[tuple[int, bool]]:
        is_open = False
        for begin, block in blocks(self._lines.data, start, end, _BLOCK):
            yield begin, is_open
            is_open ^= _is_odd(block)


def blocks(data: bytes, start: int, end: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield pieces of about `size`, never cut between a backslash and what it escapes."""
    while start < end:
        block = data[start : min(start + size, end)]
        backslashes = len(block) - len(block.rstrip(b"\\"))
        if backslashes % 2 and len(block) > 1:
            block = block[:-1]
        yield start, block
        start += len(block)


def without_escapes(block: bytes) -> bytes:
    """Drop escaped quotes and backslashes, so that every quote left begins or ends a string."""
    # The first replacement pairs a run of backslashes from its left, as JSON does.
    return block.replace(b"\\\\", b"").replace(b'\\"', b"")


def _is_odd(block: bytes) -> bool:
    return without_escapes(block).count(b'"') % 2 == 1
