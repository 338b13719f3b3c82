"""A text view with its find bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from refiner_desktop.ui.widgets.text_view.find_bar import FindBar
from refiner_desktop.ui.widgets.text_view.search import Matches, find_all
from refiner_desktop.ui.widgets.text_view.text_view import TextView
from refiner_desktop.ui.widgets.text_view.worker import Worker

_LONGEST_SUGGESTION = 200


class TextPane(QWidget):
    """A `view` whose text can be searched: Ctrl+F asks, F3 and Shift+F3 step, Esc closes.

    The search runs in a thread and follows the content while the bar is open.
    """

    def __init__(self, parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent)
        self.view = TextView(placeholder=placeholder)
        self._find_bar = FindBar()
        self._matches, self._current = Matches(), -1
        self._worker = Worker(self)
        self._find_action = self._action("Find…", QKeySequence.StandardKey.Find)
        self._next_action = self._action("Find next", QKeySequence.StandardKey.FindNext)
        self._previous_action = self._action("Find previous", QKeySequence.StandardKey.FindPrevious)
        self.setFocusProxy(self.view)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, stretch=1)
        layout.addWidget(self._find_bar)
        self._find_bar.hide()
        self.view.insertAction(self.view.actions()[2], self._find_action)

        self._connect()

    def open_find(self) -> None:
        """Open the find bar, with the selected text in it if that is short."""
        selected = self.view.selected_text() if self._selection_is_short() else ""
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

    def _connect(self) -> None:
        self._find_action.triggered.connect(self.open_find)
        self._next_action.triggered.connect(self.find_next)
        self._previous_action.triggered.connect(self.find_previous)
        self._find_bar.query_changed.connect(self._search)
        self._find_bar.next_requested.connect(self.find_next)
        self._find_bar.previous_requested.connect(self.find_previous)
        self._find_bar.close_requested.connect(self.close_find)
        self.view.content_changed.connect(self._on_content_changed)
        self._worker.done.connect(self._show_matches)

    def _action(self, text: str, key: QKeySequence.StandardKey) -> QAction:
        action = QAction(text, self)
        action.setShortcuts(key)
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
        if not query or document is None:
            self._worker.cancel()
            self._show_matches(Matches())
            return
        data, match_case = document.data, self._find_bar.match_case
        self._worker.start(
            lambda cancelled: find_all(data, query, match_case=match_case, cancelled=cancelled)
        )

    def _show_matches(self, matches: Matches) -> None:
        self._matches = matches
        self._go_to(matches.at_or_after(self.view.selection.start) if matches else -1)

    def _step(self, step: int) -> None:
        if self._find_bar.isHidden():
            self.open_find()
        elif self._matches:
            self._go_to((self._current + step) % len(self._matches))

    def _go_to(self, number: int) -> None:
        self._current = number
        self._find_bar.show_count(number + 1, len(self._matches))
        self.view.show_matches(self._matches, number)

    def _on_content_changed(self) -> None:
        self._show_matches(Matches())
        if not self._find_bar.isHidden():
            self._search()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._find_bar.isHidden():
            self.close_find()
        else:
            super().keyPressEvent(event)
