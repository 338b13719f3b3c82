"""Tells the process that started a window when it was painted, and what it costs once idle."""

from __future__ import annotations

import json
import sys
from time import perf_counter, process_time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from tests.benchmarks.gaps import Gaps
from tests.benchmarks.memory import resident_mb


class Witness(QObject):
    """Prints an empty line after the first paint of a window, and one of JSON when asked to."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._modules: list[str] = []
        self._gaps: Gaps | None = None
        self._rest: tuple[float, float] | None = None
        window.installEventFilter(self)

    def begin_rest(self) -> None:
        """Measure from here on what the window costs while nobody does anything."""
        assert self._gaps is not None, "the window was never painted"
        self._gaps.stop()
        self._rest = perf_counter(), process_time()

    def tell_costs(self) -> None:
        """Print memory, longest gap, cost of the rest, and the imports until the first paint."""
        assert self._gaps is not None, "the window was never painted"
        assert self._rest is not None, "the window never came to rest"
        began, busy = self._rest
        costs = {
            "busy": (process_time() - busy) / (perf_counter() - began),
            "megabytes": resident_mb(),
            "longest_gap_ms": self._gaps.longest_ms(),
            "modules": self._modules,
        }
        print(json.dumps(costs), flush=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._gaps is None:
            watched.removeEventFilter(self)
            # The children paint in the same pass, after this.
            QTimer.singleShot(0, self._tell_painted)
        return False

    def _tell_painted(self) -> None:
        print(flush=True)
        self._modules = sorted({name.partition(".")[0] for name in sys.modules})
        self._gaps = Gaps()
