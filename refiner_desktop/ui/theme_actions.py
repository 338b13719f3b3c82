"""Light, dark or as the system has it: chosen in the menu, kept in the settings."""

from __future__ import annotations

from functools import partial

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup

from refiner_desktop.settings.settings import SettingsStore, ThemeChoice
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.theme_follower import ThemeFollower

REMEMBER = "remember the theme"

TITLES: dict[ThemeChoice, str] = {
    "system": "Theme of the system",
    "light": "Light theme",
    "dark": "Dark theme",
}


class ThemeActions(QObject):
    """Registers an action for each choice; the one that holds is checked."""

    def __init__(
        self,
        registry: ActionRegistry,
        themes: ThemeFollower,
        settings: SettingsStore,
        tasks: TaskRunner,
    ) -> None:
        super().__init__(registry)
        self._themes = themes
        self._settings = settings
        self._tasks = tasks
        group = QActionGroup(self)
        for choice, title in TITLES.items():
            action = registry.add("Application", title, partial(self._choose, choice))
            action.setCheckable(True)
            action.setChecked(choice == settings.current.theme)
            group.addAction(action)

    def _choose(self, choice: ThemeChoice) -> None:
        self._themes.force(choice)
        settings = msgspec.structs.replace(self._settings.current, theme=choice)
        self._tasks.start(REMEMBER, self._settings.save(settings))
