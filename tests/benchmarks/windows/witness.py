"""Tells the process that started a window when it was painted, and what it costs once idle."""

from __future__ import annotations

import json
import sys

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
        window.installEventFilter(self)

    def tell_costs(self) -> None:
        """Print the memory now, the longest gap and the imports until the first paint."""
        assert self._gaps is not None, "the window was never painted"
        costs = {
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
