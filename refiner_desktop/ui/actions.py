"""One registry of everything that can be done; menus, palette, keys and tool tips draw from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget

from refiner_desktop.ui.key_tips import KeyTip

Obstacle = Callable[[], str]
"""Says in a sentence why something can't be done now; nothing where it can."""


def needs(control: QAction | QWidget, sentence: str) -> Obstacle:
    """Return the obstacle that there is while a control is greyed or away."""

    def look() -> str:
        away = control.isHidden() if isinstance(control, QWidget) else not control.isVisible()
        return sentence if away or not control.isEnabled() else ""

    return look


@dataclass(eq=False, slots=True)
class Entry:
    """Something that can be done. `name` stays the same whatever the action calls itself.

    Its keys work inside the widget `place`, or everywhere; `usual` are those it came with. Some
    begin a part of their menu.
    """

    name: str
    group: str
    action: QAction
    usual: QKeySequence
    place: QWidget | None
    obstacle: Obstacle
    apart: bool = False
    """Whether a line divides it in its menu from what stands above."""

    @property
    def title(self) -> str:
        """What the action is called, as it is read."""
        return self.action.text().replace("&&", "&")

    @property
    def keys(self) -> QKeySequence:
        """The keys that do it now."""
        return self.action.shortcut()

    def overlaps(self, other: Entry) -> bool:
        """Whether there is a place where the keys of both would work."""
        if self.place is None or other.place is None or self.place is other.place:
            return True
        return self.place.isAncestorOf(other.place) or other.place.isAncestorOf(self.place)


class ActionRegistry(QObject):
    """All entries, in the order they were added, each live in the window that owns it.

    Signals: `keys_changed()`; `refused(sentence)` when what was asked for can't be done now.
    """

    keys_changed = Signal()
    refused = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._entries: dict[str, Entry] = {}
        self._apart: set[str] = set()

    def add(
        self,
        group: str,
        title: str,
        run: Callable[[], object],
        keys: str = "",
        *,
        within: QWidget | None = None,
        obstacle: Obstacle = str,
        button: QAbstractButton | None = None,
    ) -> QAction:
        """Register an action. Its keys work anywhere, or only inside the widget `within`.

        The tool tip of a `button` that does the same names the keys, or why it is greyed.
        """
        action = QAction(title, self._window)
        action.setShortcuts(_with_keypad(QKeySequence(keys)))
        if within is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        (within or self._window).addAction(action)
        entry = self._take(group, action, within, obstacle)
        action.triggered.connect(lambda: self._run(entry, run))
        if button is not None:
            KeyTip(button, action, obstacle)
        return action

    def adopt(
        self, group: str, action: QAction, sentence: str = "", *, within: QWidget | None = None
    ) -> None:
        """Register an action of somebody's own, which is greyed while the `sentence` holds.

        Its keys work inside `within`; they stay where they are.
        """
        self._take(group, action, within, needs(action, sentence))

    def separate(self, group: str) -> None:
        """Draw a line in a menu above what is registered next for it."""
        self._apart.add(group)

    def groups(self) -> dict[str, list[Entry]]:
        """Return the entries of each group, which is a menu."""
        groups: dict[str, list[Entry]] = {}
        for entry in self:
            groups.setdefault(entry.group, []).append(entry)
        return groups

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    # Keys

    def rivals(self, entry: Entry, keys: QKeySequence) -> list[Entry]:
        """Return who else has these keys where the entry would have them."""
        if keys.isEmpty():
            return []
        others = (each for each in self if each is not entry and each.keys == keys)
        return [each for each in others if each.overlaps(entry)]

    def set_keys(self, entry: Entry, keys: QKeySequence) -> None:
        """Give an entry these keys alone; empty ones take its keys away."""
        entry.action.setShortcuts(_with_keypad(keys))
        self.keys_changed.emit()

    def reset_keys(self) -> None:
        """Give every entry the keys that it came with."""
        for entry in self:
            entry.action.setShortcuts(_with_keypad(entry.usual))
        self.keys_changed.emit()

    def chosen_keys(self) -> dict[str, str]:
        """Return by name the keys that are not the usual ones, in the form of a file."""
        form = QKeySequence.SequenceFormat.PortableText
        return {each.name: each.keys.toString(form) for each in self if each.keys != each.usual}

    def choose_keys(self, chosen: Mapping[str, str]) -> None:
        """Bring back what `chosen_keys` returned, but no keys that would now mean two things."""
        known = [each for each in self if each.name in chosen]
        for entry in known:
            entry.action.setShortcuts([])
        for entry in known:
            keys = QKeySequence(chosen[entry.name])
            if not self.rivals(entry, keys):
                entry.action.setShortcuts(_with_keypad(keys))
        self.keys_changed.emit()

    def _take(
        self, group: str, action: QAction, place: QWidget | None, obstacle: Obstacle
    ) -> Entry:
        name = f"{group}: {action.text()}"
        assert name not in self._entries, f"there are two of {name}"
        apart = group in self._apart
        self._apart.discard(group)
        entry = Entry(name, group, action, action.shortcut(), place, obstacle, apart)
        self._entries[name] = entry
        return entry

    def _run(self, entry: Entry, run: Callable[[], object]) -> None:
        if why_not := entry.obstacle():
            self.refused.emit(why_not)
        else:
            run()


def _with_keypad(keys: QKeySequence) -> list[QKeySequence]:
    """Return the keys, and with Return those with the Enter of the number pad."""
    text = keys.toString(QKeySequence.SequenceFormat.PortableText)
    if text.endswith("Return"):
        return [keys, QKeySequence(text.replace("Return", "Enter"))]
    return [] if keys.isEmpty() else [keys]
