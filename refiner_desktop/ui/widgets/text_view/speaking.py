"""What is read aloud where the caret came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refiner_desktop.ui.widgets.text_view.navigation import Motion
from refiner_desktop.ui.widgets.text_view.selection import next_word

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.lines import LineIndex

MOST_BYTES = 400
"""Of a longer line the beginning is read; what follows is heard word by word."""

_LONGEST_CHARACTER = 4  # bytes in UTF-8
_IN_LINE = {Motion.LEFT, Motion.RIGHT, Motion.LINE_START, Motion.LINE_END}
_BY_WORD = {Motion.WORD_LEFT, Motion.WORD_RIGHT}


def spoken(lines: LineIndex, caret: int, motion: Motion) -> str:
    """Return the character, the word or the line where `motion` put the caret."""
    line = lines.at(caret)
    end = lines.end(line)
    if motion in _IN_LINE:
        return _read(lines, caret, min(end, caret + _LONGEST_CHARACTER))[:1] or "end of line"
    if motion in _BY_WORD:
        return _read(lines, caret, min(end, next_word(lines, caret))).strip() or "end of line"
    return _read(lines, lines.start(line), end).strip() or "empty line"


def _read(lines: LineIndex, start: int, end: int) -> str:
    return lines.data[start : min(end, start + MOST_BYTES)].decode("utf-8", "ignore")
