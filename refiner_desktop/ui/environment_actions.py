"""Ctrl+1 to Ctrl+9: each environment by its place in the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction

from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.actions import ActionRegistry

PLACES = 9


class EnvironmentActions:
    """Actions in menu and palette that switch to the first nine environments."""

    def __init__(self, registry: ActionRegistry, switch: Callable[[Environment], None]) -> None:
        self._switch = switch
        self._environments: Sequence[Environment] = ()
        self._actions = [self._add(registry, place) for place in range(PLACES)]

    def show_environments(self, environments: Sequence[Environment]) -> None:
        """Name the actions after the environments; those without one are not to be seen."""
        self._environments = environments
        for place, action in enumerate(self._actions):
            there = place < len(environments)
            action.setVisible(there)
            action.setEnabled(there)
            if there:
                action.setText(f"Switch to {environments[place].name}".replace("&", "&&"))

    def _add(self, registry: ActionRegistry, place: int) -> QAction:
        number = place + 1
        return registry.add(
            "Environment", f"Switch to number {number}", partial(self._go, place), f"Ctrl+{number}"
        )

    def _go(self, place: int) -> None:
        self._switch(self._environments[place])
