"""A text view with the bars in which one asks for a text or a line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.ui.widgets.text_view.find_bar import FindBar
from refiner_desktop.ui.widgets.text_view.line_bar import LineBar
from refiner_desktop.ui.widgets.text_view.matches import Matches, Mistake
from refiner_desktop.ui.widgets.text_view.mode import Mode
from refiner_desktop.ui.widgets.text_view.search import find
from refiner_desktop.ui.widgets.text_view.text_view import TextView
from refiner_desktop.ui.widgets.text_view.worker import Worker

_LONGEST_SUGGESTION = 200
_FIND_PLACE = 4


class TextPane(QWidget):
    """A `view` whose text can be searched: Ctrl+F asks, F3 and Shift+F3 step, Esc closes.

    Ctrl+G asks for a line. The search runs in a thread and follows the content while its bar is
    open.
    """

    def __init__(self, parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent)
        self.view = TextView(placeholder=placeholder)
        self._find_bar, self._line_bar = FindBar(), LineBar()
        self._matches, self._current = Matches(), -1
        self._worker = Worker(self)
        keys = QKeySequence.StandardKey
        self.find_action = self._action("Find…", keys.Find)
        self._next_action = self._action("Find next", keys.FindNext)
        self._previous_action = self._action("Find previous", keys.FindPrevious)
        self.line_action = self._action("Go to line…", "Ctrl+G")
        self.setFocusProxy(self.view)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, stretch=1)
        for bar in (self._find_bar, self._line_bar):
            layout.addWidget(bar)
            bar.hide()
        place = self.view.actions()[_FIND_PLACE]
        self.view.insertActions(place, [self.find_action, self.line_action])

        self._connect()

    def open_find(self) -> None:
        """Open the find bar, with the selected text in it if that is short."""
        selected = self.view.selected_text() if self._selection_is_short() else ""
        self.close_line_bar()
        self._find_bar.ask(selected)
        self._search()

    def find_next(self) -> None:
        """Go to the match after the current one, or to the first after the last."""
        self._step(+1)

    def find_previous(self) -> None:
        """Go to the match before the current one, or to the last before the first."""
        self._step(-1)

    def close_find(self) -> None:
        """Close the find bar and unmark what was found."""
        self._worker.cancel()
        self._find_bar.hide()
        self._show_matches(Matches())
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_line_bar(self) -> None:
        """Ask for the line, or the byte, to go to."""
        document = self.view.document
        if document is None:
            return
        if not self._find_bar.isHidden():
            self.close_find()
        if self.view.mode is Mode.HEX:
            self._line_bar.ask("byte", 0, len(document.searched) - 1)
        else:
            self._line_bar.ask("line", 1, document.highest_number)

    def close_line_bar(self) -> None:
        """Go back to the text."""
        self._line_bar.hide()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        self.find_action.triggered.connect(self.open_find)
        self._next_action.triggered.connect(self.find_next)
        self._previous_action.triggered.connect(self.find_previous)
        self.line_action.triggered.connect(self.open_line_bar)
        self._find_bar.query_changed.connect(self._search)
        self._find_bar.next_requested.connect(self.find_next)
        self._find_bar.previous_requested.connect(self.find_previous)
        self._find_bar.close_requested.connect(self.close_find)
        self._line_bar.line_chosen.connect(self._on_line_chosen)
        self._line_bar.close_requested.connect(self.close_line_bar)
        self.view.content_changed.connect(self._on_content_changed)
        self._worker.done.connect(self._on_found)

    def _action(self, text: str, key: QKeySequence.StandardKey | str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _selection_is_short(self) -> bool:
        selection = self.view.selection
        if selection.end - selection.start > _LONGEST_SUGGESTION:
            return False
        return "\n" not in self.view.selected_text()

    def _search(self) -> None:
        query, document = self._find_bar.query, self.view.document
        if not query.text or document is None:
            self._worker.cancel()
            self._show_matches(Matches())
            return
        data = document.searched
        self._worker.start(lambda cancelled: find(data, query, cancelled))

    def _on_found(self, found: Matches | Mistake) -> None:
        if isinstance(found, Mistake):
            self._find_bar.show_mistake(found)
        else:
            self._show_matches(found)

    def _show_matches(self, matches: Matches) -> None:
        self._matches = matches
        self._find_bar.clear_mistake()
        document = self.view.document
        begin = document.searched_at(self.view.selection.start) if document else 0
        self._go_to(matches.at_or_after(begin) if matches else -1)

    def _step(self, step: int) -> None:
        if self._find_bar.isHidden():
            self.open_find()
        elif self._matches:
            self._go_to((self._current + step) % len(self._matches))

    def _go_to(self, number: int) -> None:
        self._current = number
        self._find_bar.show_count(number + 1, self._matches)
        self.view.show_matches(self._matches, number)

    def _on_line_chosen(self, number: int) -> None:
        if self.view.mode is Mode.HEX:
            self.view.go_to_byte(number)
        else:
            self.view.go_to_line(number)
        self.close_line_bar()

    def _on_content_changed(self) -> None:
        self._line_bar.hide()
        self._show_matches(Matches())
        if not self._find_bar.isHidden():
            self._search()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_escape = event.key() == Qt.Key.Key_Escape
        if is_escape and not self._line_bar.isHidden():
            self.close_line_bar()
        elif is_escape and not self._find_bar.isHidden():
            self.close_find()
        else:
            super().keyPressEvent(event)


def text_pane(name: str, title: str, placeholder: str = "") -> TextPane:
    """Return a pane; `name` and `title` belong to the view inside."""
    made = TextPane(placeholder=placeholder)
    made.view.setObjectName(name)
    made.view.setAccessibleName(title)
    return made
