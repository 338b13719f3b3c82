"""How many deliveries wait to be passed on, and how many were not taken, with what can be done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.theme import SPACE


class PassingRow(QWidget):
    """Signals: `drop_requested()` for those that wait, `again_requested()` for the failed ones."""

    drop_requested = Signal()
    again_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._waiting = label(role="muted")
        self._waiting.setObjectName("webhooks.passing.waiting")
        self._drop = button("Drop", "webhooks.passing.drop", role="quiet")
        self._drop.setToolTip("Do not pass them on; they stay in the list")
        self._failed = label(role="problem")
        self._failed.setObjectName("webhooks.passing.failed")
        self._again = button("Pass on again", "webhooks.passing.again", role="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        for each in (self._waiting, self._drop, self._failed, self._again):
            each.setProperty("size", "small")
            row.addWidget(each)
        self._drop.clicked.connect(self.drop_requested)
        self._again.clicked.connect(self.again_requested)
        self.show_counts(0, 0)

    def show_counts(self, waiting: int, failed: int) -> None:
        """Say what there is of either."""
        self._waiting.setText(f"{number(waiting)} waiting to be passed on")
        self._failed.setText(f"{number(failed)} not passed on")
        for count, parts in (
            (waiting, (self._waiting, self._drop)), (failed, (self._failed, self._again)),
        ):  # fmt: skip
            for part in parts:
                part.setVisible(count > 0)
