"""How long the calls of an environment may take."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from refiner_desktop.settings.settings import Patience
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.theme import SPACE, scaled

LONGEST_SECONDS = 3_600
SHORTEST_SECONDS = 1
WIDTH = 64


class PatienceRow(QWidget):
    """Three numbers of seconds. Signals: `edited()`."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._connect = _seconds("connection.timeout_connect", "Seconds to connect")
        self._read = _seconds("connection.timeout_read", "Seconds between pieces of an answer")
        self._total = _seconds("connection.timeout_total", "Seconds for a whole call")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for title, field in (
            ("Connect", self._connect), ("Answer", self._read), ("Whole call", self._total)
        ):  # fmt: skip
            row.addWidget(label(title, "muted"))
            row.addWidget(field)
            field.valueChanged.connect(lambda _: self.edited.emit())
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def patience(self) -> Patience:
        """Return what stands in the fields."""
        return Patience(
            connect=self._connect.value(), read=self._read.value(), total=self._total.value()
        )

    def show_patience(self, patience: Patience) -> None:
        """Fill the fields."""
        self._connect.setValue(patience.connect)
        self._read.setValue(patience.read)
        self._total.setValue(patience.total)


def _seconds(name: str, title: str) -> QSpinBox:
    field = QSpinBox(minimum=SHORTEST_SECONDS, maximum=LONGEST_SECONDS)
    field.setSuffix(" s")
    field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    field.setMinimumWidth(scaled(WIDTH))
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.setObjectName(name)
    field.setAccessibleName(title)
    field.setToolTip(title)
    return field
