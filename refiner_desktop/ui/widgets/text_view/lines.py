"""Where each line of a text starts, over its bytes as they came."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from refiner_desktop.ui.widgets.text_view.content import Content, Sliceable, chunks, contains

_CHUNK = 4 << 20
_NEWLINE, _RETURN = 0x0A, 0x0D

Offsets = npt.NDArray[np.int64]


class LineIndex(Protocol):
    """The lines of a text, counted from 0. Offsets are bytes from the beginning of the text."""

    @property
    def data(self) -> Sliceable:
        """The text."""

    def __len__(self) -> int: ...

    def start(self, line: int) -> int:
        """Return where `line` begins."""

    def end(self, line: int) -> int:
        """Return where the text of `line` ends, before the line's end itself."""

    def at(self, offset: int) -> int:
        """Return the line that holds `offset`; a line's end belongs to it."""


class Lines:
    r"""An index of the lines in `data`, which are UTF-8 or nearly so.

    Lines end with `\n` or `\r\n`; what follows the last end is a line too, so there is always one.
    Lines count from 0; offsets, such as the `starts` of all lines, are bytes from the beginning.
    """

    def __init__(self, data: Content) -> None:
        self.data = data
        self.starts = _line_starts(data)
        self._has_returns = contains(data, b"\r")

    def __len__(self) -> int:
        return len(self.starts)

    def start(self, line: int) -> int:
        """Return where `line` begins."""
        return int(self.starts[line])

    def end(self, line: int) -> int:
        """Return where the text of `line` ends, before the line's end itself."""
        if line + 1 == len(self.starts):
            return len(self.data)
        start, end = self.start(line), self.start(line + 1) - 1
        return end - 1 if end > start and self.data[end - 1] == _RETURN else end

    def at(self, offset: int) -> int:
        """Return the line that holds `offset`; a line's end belongs to it."""
        return int(np.searchsorted(self.starts, offset, side="right")) - 1

    def ends(self, lines: Offsets | None = None) -> Offsets:
        """Return `end` of every line, or of each of `lines`."""
        if lines is None:
            starts, ends = self.starts, np.append(self.starts[1:] - 1, len(self.data))
        else:
            starts = self.starts[lines]
            ends = np.append(self.starts, len(self.data) + 1)[lines + 1] - 1
        if self._has_returns and len(self.data):
            octets = np.frombuffer(self.data, np.uint8)
            # What follows on the last line's end is nothing, whatever it ends with.
            before = octets[np.maximum(ends - 1, 0)]
            ends -= (before == _RETURN) & (ends > starts) & (ends < len(self.data))
        return ends


def _line_starts(data: Content) -> Offsets:
    # In chunks, or the comparison would need as much memory again as the text.
    found = [
        np.flatnonzero(np.frombuffer(chunk, np.uint8) == _NEWLINE) + (number * _CHUNK + 1)
        for number, chunk in enumerate(chunks(data, _CHUNK))
    ]
    return np.concatenate([np.zeros(1, np.int64), *found])
