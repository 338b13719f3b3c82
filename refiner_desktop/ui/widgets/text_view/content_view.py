"""What a view shows of content of any size, and the ways to show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from refiner_desktop.ui.amounts import counted, number
from refiner_desktop.ui.widgets.text_view.content import Content
from refiner_desktop.ui.widgets.text_view.folding_canvas import FoldingCanvas
from refiner_desktop.ui.widgets.text_view.mode import Mode
from refiner_desktop.ui.widgets.text_view.selection import Selection
from refiner_desktop.ui.widgets.text_view.worker import Worker

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.document import Document, TextDocument
    from refiner_desktop.ui.widgets.text_view.lines import Lines
    from refiner_desktop.ui.widgets.text_view.outline import Outline

# What may take longer than a frame to prepare is prepared in a thread.
_LARGE = 1 << 20
_LARGE_TO_READ = 1 << 15


class ContentView(FoldingCanvas):
    """Shows JSON or plain text, made readable if wanted, with line numbers and colours; or bytes.

    Content is bytes or a mapped file, which has to stay open while it is shown. More than a
    megabyte is prepared in a thread: `loading` is true until `content_changed` tells that it is
    shown. Content that is set meanwhile takes its place. What can be folded is known a little
    later, which `outline_changed` tells.
    """

    content_changed = Signal()
    mode_changed = Signal(Mode)

    def __init__(self, parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent)
        self._placeholder = placeholder
        self._source: Content = b""
        self._readable: Content | None = None
        self._is_json = self._is_hex = self._is_fixed = False
        self._is_pretty = True
        self._opener, self._reader, self._copier = Worker(self), Worker(self), Worker(self)

        self._opener.done.connect(self._show)
        self._reader.done.connect(self._take_outline)
        self._copier.done.connect(_put_on_clipboard)

        self._show(None)

    # Content

    def set_text(self, text: str) -> None:
        """Show plain text."""
        self.set_bytes(text.encode("utf-8", "surrogatepass"))

    def set_bytes(self, data: Content, readable: Content | None = None) -> None:
        """Show plain text in UTF-8. Bytes that are no UTF-8 show as replacement characters.

        `readable` is the same in UTF-8 where `data` is in another charset, to be shown formatted.
        """
        self._readable = readable
        self._open(data, is_json=False, is_hex=False)

    def set_json(self, data: Content, readable: Content | None = None) -> None:
        """Show JSON: readable where that changes nothing but blanks, and else as it came.

        `readable` is as with `set_bytes`.
        """
        self._readable = readable
        self._open(data, is_json=True, is_hex=False)

    def set_hex(self, data: Content) -> None:
        """Show bytes as hexadecimal digits and characters."""
        self._readable = None
        self._open(data, is_json=False, is_hex=True)

    def set_document(self, document: TextDocument) -> None:
        """Show a text that was made ready elsewhere, in no other way."""
        self._stop()
        self._source, self._readable = document.data, None
        self._is_json = self._is_hex = False
        self._is_fixed = True
        self._show(document)

    def clear(self) -> None:
        """Show nothing but the placeholder."""
        self.set_bytes(b"")

    def set_placeholder(self, text: str) -> None:
        """Set the words that stand in an empty view."""
        self._placeholder = text
        self._show_notice()

    def text(self) -> str:
        """Return the text that is shown."""
        if self.document is None:
            return ""
        return self.document.data[0 : len(self.document.data)].decode("utf-8", "replace")

    def content(self) -> Content:
        """Return the content as it was set, whatever is shown of it."""
        return self._source

    def line_count(self) -> int:
        """Return the number of lines that are shown; an empty view has none."""
        return len(self.document.lines) if self.document else 0

    @property
    def loading(self) -> bool:
        """Whether large content is still being prepared."""
        return self._opener.busy

    @property
    def note(self) -> str:
        """Why the content was not made readable, "" if it was or need not be."""
        return self.document.note if self.document else ""

    # Ways to show it

    @property
    def mode(self) -> Mode:
        """How the content is shown."""
        if self._is_hex:
            return Mode.HEX
        return Mode.PRETTY if self._can_be_pretty and self._is_pretty else Mode.RAW

    @property
    def modes(self) -> tuple[Mode, ...]:
        """How the content can be shown."""
        if self._is_fixed:
            return (Mode.RAW,)
        return tuple(Mode) if self._can_be_pretty else (Mode.RAW, Mode.HEX)

    @property
    def _can_be_pretty(self) -> bool:
        return self._is_json or self._readable is not None

    def set_mode(self, mode: Mode) -> None:
        """Show the same content in another way.

        Whether JSON is made readable is kept for the content to come; hexadecimal digits are not.
        """
        if mode is not self.mode and mode in self.modes:
            if mode is not Mode.HEX and self._can_be_pretty:
                self._is_pretty = mode is Mode.PRETTY
            self._open(self._source, is_json=self._is_json, is_hex=mode is Mode.HEX)

    def go_to_line(self, number: int) -> None:
        """Put the caret at the beginning of a line, counted from 1, and show it."""
        if self.document:
            line = min(max(number, 1), self.line_count()) - 1
            self._go_to(self.document.lines.start(line))

    def go_to_byte(self, number: int) -> None:
        """Put the caret where the byte with this number, counted from 0, is shown."""
        if self.document:
            last = len(self.document.searched) - 1
            self._go_to(self.document.place_of(min(max(number, 0), last)))

    def _go_to(self, offset: int) -> None:
        self.reveal(offset, centred=True)
        self.select(Selection(offset, offset))

    def copy(self) -> None:
        """Put the selected text on the clipboard, in a moment if there is much of it."""
        selection = self.selection
        if self.document and selection.end - selection.start > _LARGE:
            data = self.document.data
            self._copier.start(
                lambda _: data[selection.start : selection.end].decode("utf-8", "replace")
            )
        elif selection:
            _put_on_clipboard(self.selected_text())

    def copy_value(self) -> None:
        """Put the value at the caret on the clipboard."""
        _put_on_clipboard(self.value_at_cursor())

    def copy_path(self) -> None:
        """Put the path of the value at the caret on the clipboard."""
        _put_on_clipboard(self.path_at_cursor())

    # How it comes to be shown

    def _open(self, data: Content, *, is_json: bool, is_hex: bool) -> None:
        before = self.mode
        self._stop()
        self._source, self._is_json, self._is_hex = data, is_json, is_hex
        self._is_fixed = False
        if not data:
            self._show(None)
        elif is_hex:
            self._show_hex(data)
        else:
            readable = self._readable is not None and self._is_pretty
            shown = self._readable if readable else data
            self._show_text(shown or data, is_json=is_json, pretty=self._is_pretty)
        if self.mode is not before:
            self.mode_changed.emit(self.mode)

    def _show_hex(self, data: Content) -> None:
        from refiner_desktop.ui.widgets.text_view.document import HexDocument

        self._show(HexDocument(data))

    def _show_text(self, data: Content, *, is_json: bool, pretty: bool) -> None:
        # Not with this module: numpy takes its time, which an empty view does not need.
        from refiner_desktop.ui.widgets.text_view.document import open_document

        if len(data) <= _LARGE:
            self._show(open_document(data, json=is_json, pretty=pretty))
        else:
            self.show_document(None)
            self._opener.start(lambda _: open_document(data, json=is_json, pretty=pretty))
            self._show_notice()

    def _stop(self) -> None:
        """Forget what is being prepared for the content so far."""
        self._opener.cancel()
        self._reader.cancel()

    def _show(self, document: Document | None) -> None:
        self.show_document(document)
        self._show_notice()
        count = self.line_count()
        self.setAccessibleDescription(counted(count, "line"))
        if document is not None and document.strings is not None and document.has_outline:
            self._read_outline(document.strings.lines)
        self.content_changed.emit()

    def _read_outline(self, lines: Lines) -> None:
        from refiner_desktop.ui.widgets.text_view.outline import outline_of

        if len(lines.data) <= _LARGE_TO_READ:
            self._take_outline(outline_of(lines))
        else:
            self._reader.start(lambda cancelled: outline_of(lines, cancelled))

    def _take_outline(self, outline: Outline | None) -> None:
        if outline is not None:
            self.set_outline(outline)

    def _show_notice(self) -> None:
        megabytes = len(self._source) / 1e6
        self.set_notice(f"Preparing {number(megabytes)} MB…" if self.loading else self._placeholder)


def _put_on_clipboard(text: str) -> None:
    if text:
        QGuiApplication.clipboard().setText(text)
