"""The field in which a body is written: colours, brackets and indentation for JSON."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QTextEdit

from refiner_desktop.ui.styling import code_font
from refiner_desktop.ui.tabs.console.brackets import OPENING, brackets_at
from refiner_desktop.ui.tabs.console.long_edit import LongEdit
from refiner_desktop.ui.tabs.console.whole_text import units
from refiner_desktop.ui.theme import theme_of
from refiner_desktop.ui.widgets.text_view.highlight import Kind, spans

LINES_AT_ONCE = 2_000

INDENT = "  "


class BodyEdit(LongEdit):
    """Text, coloured as JSON where it is meant to be. Enter keeps the indentation.

    Tab and Shift+Tab move selected lines, and without a selection go to the next field; Ctrl+] and
    Ctrl+[ move lines always. Only what is on the screen is coloured.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("console.body")
        self.setAccessibleName("Body")
        self.setFont(code_font())
        self.setTabChangesFocus(True)
        self._is_json = True
        self._mistake: int | None = None
        self._mistake_at: QTextCursor | None = None
        self._painting = 0
        self._formats: dict[Kind, QTextCharFormat] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._colour)
        self.updateRequest.connect(lambda _rect, _dy: self._soon.start())
        self.cursorPositionChanged.connect(self._mark)
        self.loaded.connect(self._mark_anew)
        self._take_colours()

    def set_json(self, is_json: bool) -> None:
        """Colour the text as JSON, or leave it plain."""
        if is_json is not self._is_json:
            self._is_json = is_json
            self._colour_anew()
            self._mark()

    def show_mistake(self, place: int | None) -> None:
        """Underline the character at a place of the text; None takes the line away."""
        if place != self._mistake:
            self._mistake = place
            self._mark_anew()

    def go_to(self, place: int) -> None:
        """Put the cursor at a place of the text, which counts characters, and show it."""
        cursor = self.textCursor()
        cursor.setPosition(self._whole.position(place))
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Colours

    def _take_colours(self) -> None:
        colours = theme_of(self.palette()).code
        names = {
            Kind.KEY: colours.key, Kind.STRING: colours.string, Kind.NUMBER: colours.number,
            Kind.LITERAL: colours.literal, Kind.PUNCTUATION: colours.punctuation,
        }  # fmt: skip
        self._formats = {kind: _coloured(name) for kind, name in names.items()}

    def _colour(self) -> None:
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        while block.isValid():
            top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
            if top > bottom:
                return
            self._colour_block(block)
            block = block.next()

    def _colour_block(self, block: QTextBlock) -> None:
        # A block's state is what was coloured last: its revision, and in which painting.
        state = block.revision() << 4 | self._painting
        if block.userState() == state:
            return
        block.setUserState(state)
        ranges = self._ranges(block.text()) if self._is_json else []
        block.layout().setFormats(ranges)
        self.document().markContentsDirty(block.position(), block.length())

    def _ranges(self, text: str) -> list[QTextLayout.FormatRange]:
        wide = units(text) > len(text)
        found = []
        for start, end, kind in spans(text):
            if kind not in self._formats:
                continue
            made = QTextLayout.FormatRange()
            made.start = units(text[:start]) if wide else start
            made.length = units(text[start:end]) if wide else end - start
            made.format = self._formats[kind]
            found.append(made)
        return found

    def _colour_anew(self) -> None:
        self._painting = (self._painting + 1) % 16
        self._soon.start()

    # Marks

    def _mark_anew(self) -> None:
        """Find the mistake's place; from there it moves with what is typed before it."""
        self._mistake_at = None
        if self._mistake is not None:
            self._mistake_at = QTextCursor(self.document())
            last = max(self.document().characterCount() - 1, 0)
            self._mistake_at.setPosition(min(self._whole.position(self._mistake), last))
        self._mark()

    def _mark(self) -> None:
        cursor = self.textCursor()
        at = cursor.block(), cursor.positionInBlock()
        brackets = brackets_at(*at) if self._is_json else ()
        marks = [self._extra(at, _framed(self.palette())) for at in brackets]
        if self._mistake_at is not None:
            marks.append(self._extra(self._mistake_at.position(), _underlined(self.palette())))
        self.setExtraSelections(marks)

    def _extra(self, position: int, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.document())
        last = max(self.document().characterCount() - 1, 0)
        cursor.setPosition(min(position, last))
        moved = cursor.movePosition(
            QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor
        )
        if not moved or not cursor.selectedText().strip("\u2029"):
            cursor.setPosition(min(position, last))
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor)
        made = QTextEdit.ExtraSelection()
        made.cursor = cursor
        made.format = form
        return made

    # Indentation

    def _new_line(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        after = cursor.block().text()[cursor.positionInBlock() :]
        blanks = before[: len(before) - len(before.lstrip(" \t"))]
        opener = before.rstrip()[-1:]
        deeper = blanks + INDENT if self._is_json and opener in OPENING and opener else blanks
        cursor.beginEditBlock()
        cursor.insertText(f"\n{deeper}")
        if deeper != blanks and after.lstrip()[:1] == OPENING[opener]:
            cursor.insertText(f"\n{blanks}")
            cursor.movePosition(QTextCursor.MoveOperation.Up)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfLine)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def _close_bracket(self, bracket: str) -> None:
        """Write a closing bracket; on a line of its own it stands below what opened it."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        if self._is_json and before and not before.strip() and before.endswith(INDENT):
            for _ in INDENT:
                cursor.deletePreviousChar()
        cursor.insertText(bracket)
        self.setTextCursor(cursor)

    def _move_lines(self, *, deeper: bool) -> None:
        cursor = self.textCursor()
        document = self.document()
        block = document.findBlock(cursor.selectionStart())
        last = document.findBlock(max(cursor.selectionEnd() - 1, cursor.selectionStart()))
        lines = last.blockNumber() - block.blockNumber() + 1
        if lines > LINES_AT_ONCE:
            start, end = block.position(), last.position() + last.length() - 1
            moved = _moved(self._whole.part(start, end), deeper=deeper)
            self.take_text(self._whole.replaced(start, end, moved))
            return
        cursor.beginEditBlock()
        for _ in range(lines):
            at = QTextCursor(block)
            if deeper:
                at.insertText(INDENT)
            else:
                blanks = len(block.text()) - len(block.text().lstrip(" "))
                for _ in range(min(blanks, len(INDENT))):
                    at.deleteChar()
            block = block.next()
        cursor.endEditBlock()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._changed_much(event):
            return
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if plain:
                self._new_line()
            case Qt.Key.Key_BracketRight if control:
                self._move_lines(deeper=True)
            case Qt.Key.Key_BracketLeft if control:
                self._move_lines(deeper=False)
            case _ if event.text() in ("}", "]"):
                self._close_bracket(event.text())
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        tabs = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in tabs
            and self.textCursor().hasSelection()
        ):
            self._move_lines(deeper=event.key() == Qt.Key.Key_Tab)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_soon"):
            self._take_colours()
            self._colour_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()


def _moved(lines: str, *, deeper: bool) -> str:
    if deeper:
        return INDENT + lines.replace("\n", f"\n{INDENT}")
    return re.sub(f"(?m)^ {{1,{len(INDENT)}}}", "", lines)


def _coloured(name: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(name))
    return made


def _framed(palette: QPalette) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setBackground(palette.color(QPalette.ColorRole.Highlight))
    made.setForeground(palette.color(QPalette.ColorRole.HighlightedText))
    return made


def _underlined(palette: QPalette) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    made.setUnderlineColor(QColor(theme_of(palette).danger))
    return made
