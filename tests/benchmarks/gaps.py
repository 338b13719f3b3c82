"""The longest time in which a window could not have answered."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import Qt, QTimer


class Gaps:
    """Notes the longest time between two ticks of a 10 ms timer, from now on."""

    def __init__(self) -> None:
        self._last = perf_counter()
        self._longest = 0.0
        self._timer = QTimer(interval=10, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def stop(self) -> None:
        """Let the timer rest; the longest gap stays what it is."""
        self._on_timeout()
        self._timer.stop()

    def longest_ms(self) -> float:
        """Return the longest so far, the one that lasts until now included."""
        if self._timer.isActive():
            self._on_timeout()
        return self._longest * 1000

    def _on_timeout(self) -> None:
        now = perf_counter()
        self._longest, self._last = max(self._longest, now - self._last), now
