"""A read-only view of text of any size: answers, payloads, previews and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from refiner_desktop.ui.widgets.text_view.canvas import TextCanvas
from refiner_desktop.ui.widgets.text_view.worker import Worker

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.document import Document

# What may take longer than a frame to prepare is prepared in a thread.
_LARGE = 1 << 20

Bytes = bytes  # inside the class the name belongs to a method


class TextView(TextCanvas):
    """Shows JSON or plain text, made readable if wanted, with line numbers and colours.

    Content of more than a megabyte is prepared in a thread: `loading` is true until
    `content_changed` tells that it is shown. Content that is set meanwhile takes its place.
    """

    content_changed = Signal()
    pretty_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent)
        self._placeholder = placeholder
        self._source, self._is_json = b"", False
        self._pretty = True
        self._worker = Worker(self)
        self._make_actions()

        self._worker.done.connect(self._show)
        self._connect_actions()

        self._show(None)

    # Content

    def set_text(self, text: str) -> None:
        """Show plain text."""
        self.set_bytes(text.encode("utf-8", "surrogatepass"))

    def set_bytes(self, data: Bytes) -> None:
        """Show plain text in UTF-8. Bytes that are no UTF-8 show as replacement characters."""
        self._open(data, is_json=False)

    def set_json(self, data: Bytes) -> None:
        """Show JSON: readable where that changes nothing but blanks, and else as it came."""
        self._open(data, is_json=True)

    def clear(self) -> None:
        """Show nothing but the placeholder."""
        self.set_bytes(b"")

    def set_placeholder(self, text: str) -> None:
        """Set the words that stand in an empty view."""
        self._placeholder = text
        self._show_notice()

    def text(self) -> str:
        """Return the text that is shown."""
        return self.document.data.decode("utf-8", "replace") if self.document else ""

    def bytes(self) -> Bytes:
        """Return the content as it was set, whatever is shown of it."""
        return self._source

    def line_count(self) -> int:
        """Return the number of lines that are shown; an empty view has none."""
        return len(self.document.lines) if self.document else 0

    @property
    def loading(self) -> bool:
        """Whether large content is still being prepared."""
        return self._worker.busy

    # Ways to show it

    @property
    def pretty(self) -> bool:
        """Whether JSON is made readable."""
        return self._pretty

    def set_pretty(self, pretty: bool) -> None:
        """Make JSON readable, or show it as it came."""
        if pretty != self._pretty:
            self._pretty = pretty
            if self._is_json:
                self._open(self._source, is_json=True)
            self.pretty_changed.emit(pretty)

    def copy(self) -> None:
        """Put the selected text on the clipboard."""
        if self.selection:
            QGuiApplication.clipboard().setText(self.selected_text())

    # How it comes to be shown

    def _open(self, data: Bytes, *, is_json: bool) -> None:
        self._worker.cancel()
        self._source, self._is_json = data, is_json
        self._pretty_action.setEnabled(is_json and bool(data))
        if not data:
            self._show(None)
            return
        # Not with this module: numpy takes its time, which an empty view does not need.
        from refiner_desktop.ui.widgets.text_view.document import open_document

        pretty = self._pretty
        if len(data) <= _LARGE:
            self._show(open_document(data, json=is_json, pretty=pretty))
        else:
            self.show_document(None)
            self._worker.start(lambda _: open_document(data, json=is_json, pretty=pretty))
            self._show_notice()

    def _show(self, document: Document | None) -> None:
        self.show_document(document)
        self._show_notice()
        self._select_all_action.setEnabled(document is not None)
        count = self.line_count()
        self.setAccessibleDescription(f"{count:,} line" + ("" if count == 1 else "s"))
        self.content_changed.emit()

    def _show_notice(self) -> None:
        megabytes = len(self._source) / 1e6
        self.set_notice(f"Preparing {megabytes:,.0f} MB…" if self.loading else self._placeholder)

    # Actions

    def _make_actions(self) -> None:
        self._copy_action = self._action("Copy", QKeySequence.StandardKey.Copy)
        self._copy_action.setEnabled(False)
        self._select_all_action = self._action("Select all", QKeySequence.StandardKey.SelectAll)
        separator = QAction(self)
        separator.setSeparator(True)
        self.addAction(separator)
        self._wrap_action = self._action("Wrap lines", checked=True)
        self._pretty_action = self._action("Format JSON", checked=True)
        self._pretty_action.setEnabled(False)

    def _connect_actions(self) -> None:
        self._copy_action.triggered.connect(self.copy)
        self._select_all_action.triggered.connect(self.select_all)
        self._wrap_action.toggled.connect(self.set_wrap)
        self._pretty_action.toggled.connect(self.set_pretty)
        self.wrap_changed.connect(self._wrap_action.setChecked)
        self.pretty_changed.connect(self._pretty_action.setChecked)
        self.selection_changed.connect(self._on_selection_changed)

    def _action(
        self, text: str, key: QKeySequence.StandardKey | None = None, *, checked: bool = False
    ) -> QAction:
        action = QAction(text, self, checkable=checked, checked=checked)
        if key is not None:
            action.setShortcuts(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(action)
        return action

    def _on_selection_changed(self) -> None:
        self._copy_action.setEnabled(bool(self.selection))

    # Reimplemented Qt methods

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(event.globalPos())
