"""The saved views of the contacts: chosen, saved, renamed and deleted by name."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from refiner_desktop.services.contacts.view import ContactView
from refiner_desktop.services.contacts.views import ContactViews
from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.amounts import counted
from refiner_desktop.ui.dialogs import ask, confirm
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.name_dialog import NameDialog
from refiner_desktop.ui.widgets.pressed_by_enter import ToolButton

NO_VIEW = "Views"
NONE_SAVED = "No saved views yet"
GONE = Problem("This view is no longer there.", "It was deleted, or another version saved it.")
NONE_CHOSEN = Problem("No saved view is chosen.", "Choose one under “Views” first.")
LONGEST_TITLE = 24


class ViewBar(QWidget):
    """Keeps what a person sees under names, and says what of the rows is out of sight.

    `current` returns the view of now. Signals: `opened(view)` when a saved one was chosen;
    `columns_requested()`; `announced(text)` when something that was asked for has worked;
    `troubled(problem)` when it has not.
    """

    opened = Signal(object)
    columns_requested = Signal()
    announced = Signal(str)
    troubled = Signal(object)

    def __init__(
        self, views: ContactViews, tasks: TaskRunner, current: Callable[[], ContactView]
    ) -> None:
        super().__init__()
        self._views = views
        self._tasks = tasks
        self._current = current
        self._name = ""
        self._saved: ContactView | None = None
        self._names: tuple[str, ...] = ()
        self._mark = button("", "contacts.mark", role="mark")
        self._mark.setToolTip("What is out of sight; press to choose the columns")
        self._views_button = ToolButton()
        self._columns_button = button("Columns…", "contacts.columns", icon="mdi6.view-column")
        self._lay_out()
        self._columns_button.clicked.connect(self.columns_requested)
        self._mark.clicked.connect(self.columns_requested)
        self.show_out_of_sight(0, 0)
        self._show_title()

    @property
    def name(self) -> str:
        """The name of the saved view that was chosen, "" for none."""
        return self._name

    def show_out_of_sight(self, hidden: int, filters: int, hidden_sort: str = "") -> None:
        """Say how many columns are hidden, how many filters hold, and what unseen column sorts."""
        parts = [
            _counted(hidden, "column hidden", "columns hidden"),
            _counted(filters, "filter", "filters"),
            f"sorted by {hidden_sort}" if hidden_sort else "",
        ]
        text = " · ".join(part for part in parts if part)
        self._mark.setText(text)
        self._mark.setAccessibleName(f"Out of sight: {text}")
        self._mark.setVisible(bool(text))
        self._show_title()

    def read_names(self) -> None:
        """Offer the views of the environment in use; none of them is chosen."""
        self._choose("", None)
        self._tasks.start("views", self._read_names())

    def save(self) -> None:
        """Save what is seen now under the name of the view that was chosen, or a new one."""
        if self._name:
            self._tasks.start("view", self._keep(self._name))
        else:
            self.save_as()

    def save_as(self) -> None:
        """Ask for a name and save what is seen now under it."""
        self._tasks.start("view", self._save_as())

    def rename(self) -> None:
        """Ask for another name for the view that was chosen."""
        self._with_view(self._rename)

    def delete(self) -> None:
        """Forget the view that was chosen, after a question."""
        self._with_view(self._delete)

    def _with_view(self, work: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        if self._name:
            self._tasks.start("view", work(self._name))
        else:
            self.troubled.emit(NONE_CHOSEN)

    def open_view(self, name: str) -> None:
        """Bring a saved view back."""
        self._tasks.start("view", self._open(name))

    def _lay_out(self) -> None:
        self._views_button.setObjectName("contacts.views")
        self._views_button.setProperty("icon_name", "mdi6.bookmark-outline")
        self._views_button.setProperty("role", "menu")
        self._views_button.setAccessibleName("Saved views")
        self._views_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._views_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._views_button)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self._views_button.setMenu(menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        for each in (self._mark, self._views_button, self._columns_button):
            layout.addWidget(each)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for name in self._names:
            _add(menu, name, partial(self.open_view, name), chosen=name == self._name)
        if not self._names:
            menu.addAction(NONE_SAVED).setEnabled(False)
        menu.addSeparator()
        _add(menu, "Save view", self.save, enabled=bool(self._name))
        _add(menu, "Save view as…", self.save_as)
        _add(menu, "Rename view…", self.rename, enabled=bool(self._name))
        _add(menu, "Delete view…", self.delete, enabled=bool(self._name))

    async def _read_names(self) -> None:
        self._names = tuple(await self._views.names())

    async def _open(self, name: str) -> None:
        view = await self._views.get(name)
        if view is None:
            self.troubled.emit(GONE)
            await self._read_names()
            return
        self._choose(name, view)
        self.opened.emit(view)
        self._show_title()

    async def _save_as(self) -> None:
        dialog = NameDialog(self.window(), "Save view as", "Save", self._name)
        if not await ask(dialog):
            return
        name = dialog.name
        question = f"Replace the view “{name}”?"
        if name in self._names and name != self._name:
            explanation = "A view of this name is saved already."
            if not await confirm(self.window(), question, explanation, "Replace"):
                return
        await self._keep(name)

    async def _keep(self, name: str) -> None:
        view = self._current()
        await self._views.save(name, view)
        await self._read_names()
        self._choose(name, view)
        self.announced.emit(f"The view “{name}” is saved.")

    async def _rename(self, old: str) -> None:
        dialog = NameDialog(self.window(), "Rename view", "Rename", old, taken=self._names)
        if not await ask(dialog):
            return
        name = dialog.name  # now: the dialog is gone with the next turn of the loop
        if name != old:
            await self._views.rename(old, name)
            await self._read_names()
            self._choose(name, self._saved)

    async def _delete(self, name: str) -> None:
        explanation = "The rows and columns on the screen stay as they are."
        if await confirm(self.window(), f"Delete the view “{name}”?", explanation, "Delete"):
            await self._views.delete(name)
            await self._read_names()
            self._choose("", None)

    def _choose(self, name: str, view: ContactView | None) -> None:
        self._name, self._saved = name, view
        self._show_title()

    def _show_title(self) -> None:
        changed = self._saved is not None and self._current() != self._saved
        title = one_line(self._name or NO_VIEW)
        cut = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
        self._views_button.setText(f"{cut}{' (changed)' if changed else ''}")
        self._views_button.setToolTip(self._name)


def _add(
    menu: QMenu,
    text: str,
    run: Callable[[], None],
    *,
    enabled: bool = True,
    chosen: bool | None = None,
) -> QAction:
    action = menu.addAction(one_line(text).replace("&", "&&"))
    action.setEnabled(enabled)
    if chosen is not None:
        action.setCheckable(True)
        action.setChecked(chosen)
    action.triggered.connect(lambda: run())
    return action


def _counted(count: int, one: str, many: str) -> str:
    return counted(count, one, many) if count else ""
