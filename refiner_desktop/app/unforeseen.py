"""Failures that reach nobody: in an answer to a click, a thread, a destructor, a forgotten task.

Python would print a traceback to a terminal that may not be there. Here each is written to the log
at once, and the window tells of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

Tell = Callable[[BaseException], None]

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def unforeseen(tell: Tell) -> Iterator[None]:
    """Log what nobody caught, from any thread, and `tell` of it on the running loop."""
    hooks = _Hooks(asyncio.get_running_loop(), tell)
    before = sys.excepthook, sys.unraisablehook, threading.excepthook
    sys.excepthook, sys.unraisablehook = hooks.in_a_call, hooks.unraisable
    threading.excepthook = hooks.in_a_thread
    hooks.loop.set_exception_handler(hooks.on_the_loop)
    try:
        yield
    finally:
        sys.excepthook, sys.unraisablehook, threading.excepthook = before
        hooks.loop.set_exception_handler(None)


class _Hooks:
    def __init__(self, loop: asyncio.AbstractEventLoop, tell: Tell) -> None:
        self.loop = loop
        self._tell = tell

    def in_a_call(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Hear what a slot or a method that Qt calls has raised; Qt itself goes on."""
        if isinstance(error, Exception):
            self._pass_on("in a call", error)
        else:
            sys.__excepthook__(kind, error, trace)

    def in_a_thread(self, args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread else "?"
        self._pass_on(f"in the thread {name}", args.exc_value)

    def unraisable(self, args: sys.UnraisableHookArgs) -> None:
        self._pass_on(args.err_msg or "in a destructor", args.exc_value)

    def on_the_loop(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._pass_on(context.get("message", "on the loop"), context.get("exception"))

    def _pass_on(self, where: str, error: BaseException | None) -> None:
        _log.error("unforeseen, %s", where, exc_info=error)
        if error is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is there to tell
                self.loop.call_soon_threadsafe(self._tell, error)
