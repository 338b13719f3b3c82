"""An empty QMainWindow, which is the least that PySide6 can show."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.benchmarks.windows.witness import Witness

application = QApplication([])
window = QMainWindow()
window.resize(1200, 780)
witness = Witness(window)
window.show()
QTimer.singleShot(500, witness.begin_rest)
QTimer.singleShot(1_000, application.quit)
application.exec()
witness.tell_costs()
