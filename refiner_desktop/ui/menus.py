"""The menu bar: every entry of the registry, greyed with a reason where it can't be done now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QMenuBar

from refiner_desktop.ui.actions import ActionRegistry, Entry


def add_menus(bar: QMenuBar, names: Iterable[str]) -> dict[str, QMenu]:
    """Return the menus of a bar by name, empty ones."""
    bar.setAccessibleName("Menus")
    taken: set[str] = set()
    return {name: bar.addMenu(mnemonic(name, taken)) for name in names}


def fill_menus(menus: Mapping[str, QMenu], registry: ActionRegistry) -> None:
    """Put each group of the registry into the menu of its name."""
    for group, entries in registry.groups().items():
        menu = menus[group]
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry.apart and not menu.isEmpty():
                menu.addSeparator()
            menu.addAction(entry.action)
        _Greying(menu, entries)


class _Greying(QObject):
    """Greys what can't be done while its menu is open.

    Only so long: a greyed action has no keys, and those who press them are to be told why.
    """

    def __init__(self, menu: QMenu, entries: Sequence[Entry]) -> None:
        super().__init__(menu)
        self._entries = entries
        self._greyed: list[Entry] = []
        menu.aboutToShow.connect(self._grey)
        menu.aboutToHide.connect(self._restore)

    def _grey(self) -> None:
        for entry in self._entries:
            why_not = entry.obstacle()
            entry.action.setToolTip(why_not)
            if why_not and entry.action.isEnabled():
                entry.action.setEnabled(False)
                self._greyed.append(entry)

    def _restore(self) -> None:
        for entry in self._greyed:
            entry.action.setEnabled(True)
        self._greyed.clear()


def mnemonic(name: str, taken: set[str]) -> str:
    """Return a menu's name with the letter marked that opens it with Alt, and take that letter."""
    for place, letter in enumerate(name):
        if letter.isalpha() and letter.casefold() not in taken:
            taken.add(letter.casefold())
            return f"{name[:place]}&{name[place:]}"
    return name
