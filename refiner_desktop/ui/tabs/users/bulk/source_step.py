"""How a file is read, with its first rows as the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.sources.source import Format, Row, Source, SourceOptions
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.preview_model import PreviewModel
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.data_table import DataTable
from refiner_desktop.ui.widgets.flow_layout import FlowLayout

LIST_WIDTH = 15
"""Characters that a list is at least wide."""


class SourceStep(QWidget):
    """The first rows of a file; what was found out about it can be said otherwise.

    Signals: `options_chosen(options)` to read the file again in another way.
    """

    options_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._source: Source | None = None
        self._options: SourceOptions | None = None
        self._sheets: Sequence[str] = ()
        self._encoding = _choices("bulk.encoding")
        self._delimiter = _choices("bulk.delimiter")
        self._sheet = _choices("bulk.sheet")
        self._header = QCheckBox("The first line names the columns")
        self._header.setObjectName("bulk.header")
        self._first_button = button("First rows", "bulk.first", icon="mdi6.arrow-up")
        self._first_button.setToolTip("Shows how the file begins")
        self._rows = PreviewModel(self)
        self._preview = DataTable("bulk.preview", "First rows of the file", self._rows)
        self._fields = {
            each: _captioned(title, each)
            for title, each in (
                ("Encoding", self._encoding),
                ("Separated by", self._delimiter),
                ("Sheet", self._sheet),
            )
        }
        self._lay_out()
        self._connect()
        self.show_none(words.NO_FILE)

    def show_source(self, source: Source) -> None:
        """Show a file and how it was read."""
        self._source = source
        self._show_options(source.options, source.sheets)
        self._show_first()
        self._preview.set_empty_text(words.HEADER_ONLY)
        self._preview.verticalHeader().show()  # the numbers that findings and results name

    def show_around(self, line: int, rows: Sequence[Row]) -> None:
        """Show a row of the file that is shown, chosen among its neighbours."""
        self._show_rows(rows)
        self._first_button.show()
        place = next((at for at, row in enumerate(rows) if row.line == line), len(rows) - 1)
        self._preview.selectRow(place)
        middle = QAbstractItemView.ScrollHint.PositionAtCenter
        self._preview.scrollTo(self._rows.index(place, 0), middle)
        self._preview.setFocus()

    def show_unreadable(self, why: str, options: SourceOptions) -> None:
        """Say why a file is no table when it is read like this, and let it be read otherwise."""
        self._show_none(f"{why} {words.READ_OTHERWISE}")
        self._show_options(options, self._sheets)

    def show_none(self, why: str) -> None:
        """Show no file, and say why and what to do."""
        self._options, self._sheets = None, ()
        for each in (*self._fields.values(), self._header):
            each.hide()
        self._show_none(why)

    def _show_first(self) -> None:
        if self._source is not None:
            self._show_rows(self._source.samples)
            self._first_button.hide()

    def _show_rows(self, rows: Sequence[Row]) -> None:
        columns = self._source.columns if self._source is not None else ()
        self._rows.show_rows(columns, rows)
        header = self._preview.verticalHeader()
        widest = str(max((row.line for row in rows), default=0))
        bold = header.font()
        bold.setBold(True)
        header.setFixedWidth(QFontMetrics(bold).horizontalAdvance(f"0{widest}") + 2 * SPACE)

    def _show_none(self, why: str) -> None:
        self._source = None
        self._first_button.hide()
        self._preview.verticalHeader().hide()
        self._show_rows(())
        self._preview.set_empty_text(why)

    def _show_options(self, options: SourceOptions, sheets: Sequence[str]) -> None:
        self._options, self._sheets = options, sheets
        text = options.format in (None, Format.CSV)
        self._offer(self._encoding, words.ENCODINGS, options.encoding)
        self._offer(self._delimiter, words.DELIMITERS, options.delimiter)
        self._offer(self._sheet, {name: name for name in sheets}, options.sheet)
        self._header.blockSignals(True)
        self._header.setChecked(options.has_header)
        self._header.blockSignals(False)
        self._fields[self._encoding].setVisible(text)
        self._fields[self._delimiter].setVisible(text)
        self._fields[self._sheet].setVisible(options.format is Format.EXCEL)
        self._header.setVisible(text or options.format is Format.EXCEL)

    def _offer(self, combo: QComboBox, titles: Mapping[str, str], chosen: str) -> None:
        """Fill a list, with what is in force even if nobody thought of it."""
        combo.blockSignals(True)
        combo.clear()
        for value, title in titles.items():
            combo.addItem(one_line(title), value)
        if combo.findData(chosen) < 0:
            combo.addItem(one_line(chosen), chosen)
        combo.setCurrentIndex(combo.findData(chosen))
        combo.blockSignals(False)

    def _on_chosen(self) -> None:
        if self._options is None:
            return
        options = replace(
            self._options,
            encoding=self._encoding.currentData() or "",
            delimiter=self._delimiter.currentData() or "",
            sheet=self._sheet.currentData() or "",
            has_header=self._header.isChecked(),
        )
        if options != self._options:
            self.options_chosen.emit(options)

    def _connect(self) -> None:
        for each in self._fields:
            each.currentIndexChanged.connect(self._on_chosen)
        self._header.toggled.connect(self._on_chosen)
        self._first_button.clicked.connect(self._show_first)

    def _lay_out(self) -> None:
        vertical = self._preview.verticalHeader()
        vertical.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        choices = QWidget()
        line = FlowLayout(choices, SPACE * 2)
        for each in (*self._fields.values(), self._header, self._first_button):
            line.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(choices)
        layout.addWidget(self._preview, 1)


def _choices(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(LIST_WIDTH)
    return combo


def _captioned(title: str, field: QComboBox) -> QWidget:
    field.setAccessibleName(title)
    caption = QLabel(title)
    caption.setBuddy(field)
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE)
    layout.addWidget(caption)
    layout.addWidget(field)
    return box
