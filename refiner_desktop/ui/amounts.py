"""Times and sizes as people say them."""

from __future__ import annotations


def milliseconds(seconds: float) -> str:
    """Return how long something took, such as `2.1 ms` or `12.5 s`."""
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"


def ago(seconds: float) -> str:
    """Return how long ago something was, such as `12 s`, `3 min` or `2 h`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3_600 else f"{seconds / 3_600:.0f} h"


def size(count: int) -> str:
    """Return a number of bytes."""
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1_000:,.1f} kB"
    return f"{count / 1_000_000:,.1f} MB"
