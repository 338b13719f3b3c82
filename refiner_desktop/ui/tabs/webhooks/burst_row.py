"""Many samples, so many a second for so many seconds."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSpinBox, QVBoxLayout, QWidget

from refiner_desktop.services.deliveries.bursts import (
    MOST_A_SECOND,
    MOST_SECONDS,
    Burst,
    BurstState,
)
from refiner_desktop.ui.amounts import milliseconds, number
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.theme import SPACE, scaled


class BurstRow(QWidget):
    """Signals: `start_requested(burst)`, `stop_requested()`; `seen_requested()` when what has
    arrived is to be seen.
    """

    seen_requested = Signal()
    start_requested = Signal(object)
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rate = _number("webhooks.burst.rate", MOST_A_SECOND, 10, "Samples a second")
        self._seconds = _number("webhooks.burst.seconds", MOST_SECONDS, 5, "Seconds")
        self._start = button("Send a burst", "webhooks.burst.start", icon="mdi6.fire")
        self._stop = button("Stop", "webhooks.burst.stop", icon="mdi6.stop")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the burst")
        self._said = label(role="muted", wrap=True)
        self._said.setObjectName("webhooks.burst.state")
        self._said.setMinimumHeight(2 * self._said.fontMetrics().lineSpacing())
        self._see = button("Show in the list", "webhooks.sample.see", icon="mdi6.arrow-right")
        self._see.setProperty("size", "small")
        self._see.setToolTip("Closes this, and chooses the newest sample")
        self._lay_out()
        self._start.clicked.connect(self._on_start_clicked)
        self._stop.clicked.connect(self.stop_requested)
        self._see.clicked.connect(self.seen_requested)
        self._see.hide()
        self.show_running(running=False)
        self._bar.hide()

    def show_running(self, *, running: bool) -> None:
        """Allow what can be done now."""
        self._stop.setEnabled(running)
        for each in (self._start, self._rate, self._seconds):
            each.setEnabled(not running)

    def allow(self, *, allowed: bool) -> None:
        """Let a burst be started, or not: there is nothing to post, or nobody to post to."""
        self._start.setEnabled(allowed and not self._stop.isEnabled())

    def show_state(self, state: BurstState) -> None:
        """Say how far it has come."""
        self._bar.show()
        self._bar.setMaximum(max(state.total, 1))
        self._bar.setValue(state.sent)
        self._said.setText(_in_words(state))
        self._see.setVisible(any(state.statuses))
        restyle(self._said, "role", "danger" if state.taken < state.sent else "muted")

    def say(self, sentence: str, *, well: bool, kept: bool) -> None:
        """Say what became of a single one, and whether it is in the list."""
        self._bar.hide()
        self._see.setVisible(kept)
        self._said.setText(sentence)
        restyle(self._said, "role", "success" if well else "danger")

    def clear(self) -> None:
        """Say nothing of what was sent before."""
        self._bar.hide()
        self._see.hide()
        self._said.setText("")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for each in (
            self._rate, QLabel("a second for"), self._seconds, QLabel("seconds"), self._start,
            self._stop,
        ):  # fmt: skip
            row.addWidget(each)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(row)
        layout.addWidget(self._bar)
        told = QHBoxLayout()
        told.setSpacing(SPACE)
        told.addWidget(self._said, 1)
        told.addWidget(self._see, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(told)

    def _on_start_clicked(self) -> None:
        self.start_requested.emit(Burst(self._rate.value(), self._seconds.value()))


def _in_words(state: BurstState) -> str:
    statuses = ", ".join(
        f"{number(count)} × {status or 'no answer'}"
        for status, count in sorted(state.statuses.items())
    )
    parts = (
        f"{number(state.sent)} of {number(state.total)} answered",
        statuses,
        f"{number(state.rate)} a second" if state.seconds >= 1 else "",
        f"usually {milliseconds(state.median)}, at most {milliseconds(state.slowest)}"
        if state.sent
        else "",
        state.error,
    )
    return " · ".join(filter(None, parts))


def _number(name: str, most: int, value: int, title: str) -> QSpinBox:
    field = QSpinBox(minimum=1, maximum=most, value=value)
    field.setObjectName(name)
    field.setAccessibleName(title)
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.setMinimumWidth(scaled(60))
    field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return field
