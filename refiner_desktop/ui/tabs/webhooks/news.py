"""Deliveries that nobody has seen yet: a number on the tab, a word on the desktop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.announcing import announce
from refiner_desktop.ui.notifier import Notifier
from refiner_desktop.ui.tabs.webhooks.delivery_words import counted
from refiner_desktop.webhooks.delivery import DeliveryRow

TOGETHER_MS = 1_500
"""What arrives within this time is announced together."""


class News(QObject):
    """Signals: `counted(count)` when other many are unseen; `wanted()` when they are to be seen."""

    counted = Signal(int)
    wanted = Signal()

    def __init__(self, page: QWidget, arrivals: Arrivals, notifier: Notifier) -> None:
        super().__init__(page)
        self._page = page
        self._notifier = notifier
        self._unseen = 0
        self._unsaid: list[DeliveryRow] = []
        self._together = QTimer(self, singleShot=True, interval=TOGETHER_MS)
        self._together.timeout.connect(self._say)
        arrivals.arrived.connect(self._on_arrived)
        notifier.clicked.connect(self._on_clicked)
        page.installEventFilter(self)

    def _on_arrived(self, rows: tuple[DeliveryRow, ...]) -> None:
        if not self._page.isVisible():
            self._unseen += len(rows)
            self.counted.emit(self._unseen)
        self._unsaid += rows
        if not self._together.isActive():
            self._together.start()

    def _say(self) -> None:
        rows, self._unsaid = self._unsaid, []
        text = rows[0].gist.sentence or rows[0].path
        title = "A delivery has arrived" if len(rows) == 1 else f"{counted(len(rows))} have arrived"
        more = f", and {number(len(rows) - 1)} more" if len(rows) > 1 else ""
        self._notifier.say(title, f"{text}{more}")
        announce(self._page, f"{title}: {text}{more}")

    def _on_clicked(self) -> None:
        window = self._page.window()
        window.showNormal() if window.isMinimized() else window.show()
        window.raise_()
        window.activateWindow()
        self.wanted.emit()

    # Reimplemented Qt methods

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self._unseen:
            self._unseen = 0
            self.counted.emit(0)
        return False
