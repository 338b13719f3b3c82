"""Mappings that a person has named, to be used on another file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from refiner_desktop.services.bulk.mapping import Mapping
from refiner_desktop.services.bulk.saved_mappings import SavedMappings
from refiner_desktop.ui.dialogs import ask, confirm
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.name_dialog import NameDialog

TITLE = "Saved mappings"
NONE_SAVED = "No saved mappings yet"
TASK = "bulk mapping"


class MappingMenu(QToolButton):
    """A menu of mappings. `current` returns the one of now.

    Signals: `chosen(mapping)` when one was taken; `announced(text)` when one was kept.
    """

    chosen = Signal(object)
    announced = Signal(str)

    def __init__(
        self, saved: SavedMappings, tasks: TaskRunner, current: Callable[[], Mapping]
    ) -> None:
        super().__init__()
        self._saved = saved
        self._tasks = tasks
        self._current = current
        self._mappings: dict[str, Mapping] = {}
        self._name = ""
        self.setText(TITLE)
        self.setObjectName("bulk.mappings")
        self.setAccessibleName(TITLE)
        self.setProperty("role", "menu")
        self.setProperty("icon_name", "mdi6.bookmark-outline")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self.setMenu(menu)

    def read(self) -> None:
        """Offer the mappings that are saved; none of them is chosen."""
        self._name = ""
        self._mappings = {}
        self._tasks.start(TASK, self._read())

    def save_as(self) -> None:
        """Ask for a name and keep the mapping of now under it."""
        self._tasks.start(TASK, self._save_as())

    def delete(self, name: str) -> None:
        """Forget a mapping, after a question."""
        self._tasks.start(TASK, self._delete(name))

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for name, mapping in self._mappings.items():
            _add(menu, name, partial(self._choose, name, mapping))
        if not self._mappings:
            menu.addAction(NONE_SAVED).setEnabled(False)
        menu.addSeparator()
        _add(menu, "Save this mapping as…", self.save_as).setEnabled(bool(self._current().columns))
        forget = menu.addMenu("Delete")
        for name in self._mappings:
            _add(forget, name, partial(self.delete, name))
        forget.setEnabled(bool(self._mappings))

    def _choose(self, name: str, mapping: Mapping) -> None:
        self._name = name
        self.chosen.emit(mapping)

    async def _read(self) -> None:
        self._mappings = await self._saved.all()

    async def _save_as(self) -> None:
        dialog = NameDialog(self.window(), "Save mapping as", "Save", self._name)
        if not await ask(dialog):
            return
        name = dialog.name
        if name in self._mappings and name != self._name and not await self._replaces(name):
            return
        await self._saved.save(name, self._current())
        await self._read()
        self._name = name
        self.announced.emit(f"The mapping “{name}” is saved.")

    async def _replaces(self, name: str) -> bool:
        explanation = "A mapping of this name is saved already."
        return await confirm(
            self.window(), f"Replace the mapping “{name}”?", explanation, "Replace"
        )

    async def _delete(self, name: str) -> None:
        explanation = "The columns on the screen stay as they are."
        if await confirm(self.window(), f"Delete the mapping “{name}”?", explanation, "Delete"):
            await self._saved.delete(name)
            await self._read()


def _add(menu: QMenu, text: str, run: Callable[[], None]) -> QAction:
    action = menu.addAction(one_line(text).replace("&", "&&"))
    action.triggered.connect(lambda: run())
    return action
