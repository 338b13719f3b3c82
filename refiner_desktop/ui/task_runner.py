"""The running work of one widget: named, cancellable, and never silently failing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

Work = Coroutine[Any, Any, None]
Begin = Callable[[], Work]
GiveWay = Callable[[], bool]
"""Ends a task in a way of its own; False where it is to be cancelled like any other."""

_log = logging.getLogger(__name__)


class TaskRunner(QObject):
    """Owns the tasks of one widget. Of one name only one runs: a newer one waits for its end.

    Signals: `changed()` when a task starts or ends; `failed(exception)` when one ends with an
    error, already logged.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._labels: dict[str, str] = {}
        self._ways: dict[str, GiveWay] = {}
        self._again: dict[str, Begin] = {}
        self._unended: set[asyncio.Task[None]] = set()
        self._closed = False

    def start(
        self, name: str, work: Work, *, label: str = "", give_way: GiveWay = lambda: False
    ) -> None:
        """Run `work`, after cancelling what runs under that name and waiting until it has ended.

        A `label` is shown in the status bar, with a way to cancel it: first `give_way` is asked.
        """
        if self._closed:
            work.close()
            return
        before = self._tasks.get(name)
        if before is not None:
            before.cancel()
        task = asyncio.create_task(_after(before, work), name=name)
        self._tasks[name] = task
        self._labels[name] = label
        self._ways[name] = give_way
        self._unended.add(task)
        task.add_done_callback(partial(self._on_done, work))
        self.changed.emit()

    def ensure(self, name: str, begin: Begin) -> None:
        """Run the work that `begin` begins, or once more where it runs: after its end.

        For work that takes what there is to do: what comes while it ends is not left behind.
        """
        if name in self._tasks:
            self._again[name] = begin
        else:
            self.start(name, begin())

    def relabel(self, name: str, label: str) -> None:
        """Say something else of a running task, such as how far it has come."""
        if name in self._tasks:
            self._labels[name] = label
            self.changed.emit()

    def cancel(self, name: str | None = None) -> None:
        """Cancel the task of that name, or all of them, each in its own way.

        It counts as running until it has ended.
        """
        for each in [name] if name else list(self._tasks):
            self._again.pop(each, None)
            task = self._tasks.get(each)
            if task is not None and not self._ways[each]():
                task.cancel()

    def running(self, name: str) -> bool:
        """Whether a task of that name runs."""
        return name in self._tasks

    def labels(self) -> dict[str, str]:
        """Return name and label of every running task that has a label."""
        return {name: self._labels[name] for name in self._tasks if self._labels[name]}

    async def aclose(self) -> None:
        """Cancel everything, wait until it has ended, and start nothing any more.

        Nothing is asked to give way: closing waits for no call that hangs.
        """
        self._closed = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._unended, return_exceptions=True)

    def _on_done(self, work: Work, task: asyncio.Task[None]) -> None:
        work.close()  # a task that is cancelled before its first step leaves it unopened
        self._unended.discard(task)
        if self._tasks.get(task.get_name()) is task:
            self._end(task.get_name())
        self.changed.emit()
        if task.cancelled() or (error := task.exception()) is None:
            return
        _log.error("%s failed", task.get_name(), exc_info=error)
        self.failed.emit(error)

    def _end(self, name: str) -> None:
        del self._tasks[name]
        if begin := self._again.pop(name, None):
            self.start(name, begin())


async def _after(before: asyncio.Task[None] | None, work: Work) -> None:
    if before is not None:
        await asyncio.wait([before])
    await work
