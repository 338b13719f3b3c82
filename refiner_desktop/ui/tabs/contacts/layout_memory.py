"""Remembers how each environment's table was arranged and sorted."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from refiner_desktop.services.contacts.view import ContactView
from refiner_desktop.services.contacts.views import ContactViews
from refiner_desktop.ui.tabs.contacts.contact_grid import ContactGrid
from refiner_desktop.ui.task_runner import TaskRunner

SETTLE_MS = 200
"""A column that is being dragged wider says so with every pixel."""

REMEMBER = "remember layout"


class LayoutMemory(QObject):
    """Writes down what a person makes of the grid, and brings it back.

    Only columns and sort: a filter or a search that comes back by itself would hide rows.
    """

    def __init__(self, views: ContactViews, grid: ContactGrid, tasks: TaskRunner) -> None:
        super().__init__(grid)
        self._views = views
        self._grid = grid
        self._tasks = tasks
        self._environment: str | None = None
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self._remember)
        grid.rearranged.connect(lambda: self._settling.start())

    async def enter(self, environment: str) -> None:
        """Let the grid look as it did when this environment was left."""
        if environment == self._environment:
            return
        view = await self._views.last() or ContactView()
        self._environment = environment
        self._grid.set_layout(view.columns, view.sort)

    async def put_away(self) -> None:
        """Write down what was to be written down in a moment, before all ends."""
        if self._settling.isActive() and self._environment is not None:
            self._settling.stop()
            await self._views.remember(self._view(), self._environment)

    def leave(self) -> None:
        """Write down now what was to be written down in a moment."""
        if self._settling.isActive():
            self._settling.stop()
            self._remember()
        self._environment = None

    def _remember(self) -> None:
        if self._environment is not None:
            self._tasks.start(REMEMBER, self._views.remember(self._view(), self._environment))

    def _view(self) -> ContactView:
        return ContactView(sort=self._grid.sort, columns=self._grid.looks)
