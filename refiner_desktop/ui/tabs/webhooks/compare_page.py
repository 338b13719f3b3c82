"""Two deliveries side by side, their differences marked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from refiner_desktop.services.deliveries.comparison import Comparison
from refiner_desktop.ui.styling import label, tool
from refiner_desktop.ui.tabs.webhooks.page_head import page_head
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.compare_pane import ComparePane


class ComparePage(QWidget):
    """Payloads, or heads; it takes the place of the list until it is closed.

    Signals: `closed()` on Esc too.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._comparison: Comparison | None = None
        self.pane = ComparePane()
        self._said = label(role="muted", wrap=True)
        self._heads = tool(
            "Headers", "webhooks.compare.heads", "Compare the headers instead", role="toggle"
        )
        head, close = page_head("Two deliveries compared", "webhooks.compare.close")
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._said, 1)
        line.addWidget(self._heads)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(head)
        layout.addLayout(line)
        layout.addWidget(self.pane, 1)
        self._heads.toggled.connect(self._show)
        close.clicked.connect(self.closed)

    def compare(self, comparison: Comparison) -> None:
        """Show a comparison, the payloads first."""
        self._comparison = comparison
        self._said.setText(comparison.sentence)
        self.pane.set_titles(comparison.left.title, comparison.right.title)
        self._heads.setChecked(False)
        self._show()
        self.pane.left.setFocus()

    def _show(self) -> None:
        if self._comparison is None:
            return
        left, right = self._comparison.left, self._comparison.right
        if self._heads.isChecked():
            self.pane.compare(left.head, right.head, json=False)
        else:
            self.pane.compare(left.body, right.body)

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
