"""Keys that mean the same in every program, or belong to what has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from refiner_desktop.ui.actions import Entry

FIXED_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "In a text or a field": {
        "Copy, cut, paste": ("Ctrl+C", "Ctrl+X", "Ctrl+V"),
        "Undo and redo": ("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y"),
        "Select all": ("Ctrl+A",),
        "Find, find next and previous": ("Ctrl+F", "F3", "Shift+F3"),
        "Go to a line": ("Ctrl+G",),
        "Fold and unfold": ("Ctrl+Shift+[", "Ctrl+Shift+]"),
        "Fold and unfold all": ("Ctrl+Alt+[", "Ctrl+Alt+]"),
    },
    "In a table or a list": {
        "Copy the rows": ("Ctrl+C",),
        "Open": ("Return",),
        "Menu of the row": ("Menu", "Shift+F10"),
        "Menu of the column (contacts)": ("Alt+Down",),
        "Move the row": ("Alt+Up", "Alt+Down"),
        "Remove": ("Del",),
    },
    "Everywhere": {
        "Next field, previous field": ("Tab", "Shift+Tab"),
        "Next page, previous page": ("Ctrl+Tab", "Ctrl+Shift+Tab"),
        "Press what has the keyboard": ("Space",),
        "Back, or cancel": ("Esc",),
    },
}
"""By group and title, for the sheet; they can't be changed."""

_TAKEN = {
    QKeySequence(keys): title
    for group in FIXED_GROUPS.values()
    for title, several in group.items()
    for keys in several
}
_WRITING = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


def objection(entry: Entry, keys: QKeySequence) -> str:
    """Say why an entry can't have these keys, or nothing. It may always have its usual ones."""
    if keys.isEmpty() or keys == entry.usual:
        return ""
    if (title := _TAKEN.get(keys)) is not None:
        return f"{_shown(keys)} stays what it is everywhere: {title[0].lower()}{title[1:]}."
    if _writes(keys) and entry.action.shortcutContext() != Qt.ShortcutContext.WidgetShortcut:
        return f"{_shown(keys)} writes into fields. Take it with Ctrl, Alt, or both."
    return ""


def _writes(keys: QKeySequence) -> bool:
    """Whether the keys put a character into a field."""
    stroke = keys[0]  # type: ignore[index]  # the stubs know of no such operator
    is_character = Qt.Key.Key_Space <= stroke.key() <= Qt.Key.Key_ydiaeresis
    return is_character and stroke.keyboardModifiers() in _WRITING


def _shown(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
