"""Ctrl+K: every action, found by typing a few of its letters."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.focus import FocusReturn
from refiner_desktop.ui.theme import SPACE

WIDTH, HEIGHT = 560, 380
ACTION_ROLE = Qt.ItemDataRole.UserRole + 1


class CommandPalette(QFrame):
    """A list of the actions that match what is typed; Enter runs one, Esc leaves."""

    def __init__(self, registry: ActionRegistry, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self.setAccessibleName("Command palette")
        self._registry = registry
        self._window = window
        self._search = QLineEdit(placeholderText="Type what you want to do")
        self._search.setAccessibleName("Search actions")
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setModel(self._model)
        self._list.setAccessibleName("Actions")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        layout.addWidget(self._search)
        layout.addWidget(self._list)
        FocusReturn(self)
        self._search.textChanged.connect(self._fill)
        self._search.installEventFilter(self)
        self._list.clicked.connect(lambda index: self._run(index.data(ACTION_ROLE)))
        self.hide()

    def pop_up(self) -> None:
        """Show all actions over the middle of the window."""
        window = self._window
        width = min(WIDTH, window.width())
        self.setGeometry((window.width() - width) // 2, window.height() // 8, width, HEIGHT)
        self._search.clear()
        self._fill("")
        self.show()
        self.raise_()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self, typed: str) -> None:
        self._model.clear()
        for title, action in self._found(typed):
            shortcut = action.shortcut().toString()
            item = QStandardItem(f"{title}    {shortcut}" if shortcut else title)
            item.setData(action, ACTION_ROLE)
            item.setEnabled(action.isEnabled())
            self._model.appendRow(item)
        self._list.setCurrentIndex(self._model.index(0, 0))
        row = self._list.sizeHintForRow(0) if self._model.rowCount() else 0
        frame = self._search.sizeHint().height() + 4 * SPACE
        self.resize(self.width(), min(frame + row * self._model.rowCount(), self._highest()))

    def _found(self, typed: str) -> list[tuple[str, QAction]]:
        """Return the actions that match, the best first, alike ones in the registry's order."""
        titled = ((f"{menu}: {action.text()}", action) for menu, action in self._registry)
        ranked = [
            (rank, title, action)
            for title, action in titled
            if action.isVisible() and (rank := _rank(typed, title)) is not None
        ]
        ranked.sort(key=lambda found: found[0])
        return [(title, action) for _rank, title, action in ranked]

    def _highest(self) -> int:
        return min(HEIGHT, self._window.height() * 3 // 4)

    def _run(self, action: QAction | None) -> None:
        if action is not None and action.isEnabled():
            self.hide()
            action.trigger()

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self._list.currentIndex().data(ACTION_ROLE))
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = (self._list.currentIndex().row() + step) % max(1, self._model.rowCount())
            self._list.setCurrentIndex(self._model.index(row, 0))
        else:
            return False
        return True


def _rank(typed: str, title: str) -> int | None:
    """Return how well the title fits what was typed, 0 best; None where it does not.

    Words that begin with the typed ones come before letters found within words, and these before
    letters that occur in their order only.
    """
    wanted, title = typed.casefold().split(), title.casefold()
    words = title.replace(":", " ").split()
    if all(any(word.startswith(each) for word in words) for each in wanted):
        return 0
    if all(each in title for each in wanted):
        return 1
    letters = iter(title)
    return 2 if all(letter in letters for letter in "".join(wanted)) else None
