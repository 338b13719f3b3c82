"""What is asked for the console as a whole: its variables and its limits."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.services.requests.variables import WrongVariable
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.ui.dialogs import ask
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.tabs.console.dialogs import LimitsDialog, VariablesDialog
from refiner_desktop.ui.task_runner import TaskRunner


class SettingsWork(QObject):
    """Signals: `variables_changed()`; `limits_changed()`, with the folder of saved requests."""

    variables_changed = Signal()
    limits_changed = Signal()

    def __init__(
        self,
        window: QWidget,
        requests: RequestsService,
        settings: SettingsStore,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._requests = requests
        self._settings = settings
        self._tasks = tasks

    def edit_variables(self) -> None:
        """Ask for the variables of the environment."""
        self._tasks.start("variables", self._ask_for_variables())

    def edit_limits(self) -> None:
        """Ask how much is kept, and where."""
        self._tasks.start("settings", self._ask_for_limits())

    async def _ask_for_variables(self) -> None:
        values = self._requests.variables
        rows, problem = tuple(KeyValue(name, value=values[name]) for name in values), ""
        while True:
            dialog = VariablesDialog(self._window, rows)
            dialog.say(problem)
            if not await ask(dialog):
                return
            rows = dialog.rows()
            try:
                await self._requests.save_variables(variables_of(rows))
            except WrongVariable as exc:
                problem = str(exc)
            else:
                self.variables_changed.emit()
                return

    async def _ask_for_limits(self) -> None:
        store = self._settings
        folder = str(self._requests.saved.folder)
        dialog = LimitsDialog(self._window, store.current.console, folder)
        if await ask(dialog):
            await store.save(msgspec.structs.replace(store.current, console=dialog.settings()))
            self.limits_changed.emit()


def variables_of(rows: tuple[KeyValue, ...]) -> dict[str, str]:
    """Return the variables that rows stand for.

    Raises `WrongVariable` where one name has two values: neither is to be lost silently.
    """
    values: dict[str, str] = {}
    for row in rows:
        name = row.key.strip()
        if name in values:
            raise WrongVariable(f"“{name}” stands here twice; a variable has one value.")
        values[name] = row.value
    return values
