"""A dialog that asks before it throws away what a person has changed in it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from refiner_desktop.ui.dialogs import confirm
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.asking_dialog import AskingDialog

LEAVE = "leave a dialog"


class CarefulDialog(AskingDialog):
    """Esc and *Cancel* close it at once only while nothing is `changed`, which a subclass says."""

    def __init__(self, parent: QWidget, title: str, action: str, tasks: TaskRunner) -> None:
        super().__init__(parent, title, action)
        self.tasks = tasks

    def changed(self) -> bool:
        """Whether something would be lost."""
        raise NotImplementedError

    async def _leave(self) -> None:
        explanation = "What you have changed here is not kept anywhere."
        if await confirm(self, "Throw your changes away?", explanation, "Throw away"):
            super().reject()

    # Reimplemented Qt methods

    def reject(self) -> None:
        if self.isVisible() and self.changed():
            self.tasks.start(LEAVE, self._leave())
        else:
            super().reject()
