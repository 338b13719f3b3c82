"""An editable field for a text of any size."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from refiner_desktop.ui.tabs.console.soft_lines import MARK, has_long_line
from refiner_desktop.ui.tabs.console.whole_text import WholeText

AT_ONCE = 120_000
"""More is not put in or taken out at once, nor held to be undone: it would hold up the window."""


class LongEdit(QPlainTextEdit):
    """A long text comes piece by piece, and can be edited once it is there.

    What is more than can be changed at once is changed as a whole: Ctrl+Z brings the text before
    back. Who handles keys asks `_changed_much` first. Signals: `loaded()` when a text is there to
    its end.
    """

    loaded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._whole = WholeText(self.document())
        self._before: str | None = None
        self._was_at = 0
        self.cursorPositionChanged.connect(self._step_over_cut)
        self._whole.loaded.connect(self._on_loaded)

    @property
    def can_bring_back(self) -> bool:
        """Whether Ctrl+Z would bring back a text that another has taken the place of."""
        return self._before is not None and not self.document().isUndoAvailable()

    @property
    def loading(self) -> bool:
        """Whether a long text is not there to its end yet."""
        return self._whole.loading

    def show_text(self, text: str) -> None:
        """Show another text, of any length; there is no way back to the one before."""
        self._before = None
        self._load(text)

    def take_text(self, text: str) -> None:
        """Put another text in place of all, as if it were typed; Ctrl+Z brings the old one back."""
        before = self.toPlainText()
        if _is_much(text) or _is_much(before):
            self._before = before
            self._load(text)
        else:
            cursor = QTextCursor(self.document())
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(text)

    def bring_back(self) -> None:
        """Bring back the text that another has taken the place of."""
        if self._before is not None:
            self.take_text(self._before)

    def _load(self, text: str) -> None:
        self._whole.load(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.setReadOnly(self._whole.loading)
        self.textChanged.emit()  # there is another also where nothing of it is in the document

    def _on_loaded(self) -> None:
        self.setReadOnly(False)
        self.loaded.emit()

    def _replace_much(self, text: str) -> bool:
        """Put a text in place of the selection if that is too much to be done at once."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        much = end - start > AT_ONCE or _is_much(text)
        if much and not self.isReadOnly():
            self.take_text(self._whole.replaced(start, end, text))
        return much

    def _step_over_cut(self) -> None:
        """Let the cursor never stand behind the mark of a line that is cut for the eye."""
        cursor, was_at = self.textCursor(), self._was_at
        if cursor.positionInBlock() and self._is_mark(cursor.position() - 1):
            step = 1 if was_at == cursor.position() - 1 else -1
            modes = QTextCursor.MoveMode
            mode = modes.KeepAnchor if cursor.hasSelection() else modes.MoveAnchor
            cursor.setPosition(cursor.position() + step, mode)
            self.setTextCursor(cursor)
        self._was_at = cursor.position()

    def _leave_cut(self, *, back: bool) -> None:
        """Step over a cut that is beside the cursor, so that Del and Backspace take a character."""
        cursor = self.textCursor()
        step = -2 if back else 2
        if not cursor.hasSelection() and self._is_mark(cursor.position() + min(step, 0)):
            cursor.setPosition(cursor.position() + step)
            self.setTextCursor(cursor)

    def _is_mark(self, position: int) -> bool:
        return position >= 0 and self.document().characterAt(position) == MARK

    def _changed_much(self, event: QKeyEvent) -> bool:
        """Do what a key does where that is more than can be done at once; whether it was."""
        keys = QKeySequence.StandardKey
        if event.matches(keys.Undo) and self.can_bring_back:
            self.bring_back()
            return True
        if event.matches(keys.Cut):
            self.copy()
            return self._replace_much("")
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._leave_cut(back=event.key() == Qt.Key.Key_Backspace)
            return self._replace_much("")
        typed = event.text().replace("\r", "\n")
        return (typed == "\n" or (typed.isprintable() and typed != "")) and self._replace_much(
            typed
        )

    # Reimplemented Qt methods

    def toPlainText(self) -> str:
        """Return the whole text, also while only the first of it can be seen."""
        return self._whole.text

    def setPlainText(self, text: str) -> None:
        self.show_text(text)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not self._replace_much(source.text()):
            super().insertFromMimeData(source)

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor, made = self.textCursor(), QMimeData()
        made.setText(self._whole.part(cursor.selectionStart(), cursor.selectionEnd()))
        return made


def _is_much(text: str) -> bool:
    """Whether a text is laid out piece by piece, or not at all."""
    return len(text) > AT_ONCE or has_long_line(text)
