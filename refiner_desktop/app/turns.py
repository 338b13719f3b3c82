"""Python's lock, handed to the window sooner than Python would."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

TURN_SECONDS = 0.001
"""So long a thread that computes may keep the lock while another waits; Python's own is 5 ms."""


@contextmanager
def short_turns() -> Iterator[None]:
    """Let threads take short turns: Qt asks for the lock at every step into Python.

    A check of a large file computes in a thread, and a repaint of the window makes dozens of such
    steps; each waited for a whole turn.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
