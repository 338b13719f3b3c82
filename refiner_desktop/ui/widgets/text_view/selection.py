"""What is selected: two offsets, and the words and lines that a click selects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.lines import LineIndex

# Identifiers such as UUIDs are copied whole, and letters beyond ASCII are never cut apart.
_WORD = b"-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" + bytes(range(128, 256))
_NO_WORD = bytes(set(range(256)) - set(_WORD))


@dataclass(frozen=True, slots=True)
class Selection:
    """The bytes between `anchor`, where it began, and `caret`, where it goes on growing."""

    anchor: int = 0
    caret: int = 0

    @property
    def start(self) -> int:
        """The lower of both offsets."""
        return min(self.anchor, self.caret)

    @property
    def end(self) -> int:
        """The higher of both offsets."""
        return max(self.anchor, self.caret)

    def __bool__(self) -> bool:
        return self.anchor != self.caret

    def moved(self, caret: int, *, extend: bool) -> Selection:
        """Return the selection after the caret moved, grown to it if `extend`."""
        return replace(self, caret=caret) if extend else Selection(caret, caret)

    def grown(self, other: Selection) -> Selection:
        """Return the selection that holds this one and, on the caret's side, `other`."""
        if other.start < self.start:
            return Selection(self.end, other.start)
        return Selection(self.start, max(self.end, other.end))


def word_at(lines: LineIndex, offset: int) -> Selection:
    """Return the word around `offset`, or the run of other characters."""
    head, tail = _halves(lines, offset)
    # A click on the last half of a word's last letter, or past the line's end, means that word.
    nearest = tail[:1] if tail[:1].strip(_NO_WORD) else head[-1:]
    strip = _WORD if nearest.strip(_NO_WORD) else _NO_WORD
    return Selection(
        offset - len(head) + len(head.rstrip(strip)), offset + len(tail) - len(tail.lstrip(strip))
    )


def line_at(lines: LineIndex, offset: int) -> Selection:
    """Return the line around `offset` with its end."""
    line = lines.at(offset)
    following = line + 1
    end = lines.start(following) if following < len(lines) else len(lines.data)
    return Selection(lines.start(line), end)


def next_word(lines: LineIndex, offset: int) -> int:
    """Return where the next word of the line begins, or the next line."""
    _, tail = _halves(lines, offset)
    if not tail:
        return line_at(lines, offset).end
    return offset + len(tail) - len(tail.lstrip(_WORD).lstrip(_NO_WORD))


def previous_word(lines: LineIndex, offset: int) -> int:
    """Return where the word before `offset` begins, or the end of the previous line."""
    head, _ = _halves(lines, offset)
    if not head:
        return lines.end(line - 1) if (line := lines.at(offset)) else 0
    return offset - len(head) + len(head.rstrip(_NO_WORD).rstrip(_WORD))


def _halves(lines: LineIndex, offset: int) -> tuple[bytes, bytes]:
    """Return the line before and after `offset`."""
    line = lines.at(offset)
    return lines.data[lines.start(line) : offset], lines.data[offset : lines.end(line)]
