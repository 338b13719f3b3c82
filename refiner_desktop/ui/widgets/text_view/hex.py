"""Bytes as a text of offsets, hexadecimal digits and characters, made up where it is read."""

from __future__ import annotations

from refiner_desktop.ui.widgets.text_view.columns import Piece
from refiner_desktop.ui.widgets.text_view.content import Content

PER_LINE = 16
_HALF = PER_LINE // 2
_DIGITS = len("00000000  ")
_CHARACTERS = _DIGITS + len("00 " * PER_LINE) + len("  ")
WIDTH = _CHARACTERS + PER_LINE

_PRINTED = bytes(code if 32 <= code < 127 else ord(".") for code in range(256))


class HexText:
    """The text, of which a slice costs as much as it is long.

    A line stands for 16 bytes: the offset of the first, the digits in two groups, the characters.
    """

    def __init__(self, source: Content) -> None:
        self.source = source
        self.line_count = -(-len(source) // PER_LINE) or 1
        self._length = self.line_count * (WIDTH + 1) - 1 - (-len(source) % PER_LINE)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._length)
        if start >= stop:
            return b""
        first = start // (WIDTH + 1)
        last = (stop - 1) // (WIDTH + 1)
        text = b"\n".join(self._line(number) for number in range(first, last + 1)) + b"\n"
        begin = first * (WIDTH + 1)
        return text[start - begin : stop - begin]

    def _line(self, number: int) -> bytes:
        begin = number * PER_LINE
        octets = self.source[begin : begin + PER_LINE]
        digits = f"{octets[:_HALF].hex(' '):24} {octets[_HALF:].hex(' '):23}"
        return f"{begin:08x}  {digits}  ".encode() + octets.translate(_PRINTED)

    def digits_at(self, byte: int) -> int:
        """Return the offset in this text of the two digits of a byte of the source."""
        line, column = divmod(byte, PER_LINE)
        return line * (WIDTH + 1) + _DIGITS + 3 * column + (column >= _HALF)

    def character_at(self, byte: int) -> int:
        """Return the offset in this text of the character of a byte of the source."""
        line, column = divmod(byte, PER_LINE)
        return line * (WIDTH + 1) + _CHARACTERS + column

    def byte_at(self, offset: int) -> int:
        """Return the byte of the source that stands at an offset of this text, or the next one."""
        line, column = divmod(offset, WIDTH + 1)
        if column >= _CHARACTERS:
            inside = column - _CHARACTERS
        else:
            cell = max(column - _DIGITS, 0)
            inside = (cell - (cell > 3 * _HALF)) // 3
        return min(line * PER_LINE + min(inside, PER_LINE - 1), max(len(self.source) - 1, 0))


class HexLines:
    """The lines of a hexadecimal text: all have one width, so nothing is kept of them."""

    def __init__(self, data: HexText) -> None:
        self.data = data

    def __len__(self) -> int:
        return self.data.line_count

    def start(self, line: int) -> int:
        """Return where `line` begins."""
        return line * (WIDTH + 1)

    def end(self, line: int) -> int:
        """Return where `line` ends."""
        return min(self.start(line) + WIDTH, len(self.data))

    def at(self, offset: int) -> int:
        """Return the line that holds `offset`."""
        return min(offset // (WIDTH + 1), len(self) - 1)


class HexColumns:
    """The columns of a hexadecimal text, where every byte of it is a cell."""

    widest = WIDTH

    def __init__(self, lines: HexLines) -> None:
        self.lines = lines

    def width(self, line: int) -> int:
        """Return how many cells `line` takes."""
        return self.lines.end(line) - self.lines.start(line)

    def column_of(self, offset: int) -> int:
        """Return the column in its line of the character at `offset`."""
        return offset - self.lines.start(self.lines.at(offset))

    def offset_at(self, line: int, column: int) -> int:
        """Return the offset of the character of `line` over `column`, or the line's end."""
        return min(self.lines.start(line) + column, self.lines.end(line))

    def piece(self, line: int, first: int, last: int) -> Piece:
        """Return the characters of `line` in the columns from `first` to before `last`."""
        start, end = self.lines.start(line), self.lines.end(line)
        begin, stop = min(start + first, end), min(start + last, end)
        text = self.lines.data[begin:stop].decode("ascii")
        return Piece(text, range(begin, stop + 1), range(begin - start, stop - start + 1))
