"""A table of fields whose values can be copied whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.tabs.contacts.contact_fields import FieldGroup, FieldLine
from refiner_desktop.ui.tabs.contacts.field_model import FieldModel
from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.data_table import DataTable

ROW_HEIGHT = 26
WIDEST_TITLES, NARROWEST_TITLES = 0.42, 90
TITLE_PADDING, LONGEST_TITLE = 28, 60


class FieldTable(DataTable):
    """Fields and values under headings. Ctrl+C copies the value, or several with their names.

    Signals: `copied(text)` says what is on the clipboard.
    """

    copied = Signal(str)

    def __init__(self, name: str, title: str, columns: tuple[str, str]) -> None:
        self._fields = FieldModel(columns)
        self._widest_title = 0
        self._fitting = self._dragged = False
        super().__init__(name, title, self._fields)
        self._fields.setParent(self)
        self.actions()[0].setText("Copy value")
        both = QAction("Copy name and value", self)
        both.triggered.connect(self._copy_both)
        self.addAction(both)
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setSectionsMovable(False)
        header.setStretchLastSection(True)
        header.sectionResized.connect(self._on_section_resized)

    def show_groups(self, groups: Sequence[FieldGroup]) -> None:
        """Show these fields."""
        self._fields.set_groups(groups)
        self.clearSpans()
        for row in self._fields.headings:
            self.setSpan(row, 0, 1, 2)
        titles = [line.title[:LONGEST_TITLE] for group in groups for line in group.lines]
        widths = map(self.fontMetrics().horizontalAdvance, titles)
        self._widest_title = max(widths, default=0) + TITLE_PADDING
        self._fit_titles()

    def copy_selection(self) -> None:
        """Put the selected value on the clipboard; of several fields, their names too."""
        lines = self._selected()
        if len(lines) == 1:
            QGuiApplication.clipboard().setText(lines[0].value)
            self.copied.emit(f"{lines[0].title} is on the clipboard.")
        else:
            self._copy_both()

    def _copy_both(self) -> None:
        lines = self._selected()
        if lines:
            text = "\n".join(f"{line.title}\t{line.value}" for line in lines)
            QGuiApplication.clipboard().setText(text)
            what = f"{number(len(lines))} fields are" if len(lines) > 1 else f"{lines[0].title} is"
            self.copied.emit(f"{what} on the clipboard.")

    def _selected(self) -> list[FieldLine]:
        runs = self.selected_runs()
        lines = (self._fields.line(row) for first, last in runs for row in range(first, last + 1))
        return [line for line in lines if line is not None]

    def _fit_titles(self) -> None:
        """Give the names the room that they need, but never most of the table."""
        if self._dragged:
            return
        most = max(scaled(NARROWEST_TITLES), int(self.viewport().width() * WIDEST_TITLES))
        self._fitting = True
        self.setColumnWidth(0, min(max(self._widest_title, scaled(NARROWEST_TITLES)), most))
        self._fitting = False

    def _on_section_resized(self, section: int) -> None:
        self._dragged = self._dragged or (section == 0 and not self._fitting)

    # Reimplemented Qt methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_titles()
