"""The field in which a body is written: colours, brackets and indentation for JSON."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QKeyEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from refiner_desktop.ui.widgets.text_view import TextColours
from refiner_desktop.ui.widgets.text_view.highlight import Kind, spans

LONGEST = 120_000
"""A longer text is not edited here: to lay it out would hold up the window."""

INDENT = "  "
LONGEST_LINE = 5_000
"""Of a longer line only so many characters are coloured."""

_FARTHEST = 20_000
_PAIRS = {"{": "}", "[": "]"}
_BRACKET = re.compile(r'"(?:[^"\\\n]|\\.)*"?|[\[\]{}]')
_NEVER = -1
_UTF_16 = ("utf-16-le", "surrogatepass")


class BodyEdit(QPlainTextEdit):
    """Text, coloured as JSON where it is meant to be. Enter keeps the indentation.

    Tab and Shift+Tab move selected lines, and without a selection go to the next field; Ctrl+] and
    Ctrl+[ move lines always. Only what is on the screen is coloured. Signals: `too_long(text)`
    when what a person pastes makes it longer than can be edited here.
    """

    too_long = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("console.body")
        self.setAccessibleName("Body")
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        self._is_json = True
        self._mistake: int | None = None
        self._formats: dict[Kind, QTextCharFormat] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._colour)
        self.updateRequest.connect(lambda _rect, _dy: self._soon.start())
        self.cursorPositionChanged.connect(self._mark)
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
            self._mark()

    def go_to(self, place: int) -> None:
        """Put the cursor at a place of the text, which counts characters, and show it."""
        cursor = self.textCursor()
        cursor.setPosition(self._position(place))
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def replace_all(self, text: str) -> None:
        """Put another text in place of all; Ctrl+Z brings the one before back."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    # Colours

    def _take_colours(self) -> None:
        colours = TextColours.for_palette(self.palette())
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
        # A block's state is the revision that was coloured last.
        if block.userState() == block.revision():
            return
        block.setUserState(block.revision())
        ranges = self._ranges(block.text()[:LONGEST_LINE]) if self._is_json else []
        block.layout().setFormats(ranges)
        self.document().markContentsDirty(block.position(), block.length())

    def _ranges(self, text: str) -> list[QTextLayout.FormatRange]:
        wide = not text.isascii()
        found = []
        for start, end, kind in spans(text):
            if kind not in self._formats:
                continue
            made = QTextLayout.FormatRange()
            made.start = _units(text[:start]) if wide else start
            made.length = _units(text[start:end]) if wide else end - start
            made.format = self._formats[kind]
            found.append(made)
        return found

    def _colour_anew(self) -> None:
        block = self.document().begin()
        while block.isValid():
            block.setUserState(_NEVER)
            block = block.next()
        self._soon.start()

    # Marks

    def _mark(self) -> None:
        brackets = self._brackets() if self._is_json else ()
        marks = [self._extra(at, _framed(self.palette())) for at in brackets]
        if self._mistake is not None:
            marks.append(self._extra(self._position(self._mistake), _underlined()))
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

    def _brackets(self) -> tuple[int, ...]:
        """Return where the bracket beside the cursor and its partner are, in the document."""
        cursor = self.textCursor()
        block = cursor.block()
        column = cursor.positionInBlock()
        around = {column, column - 1}
        found = [m for m in _BRACKET.finditer(block.text()) if m.start() in around]
        bracket = next((m for m in reversed(found) if len(m[0]) == 1 and m[0] in "[]{}"), None)
        if bracket is None:
            return ()
        at = block.position() + bracket.start()
        partner = self._partner(block, bracket.start(), bracket[0])
        return (at,) if partner is None else (at, partner)

    def _partner(self, block: QTextBlock, column: int, bracket: str) -> int | None:
        """Look for the other bracket, line after line and not beyond what can be done at once."""
        forward = bracket in _PAIRS
        opens = _PAIRS.keys() if forward else _PAIRS.values()
        depth = looked = 0
        while block.isValid() and looked < _FARTHEST:
            text = block.text()
            looked += len(text) + 1
            places = [m for m in _BRACKET.finditer(text) if m[0] in "[]{}"]
            for match in places if forward else reversed(places):
                ahead = match.start() >= column if forward else match.start() <= column
                if not ahead:
                    continue
                depth += 1 if match[0] in opens else -1
                if depth == 0:
                    return block.position() + match.start()
            block = block.next() if forward else block.previous()
            column = -1 if forward else len(block.text()) + 1
        return None

    def _position(self, place: int) -> int:
        text = self.toPlainText()[:place]
        return len(text) if text.isascii() else _units(text)

    # Indentation

    def _new_line(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        after = cursor.block().text()[cursor.positionInBlock() :]
        blanks = before[: len(before) - len(before.lstrip(" \t"))]
        opener = before.rstrip()[-1:]
        deeper = blanks + INDENT if self._is_json and opener in _PAIRS and opener else blanks
        cursor.beginEditBlock()
        cursor.insertText(f"\n{deeper}")
        if deeper != blanks and after.lstrip()[:1] == _PAIRS[opener]:
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
        cursor.beginEditBlock()
        for _ in range(last.blockNumber() - block.blockNumber() + 1):
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

    def insertFromMimeData(self, source: QMimeData) -> None:
        pasted = source.text()
        if len(pasted) + self.document().characterCount() <= LONGEST:
            super().insertFromMimeData(source)
            return
        cursor = self.textCursor()
        units = self.toPlainText().encode(*_UTF_16)  # of two bytes each, as Qt counts them
        before, after = units[: 2 * cursor.selectionStart()], units[2 * cursor.selectionEnd() :]
        self.too_long.emit(before.decode(*_UTF_16) + pasted + after.decode(*_UTF_16))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_soon"):
            self._take_colours()
            self._colour_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()


def _units(text: str) -> int:
    """Return how many of Qt's characters a text has: those beyond the first plane count twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def _coloured(name: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(name))
    return made


def _framed(palette: QPalette) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setBackground(palette.color(QPalette.ColorRole.Highlight))
    return made


def _underlined() -> QTextCharFormat:
    made = QTextCharFormat()
    made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    made.setUnderlineColor(QColor("#d6453d"))
    return made
