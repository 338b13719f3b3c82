"""The whole text of an editable field, however long it is, without holding the window up."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor, QTextDocument

from refiner_desktop.ui.tabs.console.soft_lines import MARK, cut, joined, shown_place

LONGEST = 16_000_000
"""A longer text is kept and not laid out: a field takes twenty bytes for each character."""

_UTF_16 = ("utf-16-le", "surrogatepass")
_OTHER_LINE_ENDS = ("\r", "\u2029", "\ufdd0", "\ufdd1")
_TO_LF = str.maketrans("\u2029\ufdd0\ufdd1", "\n\n\n")


def is_editable(text: str) -> bool:
    """Whether a text can be laid out to be edited."""
    return len(text) <= LONGEST and MARK not in text


class WholeText(QObject):
    """Knows the text of a document, which is never read as a whole while a person types.

    A long text is laid out piece by piece while the window goes on; one that is not `is_editable`
    is not laid out. Long lines are cut for the eye; `text` is without those cuts. Signals:
    `loaded()` when what was shown is there to its end.
    """

    loaded = Signal()

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._document = document
        self._pieces: Iterator[str] | None = None
        self._shown = ""
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
        self._pieces = cut(text) if is_editable(text) else iter(())
        self._came: list[str] = []
        self.text = text
        self._document.setUndoRedoEnabled(False)
        self._document.setPlainText("")
        self._load_piece()
        self._load_piece()  # of a short text there was but one
        if self.loading:
            self._next.start()

    def replaced(self, start: int, end: int, text: str) -> str:
        """Return the text with another in place of what is between two places of the document."""
        return joined(self._spliced(start, end - start, text))

    def part(self, start: int, end: int) -> str:
        """Return what is between two places of the document."""
        if not self._counted_twice:
            return joined(self._shown[start:end])
        return joined(self._shown.encode(*_UTF_16)[2 * start : 2 * end].decode(*_UTF_16))

    def position(self, place: int) -> int:
        """Return where in the document a place of the text is, which counts characters."""
        return units(self._shown[: shown_place(self._shown, place)])

    def _load_piece(self) -> None:
        if self._pieces is None:
            return
        piece = next(self._pieces, None)
        if piece is None:
            self._end()
            return
        self._came.append(piece)
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)

    def _end(self) -> None:
        self._next.stop()
        self._shown, self._pieces, self._came = "".join(self._came), None, []
        if any(end in self._shown for end in _OTHER_LINE_ENDS):  # they were made new lines
            self._shown = self._read()
        self._counted_twice = units(self._shown) > len(self._shown)
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
        self._counted_twice = self._counted_twice or units(new) > len(new)
        self._shown = self._spliced(at, removed, new)
        if (units(self._shown) if self._counted_twice else len(self._shown)) != last:
            self._shown = self._read()
        self.text = joined(self._shown)

    def _spliced(self, at: int, removed: int, new: str) -> str:
        """Return what is shown with another text in place of some of Qt's characters."""
        shown = self._shown
        if not self._counted_twice:
            return f"{shown[:at]}{new}{shown[at + removed :]}"
        units, put = shown.encode(*_UTF_16), new.encode(*_UTF_16)
        return b"".join((units[: 2 * at], put, units[2 * (at + removed) :])).decode(*_UTF_16)

    def _read(self) -> str:
        return self._document.toRawText().translate(_TO_LF)


def units(text: str) -> int:
    """Return how many of Qt's characters a text has: those beyond the first plane count twice."""
    return len(text) if text.isascii() else len(text.encode(*_UTF_16)) // 2
