"""The list of all actions and their keys, by group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from refiner_desktop.ui.actions import ActionRegistry, Entry
from refiner_desktop.ui.shortcuts.fixed_keys import FIXED_GROUPS
from refiner_desktop.ui.theme import scaled

KEYS_WIDTH = 210

ENTRY = Qt.ItemDataRole.UserRole + 1
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyList(QTreeWidget):
    """What can be done, with its keys; those that can't be changed come last.

    Signals: `chosen(entry)`, None where there is nothing to change; `opened()` by Enter.
    """

    chosen = Signal(object)
    opened = Signal()

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__()
        self._registry = registry
        self.setObjectName("shortcuts.list")
        self.setAccessibleName("Actions and their keys")
        self.setHeaderLabels(["Action", "Keys"])
        self.setUniformRowHeights(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(1, scaled(KEYS_WIDTH))
        self.currentItemChanged.connect(lambda item, _: self.chosen.emit(_entry(item)))
        self.itemDoubleClicked.connect(lambda *_: self.opened.emit())

    @property
    def entry(self) -> Entry | None:
        """The chosen entry."""
        return _entry(self.currentItem())

    def fill(self, typed: str) -> int:
        """Show what has all the words in its group, title or keys; return how many these are."""
        words, before = typed.casefold().split(), self.entry
        self.blockSignals(True)
        self.clear()
        found = sum(
            self._add_group(group, [(e.title, _own(e), e) for e in entries], words)
            for group, entries in self._registry.groups().items()
        )
        for group, lines in FIXED_GROUPS.items():
            fixed = [(title, ", ".join(map(native, keys)), None) for title, keys in lines.items()]
            found += self._add_group(group, fixed, words)
        self.expandAll()
        self._choose(before)
        self.blockSignals(False)
        self.chosen.emit(self.entry)
        return found

    def _add_group(
        self, group: str, lines: Sequence[tuple[str, str, Entry | None]], words: Sequence[str]
    ) -> int:
        fitting = [
            line for line in lines
            if all(word in f"{group} {line[0]} {line[1]}".casefold() for word in words)
            and (line[2] is None or line[2].action.isVisible())
        ]  # fmt: skip
        if fitting:
            head = QTreeWidgetItem(self, [group])
            head.setFirstColumnSpanned(True)
            font = head.font(0)
            font.setBold(True)
            head.setFont(0, font)
            for title, keys, entry in fitting:
                _line(head, group, title, keys, entry)
        return len(fitting)

    def _choose(self, entry: Entry | None) -> None:
        """Stay with the entry, or go to the first."""
        lines = [
            head.child(place)
            for head in map(self.topLevelItem, range(self.topLevelItemCount())) if head
            for place in range(head.childCount())
        ]  # fmt: skip
        same = (line for line in lines if entry is not None and _entry(line) is entry)
        if line := next(same, lines[0] if lines else None):
            self.setCurrentItem(line)

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.opened.emit()
        else:
            super().keyPressEvent(event)


def native(keys: QKeySequence | str) -> str:
    """Return keys as the system writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _own(entry: Entry) -> str:
    usual = f"  (usually {native(entry.usual) or 'none'})" if entry.keys != entry.usual else ""
    return f"{native(entry.keys) or ('none' if usual else '')}{usual}"


def _line(head: QTreeWidgetItem, group: str, title: str, keys: str, entry: Entry | None) -> None:
    item = QTreeWidgetItem(head, [title, keys])
    item.setData(0, ENTRY, entry)
    spoken = f"{group}: {title}, {keys or 'no keys'}{'' if entry else ', fixed'}"
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
    item.setData(1, Qt.ItemDataRole.AccessibleTextRole, f"Keys: {keys or 'none'}")


def _entry(item: QTreeWidgetItem | None) -> Entry | None:
    found = item.data(0, ENTRY) if item is not None else None
    return found if isinstance(found, Entry) else None
