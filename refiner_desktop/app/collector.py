"""The garbage collector, kept from making the window wait."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARE_ROUNDS = (20_000, 20, 50)
"""When a round is due; Python's default is (700, 10, 10)."""


@contextmanager
def rare_rounds() -> Iterator[None]:
    """Collect less often, and on leaving as before, with nothing kept from collection.

    What the imports made stays for good, and a first round over it took 15 ms of each start.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.enable()
    gc.set_threshold(*RARE_ROUNDS)
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def spare_what_is_there() -> None:
    """Take what will live as long as the window out of all further rounds.

    A full round over all modules and widgets holds the interpreter for 60 to 70 ms, and reading
    pages of contacts in a thread set one off every few seconds: the GUI waited. For the same
    reason none is made here first; what little garbage there is waits for the end.
    """
    gc.freeze()
