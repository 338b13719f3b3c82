"""What every tab is made of."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.task_runner import TaskRunner


class Tab(QWidget):
    """A page of the main window with running work of its own.

    Signals: `announced(text)` when something a person asked for has worked; `warned(problem)` when
    something went wrong that no one waits for, and `settled(problem)` when that is over;
    `offered(problem, offer)` where something can be done about it; `filed(text, path)` when a file
    was written; `wanted()` when it should come to the front; `badged(count)` when so many things
    wait to be seen.
    """

    announced = Signal(str)
    warned = Signal(object)
    settled = Signal(object)
    offered = Signal(object, object)
    filed = Signal(str, object)
    wanted = Signal()
    badged = Signal(int)

    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self.setProperty("icon_name", icon_name)
        self.tasks = TaskRunner(self)
        self.entry: QWidget | None = None
        """Where the keyboard goes when the tab first opens; None for its first control."""

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Say in sentences what would be lost if `target` took over now, or None: at the end."""
        return ()

    async def put_away(self) -> None:
        """Write down what the next start brings back; at the end, before the work is stopped."""

    def register(self, registry: ActionRegistry) -> None:
        """Add this tab's actions to the menus and the palette."""

    def button(self, name: str) -> QAbstractButton:
        """Return a button of this tab by its objectName. Raises `LookupError`."""
        found = self.findChild(QAbstractButton, name)
        if found is None:
            raise LookupError(f"there is no button named {name}")
        return found
