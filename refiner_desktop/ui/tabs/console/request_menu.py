"""What else can be done with a request: saved, copied as code, given variables."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from refiner_desktop.services.requests.code import Language
from refiner_desktop.ui.styling import tool


class RequestMenu(QObject):
    """A menu behind a `button`. Signals: `code_wanted(language, with_key)`."""

    code_wanted = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.button = tool("More", "console.more", "More about the request", role="menu")
        self._menu = QMenu(self.button)
        self.button.setMenu(self._menu)

    def fill(self, *groups: list[QAction]) -> None:
        """Show these actions, with the ways to copy a request behind the first group."""
        for place, actions in enumerate(groups):
            self._menu.addActions(actions)
            self._menu.addSeparator()
            if place == 0:
                self._add_copies()

    def _add_copies(self) -> None:
        for title, with_key in (("Copy as", False), ("Copy as, with the key", True)):
            copies = self._menu.addMenu(title)
            for language in Language:
                copies.addAction(
                    language.value,
                    lambda each=language, key=with_key: self.code_wanted.emit(each, key),
                )
        self._menu.addSeparator()
