"""How long the call of one request may take."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QSpinBox, QVBoxLayout, QWidget

from refiner_desktop.settings.settings import Patience
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.tabs.connection.patience_row import (
    LONGEST_SECONDS,
    SHORTEST_SECONDS,
    PatienceRow,
)
from refiner_desktop.ui.theme import SPACE

HINT = (
    "Seconds to connect, to wait for the next piece of the answer, and for the whole call. "
    "Without a tick those of the environment hold; they are on the Connection tab."
)


class TimeoutsPage(QWidget):
    """Signals: `edited()`."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._own = QCheckBox("Time-outs of its own")
        self._own.setObjectName("console.timeouts")
        self._row = PatienceRow()
        for field in self._row.findChildren(QSpinBox):
            field.setObjectName(field.objectName().replace("connection.", "console."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(label(HINT, "muted", wrap=True))
        layout.addWidget(self._own)
        layout.addWidget(self._row)
        layout.addStretch(1)
        self._showing = False
        self._own.toggled.connect(self._on_edited)
        self._row.edited.connect(self._on_edited)
        self.show_patience(None)

    @property
    def patience(self) -> Patience | None:
        """What stands here; None where those of the environment hold."""
        return self._row.patience() if self._own.isChecked() else None

    def show_patience(self, patience: Patience | None) -> None:
        """Show other time-outs; nobody is told."""
        self._showing = True
        self._own.setChecked(patience is not None)
        self._row.show_patience(_in_reach(patience or Patience()))
        self._row.setEnabled(patience is not None)
        self._showing = False

    def _on_edited(self) -> None:
        self._row.setEnabled(self._own.isChecked())
        if not self._showing:
            self.edited.emit()


def _in_reach(patience: Patience) -> Patience:
    """Return time-outs that the fields can show: a file written by hand may hold any number."""
    connect, read, total = (
        min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS)
        for seconds in (patience.connect, patience.read, patience.total)
    )
    return Patience(connect=connect, read=read, total=total)
