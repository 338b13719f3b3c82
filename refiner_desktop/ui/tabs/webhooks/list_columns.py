"""How wide the columns of the list are: what must be read whole is, the rest shares the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QTableView

from refiner_desktop.ui.theme import SPACE

PADDING = 20
"""Pixels of a cell or a header that hold no text."""

NARROWEST = 80
"""Below this no text of a column that gives way can be read."""


class ColumnFit(QObject):
    """Fits the columns of a table to its width, until a person drags one.

    `longest` says for each column what it holds at its longest. Where there is too little room,
    columns in `elastic` give way, then those in `spare` leave, one after the other; the one called
    `greedy` takes what is left.
    """

    def __init__(
        self,
        table: QTableView,
        longest: Sequence[str],
        *,
        elastic: Sequence[int],
        spare: Sequence[int],
        greedy: int,
    ) -> None:
        super().__init__(table)
        self._table = table
        self._longest = list(longest)
        self._elastic = elastic
        self._spare = spare
        self._greedy = greedy
        self._fitting = self._by_hand = False
        table.horizontalHeader().sectionResized.connect(self._on_resized)
        table.installEventFilter(self)

    def make_room(self, column: int, text: str) -> None:
        """Let a column hold this text, too."""
        if len(text) > len(self._longest[column]):
            self._longest[column] = text
            self.fit()

    def fit(self) -> None:
        """Share the room anew."""
        if self._by_hand or not self._table.isVisible():
            return
        self._fitting = True
        widths = fitted(self._room(), self._wanted(), self._elastic, self._spare, self._greedy)
        for column in self._spare:
            self._table.setColumnHidden(column, column not in widths)
        for column, width in widths.items():
            self._table.setColumnWidth(column, width)
        self._fitting = False

    def _room(self) -> int:
        # Always without the scroll bar's: widths that depend on it could call it up and send it
        # away in turns.
        table = self._table
        bar = table.verticalScrollBar().sizeHint().width()
        return table.width() - 2 * table.frameWidth() - bar - SPACE // 2

    def _wanted(self) -> dict[int, int]:
        cells = self._table.fontMetrics()
        header = self._table.horizontalHeader()
        bold = QFont(header.font())
        bold.setBold(True)  # as the style sheet draws it
        titles = QFontMetrics(bold)
        model = self._table.model()
        return {
            column: PADDING
            + max(
                cells.horizontalAdvance(longest),
                titles.horizontalAdvance(str(model.headerData(column, header.orientation()))),
            )
            for column, longest in enumerate(self._longest)
            if column in self._spare or not self._table.isColumnHidden(column)
        }

    def _on_resized(self, _column: int, before: int, now: int) -> None:
        if not self._fitting and before and now:  # neither hidden nor shown again
            self._by_hand = True

    # Reimplemented Qt methods

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.FontChange):
            self.fit()
        return False


def fitted(
    room: int,
    wanted: Mapping[int, int],
    elastic: Sequence[int],
    spare: Sequence[int],
    greedy: int,
) -> dict[int, int]:
    """Return a width for each column that stays."""
    widths, leaving = dict(wanted), list(spare)
    while (lacking := sum(widths.values()) - room) > sum(_slack(widths, elastic).values()):
        if not leaving:
            break
        del widths[leaving.pop(0)]
    slack = _slack(widths, elastic)
    total = max(sum(slack.values()), 1)
    for column, most in slack.items():
        widths[column] -= min(max(lacking, 0), total) * most // total
    widths[greedy] += max(room - sum(widths.values()), 0)
    return widths


def _slack(widths: Mapping[int, int], elastic: Sequence[int]) -> dict[int, int]:
    """Return how much narrower columns can get and still be read."""
    return {column: max(widths[column] - NARROWEST, 0) for column in elastic if column in widths}
