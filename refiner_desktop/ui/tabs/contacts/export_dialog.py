"""What to write into a file: the format, the rows and the columns."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.datasets.exports import formats
from refiner_desktop.datasets.exports.formats import FORMATS, Format
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.styling import button, button_box, caption, label
from refiner_desktop.ui.tabs.contacts import load_words as words
from refiner_desktop.ui.theme import DIALOG_WIDTH, SPACE, scaled

_HARMLESS = "Cells that a spreadsheet would run as formulas get an apostrophe in front."
_API = (
    "With all columns, every contact as Refiner's API sends it; with those shown, one flat object."
)
HINTS = {
    formats.CSV: f"UTF-8, separated by commas. {_HARMLESS}",
    formats.CSV_FOR_EXCEL: f"CSV that Excel opens with the right letters. {_HARMLESS}",
    formats.JSON: f"One list. {_API}",
    formats.JSON_LINES: f"One contact a line. {_API}",
    formats.MARKDOWN: "A table for documents, tickets and chats.",
    formats.EXCEL: "Numbers and dates stay what they are. Up to 1048575 rows; texts longer than "
    "32767 characters are cut.",
    formats.PARQUET: "Columns with their types, for data tools such as DuckDB and pandas.",
}


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What a person wants in the file."""

    file_format: Format = formats.CSV
    selected_only: bool = False
    all_columns: bool = False


@dataclass(frozen=True, slots=True)
class ExportOffer:
    """How much there is to choose from: rows shown and selected, columns shown and in all.

    So many contacts are `missing`: Refiner has them, and they are not loaded.
    """

    rows: int
    selected: int
    columns: int
    all_columns: int
    missing: int = 0


class ExportDialog(QDialog):
    """Asks for format, rows and columns, and says how many there are of each.

    Signals: `rest_requested()`, closed, to load what is missing before anything is written.
    """

    rest_requested = Signal()

    def __init__(self, parent: QWidget, offer: ExportOffer, choice: ExportChoice) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export contacts")
        self._format = QComboBox()
        self._format.setObjectName("export.format")
        for each in FORMATS:
            self._format.addItem(f"{each.name} (*{each.suffix})", each)
        self._hint = label(role="muted", wrap=True)
        self._all_rows = QRadioButton(f"All rows that are shown ({number(offer.rows)})")
        self._selected_rows = QRadioButton(f"Selected rows ({number(offer.selected)})")
        self._missing = label(words.left_out(offer.missing), "warning", wrap=True)
        self._rest_button = button(words.LOAD_REST, "export.rest")
        self._missing.setVisible(offer.missing > 0)
        self._rest_button.setVisible(offer.missing > 0)
        self._shown_columns = QRadioButton(f"Columns that are shown ({number(offer.columns)})")
        self._every_column = QRadioButton(f"All columns ({number(offer.all_columns)})")
        self._buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self._go_on = self._buttons.addButton(
            "Choose a file…", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._go_on.setProperty("role", "primary")
        self._lay_out()
        self._show(offer, choice)
        self._format.currentIndexChanged.connect(self._show_hint)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._rest_button.clicked.connect(self._load_rest)
        self._show_hint()

    def choice(self) -> ExportChoice:
        """Return what is chosen."""
        return ExportChoice(
            self._format.currentData(),
            self._selected_rows.isChecked(),
            self._every_column.isChecked(),
        )

    def _show(self, offer: ExportOffer, choice: ExportChoice) -> None:
        self._format.setCurrentIndex(FORMATS.index(choice.file_format))
        self._selected_rows.setEnabled(offer.selected > 0)
        self._shown_columns.setEnabled(offer.columns > 0)
        selected = choice.selected_only and offer.selected > 0
        (self._selected_rows if selected else self._all_rows).setChecked(True)
        every = choice.all_columns or not offer.columns
        (self._every_column if every else self._shown_columns).setChecked(True)

    def _load_rest(self) -> None:
        self.reject()
        self.rest_requested.emit()

    def _show_hint(self) -> None:
        self._hint.setText(HINTS[self._format.currentData()])

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE * 2)
        form.setVerticalSpacing(SPACE + SPACE // 2)
        title = caption("Format", self._format)
        title.setFixedHeight(title.minimumHeight())  # beside the field, not beside its hint
        form.addRow(title, _stack(self._format, self._hint))
        which = self._either(self._all_rows, self._selected_rows)
        form.addRow("Rows", _stack(which, self._missing, self._rest_button))
        form.addRow("Columns", self._either(self._shown_columns, self._every_column))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE * 2)
        column.addWidget(label("Export contacts", "heading"))
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self._buttons)
        self.setMinimumWidth(scaled(DIALOG_WIDTH))

    def _either(self, *choices: QRadioButton) -> QWidget:
        group = QButtonGroup(self)
        for each in choices:
            group.addButton(each)
        return _stack(*choices)


def _stack(*widgets: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE // 2)
    for each in widgets:
        layout.addWidget(each)
    return box
