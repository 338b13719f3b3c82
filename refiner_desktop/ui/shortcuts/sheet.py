"""F1: every action with its keys, each to be searched for and changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from refiner_desktop.ui.actions import ActionRegistry, Entry
from refiner_desktop.ui.announcing import announce
from refiner_desktop.ui.focus import step_down
from refiner_desktop.ui.shortcuts.fixed_keys import objection
from refiner_desktop.ui.shortcuts.key_field import KeyField
from refiner_desktop.ui.shortcuts.key_list import KeyList, native
from refiner_desktop.ui.styling import button, card, label, restyle, size_dialog
from refiner_desktop.ui.theme import SPACE

SIZE = (700, 560)
HINT = "Press the new keys. Backspace takes the keys away, Esc goes back to the list."
NOTHING = "No action is called like this, or has such keys. Change the words to see more."
FIXED_HINT = "These keys mean the same everywhere and stay as they are."


class ShortcutSheet(QDialog):
    """Lists the keys; those of the chosen action are changed below the list, at once.

    Keys that another action has where both would work are refused, until the person takes them
    away from the other.
    """

    def __init__(self, registry: ActionRegistry, window: QWidget) -> None:
        super().__init__(window)
        self._registry = registry
        self._wanted = QKeySequence()
        self.setObjectName("shortcuts")
        self.setWindowTitle("Shortcuts")
        self._search = QLineEdit(placeholderText="Search actions and keys", clearButtonEnabled=True)
        self._search.setObjectName("shortcuts.search")
        self._search.setAccessibleName("Search actions and keys")
        self._list = KeyList(registry)
        self._nothing = label(NOTHING, "muted", wrap=True)
        self._caption = label("", "heading", elide=True)
        self._field = KeyField("shortcuts.keys")
        self._usual = button("Reset this action", "shortcuts.reset")
        self._take = button("Take them for this", "shortcuts.take")
        self._said = label(HINT, "muted", wrap=True)
        self._all_usual = button("Reset all keys", "shortcuts.reset_all")
        self._close = button("Close", "shortcuts.close")
        self._lay_out()
        self._connect()

    def open_sheet(self) -> None:
        """Show it as the keys are now, with the cursor in the search."""
        self._search.clear()
        self._fill()
        self.show()
        self.raise_()
        self.activateWindow()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        size_dialog(self, *SIZE)
        editor = card()
        column = QVBoxLayout(editor)
        column.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        column.setSpacing(SPACE)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._field, 1)
        row.addWidget(self._usual)
        row.addWidget(self._take)
        column.addWidget(self._caption)
        column.addLayout(row)
        column.addWidget(self._said)
        foot = QHBoxLayout()
        foot.addWidget(self._all_usual)
        foot.addStretch(1)
        foot.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addWidget(self._search)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._nothing)
        layout.addWidget(editor)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self._search.textChanged.connect(lambda _: self._fill())
        self._search.returnPressed.connect(self._list.setFocus)
        step_down(self._search, self._list)
        self._list.chosen.connect(self._show_entry)
        self._list.opened.connect(self._field.setFocus)
        self._field.chosen.connect(self._on_keys_chosen)
        self._field.left.connect(self._on_left)
        self._usual.clicked.connect(self._reset)
        self._take.clicked.connect(self._take_away)
        self._all_usual.clicked.connect(self._registry.reset_keys)
        self._close.clicked.connect(self.close)
        self._registry.keys_changed.connect(self._fill)

    def _fill(self) -> None:
        self._nothing.setVisible(not self._list.fill(self._search.text()))
        self._all_usual.setEnabled(bool(self._registry.chosen_keys()))

    def _show_entry(self, entry: Entry | None) -> None:
        self._say(HINT if entry else FIXED_HINT)
        self._caption.setText(f"Keys of “{entry.title}”" if entry else "Fixed keys")
        self._field.set_title(self._caption.text())
        self._field.setEnabled(entry is not None)
        self._field.setKeySequence(entry.keys if entry else QKeySequence())
        self._usual.setEnabled(entry is not None and entry.keys != entry.usual)

    def _say(self, text: str, *, role: str = "muted", to_take: bool = False) -> None:
        self._said.setText(text)
        restyle(self._said, "role", role)
        self._take.setVisible(to_take)
        if role != "muted":
            announce(self._field, text, urgent=True)

    def _on_left(self) -> None:
        self._show_entry(self._list.entry)
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_keys_chosen(self, keys: QKeySequence) -> None:
        entry = self._list.entry
        if entry is None or keys == entry.keys:
            return
        rivals = self._registry.rivals(entry, keys)
        if problem := objection(entry, keys):
            self._field.setKeySequence(entry.keys)
            self._say(problem, role="danger")
        elif rivals:
            self._wanted = keys
            names = ", ".join(f"“{each.title}” ({each.group})" for each in rivals)
            self._say(f"{native(keys)} already stands for {names}.", role="warning", to_take=True)
        else:
            self._set(entry, keys)

    def _take_away(self) -> None:
        """Give the wanted keys to the chosen entry, and none to those that had them."""
        if (entry := self._list.entry) is not None:
            for rival in self._registry.rivals(entry, self._wanted):
                self._registry.set_keys(rival, QKeySequence())
            self._set(entry, self._wanted)

    def _reset(self) -> None:
        if (entry := self._list.entry) is not None:
            self._on_keys_chosen(entry.usual)

    def _set(self, entry: Entry, keys: QKeySequence) -> None:
        self._registry.set_keys(entry, keys)
        self._say(f"{native(keys) or 'Nothing'} stands for “{entry.title}” now.", role="success")
