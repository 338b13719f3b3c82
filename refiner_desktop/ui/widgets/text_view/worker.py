"""Long computations beside the window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

_POLL_MS = 5


class Worker(QObject):
    """Runs one function at a time in a thread of its own; the newest wins.

    The function is given `cancelled()`, which turns true once nobody waits for its result. Needs
    Qt's event loop and no other. `done` brings the result; an exception reaches `sys.excepthook`.

    The thread touches no Qt object and a timer fetches its result, so a widget may be deleted at
    any moment. A Python thread it is and not one of QThreadPool, whose stack is too small on some
    systems for the recursion of a JSON parser.
    """

    done = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turns = _Turns()
        self._result: Future[Any] | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._on_timeout)
        self.destroyed.connect(self._turns.next)

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""
        return self._result is not None

    def start(self, work: Callable[[Callable[[], bool]], Any]) -> None:
        """Run `work(cancelled)` in a thread; the result of an earlier call is dropped."""
        turns, result = self._turns, Future[Any]()
        turn = turns.next()
        self._result = result

        def cancelled() -> bool:
            return turns.latest != turn  # names no Qt object: the worker may be gone by then

        threading.Thread(target=_run, args=(work, cancelled, result), daemon=True).start()
        self._timer.start()

    def cancel(self) -> None:
        """Drop the result that is still to come."""
        self._turns.next()
        self._timer.stop()
        self._result = None

    def _on_timeout(self) -> None:
        if self._result is not None and self._result.done():
            result = self._result
            self.cancel()
            self.done.emit(result.result())


class _Turns:
    """Counts the calls, so that a thread can see whether its own is still the latest."""

    def __init__(self) -> None:
        self.latest = 0

    def next(self) -> int:
        self.latest += 1
        return self.latest


def _run(
    work: Callable[[Callable[[], bool]], Any], cancelled: Callable[[], bool], result: Future[Any]
) -> None:
    try:
        result.set_result(work(cancelled))
    except BaseException as exc:  # the waiting side raises it again
        result.set_exception(exc)
