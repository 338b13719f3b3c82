"""One registry of everything that can be done; menus, palette and shortcuts all draw from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


class ActionRegistry:
    """Actions by menu, in the order they were added, each live in the window that owns it."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._menus: dict[str, list[QAction]] = {}

    def add(
        self,
        menu: str,
        title: str,
        run: Callable[[], object],
        shortcut: str = "",
        *,
        within: QWidget | None = None,
    ) -> QAction:
        """Register an action. Its shortcut works anywhere, or only inside the widget `within`."""
        action = QAction(title, self._window)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        if within is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda: run())
        (within or self._window).addAction(action)
        self._menus.setdefault(menu, []).append(action)
        return action

    def adopt(self, menu: str, action: QAction) -> None:
        """Put an action into a menu whose widget takes care of its shortcut."""
        self._menus.setdefault(menu, []).append(action)

    def separate(self, menu: str) -> None:
        """Draw a line below what a menu holds so far."""
        line = QAction(self._window)
        line.setSeparator(True)
        self._menus.setdefault(menu, []).append(line)

    def menus(self) -> dict[str, list[QAction]]:
        """Return the actions of each menu."""
        return self._menus

    def __iter__(self) -> Iterator[tuple[str, QAction]]:
        for menu, actions in self._menus.items():
            for action in actions:
                if not action.isSeparator():
                    yield menu, action


def mnemonic(name: str, taken: set[str]) -> str:
    """Return a menu's name with the letter marked that opens it with Alt, and take that letter."""
    for place, letter in enumerate(name):
        if letter.isalpha() and letter.casefold() not in taken:
            taken.add(letter.casefold())
            return f"{name[:place]}&{name[place:]}"
    return name
