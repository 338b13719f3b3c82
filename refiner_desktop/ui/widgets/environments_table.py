"""The environments of a Refiner account, and what each of them has used this month."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from refiner_desktop.api.models import EnvironmentUsage
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.theme import SPACE

TITLES = ("Environment in Refiner", "Users", "Events", "Views", "Responses")
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class EnvironmentsTable(QWidget):
    """A line for each environment, its counts in columns; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, SPACE, 0, 0)
        self._grid.setHorizontalSpacing(SPACE * 3)
        self._grid.setVerticalSpacing(SPACE // 2)
        self._grid.setColumnStretch(0, 1)
        self.hide()

    def show_environments(self, environments: Sequence[EnvironmentUsage]) -> None:
        """Replace the lines."""
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for column, title in enumerate(TITLES):
            self._put(0, column, label(title, "muted"))
        for row, environment in enumerate(environments, start=1):
            self._put(row, 0, label(environment.name or environment.uuid, elide=True))
            for column, count in enumerate(_counts(environment), start=1):
                self._put(row, column, label(number(count)))
        self.setVisible(bool(environments))

    def _put(self, row: int, column: int, cell: QLabel) -> None:
        if column:
            cell.setAlignment(RIGHT)
        self._grid.addWidget(cell, row, column)


def _counts(environment: EnvironmentUsage) -> tuple[int, int, int, int]:
    return (
        environment.tracked_users,
        environment.events,
        environment.page_views,
        environment.responses,
    )
