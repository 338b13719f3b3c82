"""Keeps what stands in a form while it is typed, and brings it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from refiner_desktop.services.users.form_drafts import Draft, Form, FormDrafts
from refiner_desktop.ui.task_runner import TaskRunner


class DraftMemory(QObject):
    """Writes a form's draft with every change, into the environment that it was typed in.

    While one write runs, the newest change waits.
    """

    def __init__(
        self,
        form: Form,
        drafts: FormDrafts,
        tasks: TaskRunner,
        show: Callable[[Draft], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._form = form
        self._drafts = drafts
        self._tasks = tasks
        self._show = show
        self._environment = ""
        self._typed: dict[str, Draft] = {}
        self._waiting: set[str] = set()

    def enter(self, environment: str) -> None:
        """Show the draft of an environment, if it has one; what is typed now belongs to it."""
        self._environment = environment
        if environment in self._typed:  # the disk may not have the last letters yet
            self._show(self._typed[environment])
        else:
            self._tasks.start(f"{self._form.value} draft", self._bring_back(environment))

    def remember(self, draft: Draft) -> None:
        """Keep this draft of the environment that was entered."""
        self._typed[self._environment] = draft
        self._waiting.add(self._environment)
        self._tasks.ensure(self._writing, self._write)

    async def put_away(self) -> None:
        """Write now what waits to be written."""
        await self._write()

    @property
    def _writing(self) -> str:
        return f"{self._form.value} draft kept"

    async def _bring_back(self, environment: str) -> None:
        draft = await self._drafts.read(environment, self._form)
        if draft is not None and environment == self._environment not in self._typed:
            self._show(draft)

    async def _write(self) -> None:
        while self._waiting:
            environment = self._waiting.pop()
            await self._drafts.keep(environment, self._typed[environment])
