"""Two texts side by side with their differences marked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollBar, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.ui.amounts import counted
from refiner_desktop.ui.widgets.text_view.bar_parts import flat_button
from refiner_desktop.ui.widgets.text_view.content import Content
from refiner_desktop.ui.widgets.text_view.text_pane import TextPane
from refiner_desktop.ui.widgets.text_view.worker import Worker

if TYPE_CHECKING:
    from refiner_desktop.ui.widgets.text_view.compare import Comparison


class ComparePane(QWidget):
    """Compares two texts in a thread and shows both, scrolled alike.

    Signals: `compared` once the differences are shown.
    """

    compared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left, self.right = TextPane(), TextPane()
        self._titles = QLabel(), QLabel()
        self._summary = QLabel()
        self._previous_button = flat_button("↑", "Previous difference (Alt+Up)")
        self._next_button = flat_button("↓", "Next difference (Alt+Down)")
        self._differences = list[int]()
        self._worker = Worker(self)

        self._lay_out()
        self._connect()
        self._show_summary("")

    def compare(self, left: Content, right: Content, *, json: bool = True) -> None:
        """Compare two texts; the marks appear when `compared` is sent."""
        # Not with this module: numpy takes its time.
        from refiner_desktop.ui.widgets.text_view.compare import compare

        self._differences = []
        self._show_summary("Comparing…")
        self.left.view.clear()
        self.right.view.clear()
        self._worker.start(lambda cancelled: compare(left, right, json=json, cancelled=cancelled))

    def set_titles(self, left: str, right: str) -> None:
        """Say what stands on either side."""
        for label, title in zip(self._titles, (left, right), strict=True):
            label.setText(title)
            label.setVisible(bool(title))

    @property
    def difference_count(self) -> int:
        """How many runs of lines differ."""
        return len(self._differences)

    def next_difference(self) -> None:
        """Go to the difference below the caret, or to the first after the last."""
        self._go_to(bisect_right(self._differences, self._line()))

    def previous_difference(self) -> None:
        """Go to the difference above the caret, or to the last before the first."""
        self._go_to(bisect_left(self._differences, self._line()) - 1)

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        for title, pane in zip(self._titles, (self.left, self.right), strict=True):
            side = QWidget()
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(title)
            column.addWidget(pane, stretch=1)
            title.setTextFormat(Qt.TextFormat.PlainText)
            splitter.addWidget(side)
        self.left.view.setAccessibleName("Left side")
        self.right.view.setAccessibleName("Right side")
        self.set_titles("", "")
        row = QHBoxLayout()
        row.addWidget(self._summary, stretch=1)
        row.addWidget(self._previous_button)
        row.addWidget(self._next_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(splitter, stretch=1)

    def _connect(self) -> None:
        one, other = self.left.view, self.right.view
        for first, second in ((one, other), (other, one)):
            _follow(first.verticalScrollBar(), second.verticalScrollBar())
            _follow(first.horizontalScrollBar(), second.horizontalScrollBar())
        self._previous_button.setShortcut("Alt+Up")
        self._next_button.setShortcut("Alt+Down")
        self._previous_button.clicked.connect(self.previous_difference)
        self._next_button.clicked.connect(self.next_difference)
        self._worker.done.connect(self._show)

    def _show(self, comparison: Comparison) -> None:
        self._differences = comparison.differences
        self.left.view.set_document(comparison.left)
        self.right.view.set_document(comparison.right)
        count = self.difference_count
        summary = counted(count, "difference") if count else "No difference"
        if not comparison.is_complete:
            summary += "; the rest was too much to compare line by line"
        self._show_summary(summary)
        if count:
            self._go_to(0)
        self.compared.emit()

    def _show_summary(self, text: str) -> None:
        self._summary.setText(text)
        for button in (self._previous_button, self._next_button):
            button.setEnabled(bool(self._differences))

    def _line(self) -> int:
        document = self.left.view.document
        return document.lines.at(self.left.view.selection.caret) if document else 0

    def _go_to(self, number: int) -> None:
        if self._differences:
            line = self._differences[number % len(self._differences)]
            for pane in (self.left, self.right):
                pane.view.go_to_line(line + 1)


def _follow(leader: QScrollBar, follower: QScrollBar) -> None:
    leader.valueChanged.connect(follower.setValue)
