"""The listener: its port, whether it listens, and whether nothing was lost on the way."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QSpinBox, QWidget

from refiner_desktop.ui.styling import button, label, restyle, tool
from refiner_desktop.ui.theme import SPACE, scaled

PORT_WIDTH = 70
ALREADY = "It listens already: nothing need be started. Stop ends it."


class ListenerRow(QWidget):
    """Signals: `start_requested()`, `stop_requested()`, `test_requested()`,
    `settings_requested()`, `public_requested()`; `port_wanted(port)` when the free port that is
    offered in place of a taken one is wanted.
    """

    start_requested = Signal()
    stop_requested = Signal()
    test_requested = Signal()
    settings_requested = Signal()
    public_requested = Signal()
    port_wanted = Signal(int)

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = QSpinBox(minimum=0, maximum=65_535, value=port)
        self._port.setObjectName("webhooks.port")
        self._port.setAccessibleName("Port")
        self._port.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._port.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._port.setMinimumWidth(scaled(PORT_WIDTH))
        self._port.setToolTip("0 lets the system choose a free port")
        self._start = button("Start", "webhooks.start", role="primary", icon="mdi6.play")
        self._stop = button("Stop", "webhooks.stop", icon="mdi6.stop")
        self._instead = button("", "webhooks.instead")
        self._instead.hide()
        self._free_port = 0
        self._state = label(role="muted", elide=True)
        self._state.setObjectName("webhooks.state")
        self._counts = label(role="muted", elide=True)
        self._counts.setObjectName("webhooks.counts")
        self._counts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._more = tool("Listener", "webhooks.listener", "More about the listener", role="menu")
        self._lay_out()
        self._connect()

    @property
    def port(self) -> int:
        """The port that stands in the field."""
        return self._port.value()

    def set_port(self, port: int) -> None:
        """Let another port stand in the field."""
        self._port.setValue(port)

    def show_state(self, sentence: str, role: str, *, listening: bool) -> None:
        """Say how the listener is."""
        self._start.setEnabled(not listening)
        self._start.setToolTip(ALREADY if listening else "")
        self._stop.setEnabled(listening)
        self._port.setEnabled(not listening)
        self._test.setEnabled(listening)
        self._state.setText(sentence)
        restyle(self._state, "role", role)

    def offer(self, port: int) -> None:
        """Offer a free port in place of a taken one; 0 takes the offer back."""
        self._free_port = port
        self._instead.setText(f"Use port {port}")
        self._instead.setVisible(bool(port))

    def show_counts(self, sentence: str, tip: str, role: str) -> None:
        """Say how many deliveries were received, kept and shown."""
        self._counts.setText(sentence)
        self._counts.setToolTip(tip)
        restyle(self._counts, "role", role)

    def _lay_out(self) -> None:
        caption = QLabel("Port")
        caption.setBuddy(self._port)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for each in (caption, self._port, self._start, self._stop, self._instead):
            row.addWidget(each)
        row.addWidget(self._state)
        row.addWidget(self._counts, 1)
        row.addWidget(self._more)

    def _connect(self) -> None:
        menu = QMenu(self._more)
        self._test = menu.addAction("Test it now", self.test_requested.emit)
        menu.addAction("Public URL", self.public_requested.emit)
        menu.addAction("Settings…", self.settings_requested.emit)
        self._more.setMenu(menu)
        self._start.clicked.connect(self.start_requested)
        self._stop.clicked.connect(self.stop_requested)
        self._instead.clicked.connect(lambda: self.port_wanted.emit(self._free_port))
