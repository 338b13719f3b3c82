"""The query of a request: its rows, and word of those that stand in the path."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from refiner_desktop.services.requests.rows import split_query
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import label, tool
from refiner_desktop.ui.tabs.console.rows_editor import RowsEditor
from refiner_desktop.ui.theme import SPACE

MOVE = "Take the parameters out of the path into rows of this table"


class QueryPage(RowsEditor):
    """Signals: `path_split(path)` when the query of the path came into the rows, with the rest."""

    path_split = Signal(str)

    def __init__(self) -> None:
        super().__init__("console.query", "Query parameters")
        self._path = ""
        self._in_path = label(role="muted", elide=True)
        self._in_path.setObjectName("console.query.in_path")
        self.move_here = tool("Take from the path", "console.query.move", MOVE)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._in_path, 1)
        line.addWidget(self.move_here)
        layout.insertLayout(0, line)
        self.move_here.clicked.connect(self._take_over)
        self.show_path("")

    @property
    def in_path(self) -> int:
        """How many parameters stand in the path."""
        return len(split_query(self._path)[1]) if "?" in self._path else 0

    def show_path(self, path: str) -> None:
        """Say which parameters stand in the path."""
        self._path = path
        rows = split_query(path)[1] if "?" in path else ()
        names = ", ".join(f"{one_line(row.name)}={one_line(row.value)}" for row in rows)
        self._in_path.setText(f"In the path: {names}" if rows else "")
        for each in (self._in_path, self.move_here):
            each.setVisible(bool(rows))

    def _take_over(self) -> None:
        path, rows = split_query(self._path)
        self.replace_rows((*rows, *self.rows()))
        self.path_split.emit(path)
