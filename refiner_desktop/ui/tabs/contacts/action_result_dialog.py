"""What became of each contact when an action did not work for all of them."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from refiner_desktop.services.contacts.mass_action import ActionResult, Outcome
from refiner_desktop.services.problems import describe
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.styling import button_box, label, size_dialog
from refiner_desktop.ui.tabs.contacts import contact_words as words
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.data_table import DataTable

WIDTH, HEIGHT = 720, 420
DONE = "Done"


class ActionResultDialog(QDialog):
    """A line for each contact, those that failed first, to be read and copied."""

    def __init__(self, parent: QWidget, result: ActionResult, verb: str) -> None:
        super().__init__(parent)
        failed = [each for each in result.outcomes if each.error is not None]
        done = [each for each in result.outcomes if each.error is None]
        self._sentence = words.failure_sentence(result, verb)
        self.setWindowTitle("What became of each contact")
        self._model = RecordTableModel[Outcome](COLUMNS, parent=self)
        self._model.set_rows([*failed, *done])
        self._table = DataTable("contacts.results", "Results", self._model)
        self._buttons = button_box(QDialogButtonBox.StandardButton.Close)
        self._copy_button = self._buttons.addButton(
            "Copy all", QDialogButtonBox.ButtonRole.ActionRole
        )
        self._lay_out()
        self._copy_button.clicked.connect(self.copy)
        self._buttons.rejected.connect(self.reject)

    def copy(self) -> None:
        """Put all lines on the clipboard, tab-separated, with what the service said."""
        lines = ["\t".join((*(column.title for column in COLUMNS), "UUID"))]
        for each in self._model.records:
            cells = (*(column.text(each) for column in COLUMNS), each.target.uuid)
            lines.append("\t".join(" ".join(cell.split()) for cell in cells))
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _lay_out(self) -> None:
        header = self._table.horizontalHeader()
        for place, width in enumerate((240, 210)):
            header.resizeSection(place, scaled(width))
        header.setStretchLastSection(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(label(self._sentence, "heading", wrap=True))
        column.addWidget(self._table, 1)
        column.addWidget(self._buttons)
        size_dialog(self, WIDTH, HEIGHT)


def _result(outcome: Outcome) -> str:
    return DONE if outcome.error is None else describe(outcome.error).title


def _advice(outcome: Outcome) -> str:
    return DONE if outcome.error is None else str(describe(outcome.error))


def _detail(outcome: Outcome) -> str:
    return "" if outcome.error is None else describe(outcome.error).detail


COLUMNS = (
    Column[Outcome]("Contact", lambda outcome: words.name_of_target(outcome.target)),
    Column[Outcome]("Result", _result, tooltip=_advice),
    Column[Outcome]("Details", _detail),
)
