"""Where each line of a text starts, over its bytes as they came."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_CHUNK = 4 << 20
_NEWLINE, _RETURN = 0x0A, 0x0D

Offsets = npt.NDArray[np.int64]


class Lines:
    r"""An index of the lines in `data`, which are UTF-8 or nearly so.

    Lines end with `\n` or `\r\n`; what follows the last end is a line too, so there is always one.
    Lines count from 0; offsets, such as the `starts` of all lines, are bytes from the beginning.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.starts = _line_starts(data)

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

    def spans(self) -> tuple[Offsets, Offsets]:
        """Return `start` and `end` of every line."""
        ends = np.append(self.starts[1:] - 1, len(self.data))
        if b"\r" in self.data:
            before = np.frombuffer(self.data, np.uint8)[np.maximum(ends[:-1] - 1, 0)]
            ends[:-1] -= (before == _RETURN) & (ends[:-1] > self.starts[:-1])
        return self.starts, ends


def _line_starts(data: bytes) -> Offsets:
    octets = np.frombuffer(data, np.uint8)
    # In chunks, or the comparison would need as much memory again as the text.
    found = [
        np.flatnonzero(octets[begin : begin + _CHUNK] == _NEWLINE) + (begin + 1)
        for begin in range(0, len(data), _CHUNK)
    ]
    return np.concatenate([np.zeros(1, np.int64), *found])
