"""The line at the bottom: what runs, how many calls went out, whether the listener listens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStatusBar, QWidget

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.task_runner import TaskRunner

REFRESH_MS = 1_000


class StatusBar(QStatusBar):
    """Shows running work with a *Cancel*, the calls of the last minute, and the listener.

    `calls` returns the calls of the last minute and the limit, or None while not connected.
    """

    def __init__(
        self, calls: Callable[[], tuple[int, int] | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._calls = calls
        self._runners: list[TaskRunner] = []
        self._work = label(elide=True)
        self.cancel_button = button("Cancel")
        self.cancel_button.setAccessibleName("Cancel running work")
        self._calls_label = label()
        self._listener = label()
        self.setSizeGripEnabled(False)
        self.addWidget(self._work)
        self.addWidget(self.cancel_button)
        for part in (self._calls_label, self._listener):
            self.addPermanentWidget(part)
        self.cancel_button.clicked.connect(self.cancel_all)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self.show_calls)
        self._timer.start()
        self._show_work()
        self.show_calls()

    def watch(self, runner: TaskRunner) -> None:
        """Show the labelled tasks of this runner."""
        self._runners.append(runner)
        runner.changed.connect(self._show_work)

    def show_listener(self, text: str) -> None:
        """Say how the webhook listener is."""
        self._listener.setText(text)

    def cancel_all(self) -> None:
        """Cancel every task that is shown."""
        for runner in self._runners:
            for name in runner.labels():
                runner.cancel(name)

    def _show_work(self) -> None:
        labels = [text for runner in self._runners for text in runner.labels().values()]
        self._work.setText(" · ".join(labels) or "Ready")
        self.cancel_button.setVisible(bool(labels))

    def show_calls(self) -> None:
        """Say how many calls were made, now rather than at the next beat."""
        counted = self._calls()
        if counted is None:
            self._calls_label.setText("Not connected")
        else:
            made, limit = counted
            self._calls_label.setText(f"{number(made)} of {number(limit)} calls in the last minute")
