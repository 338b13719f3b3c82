"""The whole text of an editable field, however long it is, without holding the window up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor, QTextDocument

from refiner_desktop.ui.tabs.console.soft_lines import CUT, MARK, cut, joined

LONGEST = 16_000_000
"""A longer text is kept and not laid out: a field takes twenty bytes for each character."""

_UTF_16 = ("utf-16-le", "surrogatepass")
_OTHER_LINE_ENDS = ("\r", "\u2029", "\ufdd0", "\ufdd1")
_A_CUT = re.compile(re.escape(CUT))
_TO_LF = str.maketrans("\u2029\ufdd0\ufdd1", "\n\n\n")


def is_editable(text: str) -> bool:
    """Whether a text can be laid out to be edited."""
    return len(text) <= LONGEST and MARK not in text


class WholeText(QObject):
    """Knows the text of a document, which is never read as a whole while a person types.

    A long text is laid out piece by piece while the window goes on; one that is not `is_editable`
    is not laid out. Long lines are cut for the eye; `text` is without those cuts, of which no more
    than the places are known. Signals: `loaded()` when what was shown is there to its end.
    """

    loaded = Signal()

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._document = document
        self._pieces: Iterator[str] | None = None
        self._known = ""  # what the document has, without cuts
        self._cuts: list[int] = []  # where it has them, in Qt's characters
        self._end_of_pieces = 0
        self._counted_twice = False
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._load_piece)
        self.text = ""
        document.contentsChange.connect(self._follow)

    @property
    def loading(self) -> bool:
        """Whether a long text is not there to its end yet."""
        return self._pieces is not None

    def load(self, text: str) -> None:
        """Put this into the document, in place of all there was; it can't be undone there."""
        self._next.stop()
        editable = is_editable(text)
        self._pieces = cut(text) if editable else iter(())
        self._cuts, self._end_of_pieces = [], 0
        self.text, self._known = text, text if editable else ""
        self._document.setUndoRedoEnabled(False)
        self._document.setPlainText("")
        self._load_piece()
        self._load_piece()  # of a short text there was but one
        if self.loading:
            self._next.start()

    def replaced(self, start: int, end: int, text: str) -> str:
        """Return the text with another in place of what is between two places of the document."""
        return self._spliced(self._place(start), self._place(end), joined(text))

    def part(self, start: int, end: int) -> str:
        """Return what is between two places of the document."""
        first, last = self._place(start), self._place(end)
        if not self._counted_twice:
            return self._known[first:last]
        return self._known.encode(*_UTF_16)[2 * first : 2 * last].decode(*_UTF_16)

    def position(self, place: int) -> int:
        """Return where in the document a place of the text is, which counts characters."""
        at = units(self._known[:place])
        for cut_at in self._cuts:
            if cut_at > at:
                break
            at += len(CUT)
        return at

    def _load_piece(self) -> None:
        if self._pieces is None:
            return
        piece = next(self._pieces, None)
        if piece is None:
            self._end()
            return
        self._cuts += _cuts(piece, self._end_of_pieces)
        self._end_of_pieces += units(piece)
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)

    def _end(self) -> None:
        self._next.stop()
        self._pieces = None
        self._counted_twice = units(self._known) > len(self._known)
        if any(end in self._known for end in _OTHER_LINE_ENDS):  # they were made new lines
            self._read()
        self._document.setUndoRedoEnabled(True)
        self.loaded.emit()

    def _follow(self, at: int, removed: int, added: int) -> None:
        """Take over what was changed. Qt may count the end of the document, too."""
        if self.loading:
            return
        last = self._document.characterCount() - 1
        cursor = QTextCursor(self._document)
        cursor.setPosition(min(at, last))
        cursor.setPosition(min(at + added, last), QTextCursor.MoveMode.KeepAnchor)
        new = cursor.selectedText().translate(_TO_LF)
        if (
            self._is_in_cut(at)
            or self._is_in_cut(at + removed)
            or new.count(MARK) != new.count(CUT)
        ):
            self._read()
        else:
            self._put(at, at + removed, new)
        length = units(self._known) if self._counted_twice else len(self._known)
        if length + len(CUT) * len(self._cuts) != last:
            self._read()
        self.text = self._known

    def _put(self, start: int, end: int, new: str) -> None:
        """Put another text, with its cuts, in place of what was between two places."""
        self._counted_twice = self._counted_twice or units(new) > len(new)
        self._known = self._spliced(self._place(start), self._place(end), joined(new))
        first, behind = bisect_left(self._cuts, start), bisect_left(self._cuts, end)
        step = start + units(new) - end
        later = [each + step for each in self._cuts[behind:]]
        self._cuts[first:] = _cuts(new, start) + later

    def _is_in_cut(self, position: int) -> bool:
        before = bisect_left(self._cuts, position - 1)
        return before < len(self._cuts) and self._cuts[before] == position - 1

    def _place(self, position: int) -> int:
        """Return where in the text a place of the document is, both in Qt's characters."""
        return position - len(CUT) * bisect_left(self._cuts, position)

    def _spliced(self, start: int, end: int, new: str) -> str:
        """Return the text with another in place of some of Qt's characters."""
        known = self._known
        if not self._counted_twice:
            return f"{known[:start]}{new}{known[end:]}"
        all_units, put = known.encode(*_UTF_16), new.encode(*_UTF_16)
        return b"".join((all_units[: 2 * start], put, all_units[2 * end :])).decode(*_UTF_16)

    def _read(self) -> None:
        """Read the document: what is in it is not what was thought."""
        shown = self._document.toRawText().translate(_TO_LF)
        self._cuts, self._known = _cuts(shown, 0), joined(shown)
        self._counted_twice = units(self._known) > len(self._known)


def _cuts(shown: str, begin: int) -> list[int]:
    """Return where a text has cuts, in Qt's characters."""
    found = [each.start() for each in _A_CUT.finditer(shown)]
    return [begin + each if shown.isascii() else begin + units(shown[:each]) for each in found]


def units(text: str) -> int:
    """Return how many of Qt's characters a text has: those beyond the first plane count twice."""
    return len(text) if text.isascii() else len(text.encode(*_UTF_16)) // 2
