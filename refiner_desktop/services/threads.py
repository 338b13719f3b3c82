"""Blocking work in threads that must not be left half done, and told to stop when it is long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """Await short `work` to its end even when cancelled, and pass the cancellation on then.

    A thread can't be cancelled; whoever goes on without it may meet what it does later.
    """
    return await _to_the_end(work, lambda: None)


async def stoppable(work: Callable[[Callable[[], bool]], T]) -> T:
    """Run long `work` in a thread; when cancelled, tell it to stop and wait until it has.

    `work` gets a function that says whether it should stop.
    """
    stop = threading.Event()
    return await _to_the_end(asyncio.to_thread(work, stop.is_set), stop.set)


def on_this_loop(tell: Callable[P, None]) -> Callable[P, None]:
    """Return what a thread calls to have `tell` called here, on the running loop."""
    loop = asyncio.get_running_loop()

    def tell_there(*args: P.args, **kwargs: P.kwargs) -> None:
        loop.call_soon_threadsafe(partial(tell, *args, **kwargs))

    return tell_there


async def _to_the_end(work: Coroutine[Any, Any, T], on_cancel: Callable[[], None]) -> T:
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        on_cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
