"""The running work of one widget: named, cancellable, and never silently failing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

_log = logging.getLogger(__name__)


class TaskRunner(QObject):
    """Owns the tasks of one widget; starting a name again cancels its earlier run.

    Signals: `changed()` when a task starts or ends; `failed(exception)` when one ends with an
    error, already logged.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._labels: dict[str, str] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, None], *, label: str = "") -> None:
        """Run `work`. A `label` is shown in the status bar, with a way to cancel it."""
        self.cancel(name)
        task = asyncio.create_task(work, name=name)
        self._tasks[name] = task
        self._labels[name] = label
        task.add_done_callback(self._on_done)
        self.changed.emit()

    def cancel(self, name: str | None = None) -> None:
        """Cancel the task of that name, or all of them."""
        for each in [name] if name else list(self._tasks):
            if task := self._tasks.pop(each, None):
                self._ending.add(task)
                task.cancel()
        self.changed.emit()

    def running(self, name: str) -> bool:
        """Whether a task of that name runs."""
        return name in self._tasks

    def labels(self) -> dict[str, str]:
        """Return name and label of every running task that has a label."""
        return {name: self._labels[name] for name in self._tasks if self._labels[name]}

    async def aclose(self) -> None:
        """Cancel everything and wait until it has ended."""
        self.cancel()
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        if self._tasks.get(task.get_name()) is task:
            del self._tasks[task.get_name()]
        self.changed.emit()
        if task.cancelled() or (error := task.exception()) is None:
            return
        _log.error("%s failed", task.get_name(), exc_info=error)
        self.failed.emit(error)
