"""How much memory this process holds."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def resident_mb() -> float:
    """Return what it holds now, or at its peak where the system tells no more."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # not Linux
        return peak_mb()
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak_mb() -> float:
    """Return the most that it has held so far."""
    import resource  # not on Windows, and not needed by those who import this for the other figure

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
