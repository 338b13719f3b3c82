"""Keeps chosen keys, and what the palette ran last, over restarts."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject

from refiner_desktop.settings.settings import ActionSettings, SettingsStore
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.palette import CommandPalette

REMEMBER = "remember actions"


class ActionMemory(QObject):
    """Brings back at once what the settings say, and writes down every change."""

    def __init__(
        self,
        registry: ActionRegistry,
        palette: CommandPalette,
        settings: SettingsStore,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(registry)
        self._registry = registry
        self._settings = settings
        self._tasks = tasks
        registry.choose_keys(settings.current.actions.keys)
        palette.set_recent(settings.current.actions.recent)
        registry.keys_changed.connect(self._remember_keys)
        palette.used.connect(self._remember_recent)

    def _remember_keys(self) -> None:
        kept = self._settings.current.actions
        self._save(msgspec.structs.replace(kept, keys=self._registry.chosen_keys()))

    def _remember_recent(self, names: tuple[str, ...]) -> None:
        self._save(msgspec.structs.replace(self._settings.current.actions, recent=names))

    def _save(self, actions: ActionSettings) -> None:
        settings = msgspec.structs.replace(self._settings.current, actions=actions)
        self._tasks.start(REMEMBER, self._settings.save(settings))
