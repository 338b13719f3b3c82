"""What the console asks for: a name and a folder, variables, limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from refiner_desktop.settings.settings import ConsoleSettings
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.styling import button, caption, label
from refiner_desktop.ui.theme import scaled
from refiner_desktop.ui.widgets.asking_dialog import AskingDialog
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable
from refiner_desktop.ui.widgets.number_field import number_field

TOP = "(not in a folder)"
VARIABLES_HINT = (
    "Write {{name}} in path, query, headers or body. Values belong to this environment; "
    "keys and tokens are refused."
)
FOLDER_HINT = "Empty for a folder of the application's own. It may be one that you share."


@dataclass(frozen=True, slots=True)
class Place:
    """A name in a folder of saved requests."""

    folder: str
    name: str


class PlaceDialog(AskingDialog):
    """Asks under which name, and in which folder; a folder that is typed is made."""

    def __init__(
        self, parent: QWidget, title: str, action: str, place: Place, folders: Sequence[str]
    ) -> None:
        super().__init__(parent, title, action)
        self._name = QLineEdit(place.name)
        self._name.setObjectName("console.name")
        self._name.selectAll()
        self._folder = QComboBox(editable=True)
        self._folder.setObjectName("console.folder")
        self._folder.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._folder.addItems([each or TOP for each in folders])
        self._folder.setEditText(place.folder or TOP)
        form = QFormLayout()
        form.addRow(caption("Name", self._name), self._name)
        form.addRow(caption("Folder", self._folder), self._folder)
        self.fields.addLayout(form)
        self._name.textChanged.connect(self._check)
        self._check()
        self._name.setFocus()

    def place(self) -> Place:
        """Return what was given."""
        folder = self._folder.currentText().strip().strip("/")
        return Place("" if folder == TOP else folder, self._name.text().strip())

    def _check(self) -> None:
        self.go_on.setEnabled(bool(self._name.text().strip()))


class VariablesDialog(AskingDialog):
    """Asks for the variables of an environment."""

    def __init__(self, parent: QWidget, rows: Sequence[KeyValue]) -> None:
        super().__init__(parent, "Variables of this environment", "Save")
        # Not arrangeable: a variable that is switched off could not be kept.
        self._rows = KeyValueTable("console.variables", "Variables")
        self._rows.set_rows(rows)
        self._rows.setMinimumHeight(scaled(220))
        self.fields.addWidget(label(VARIABLES_HINT, "muted", wrap=True))
        self.fields.addWidget(self._rows, 1)
        self._rows.setFocus()

    def rows(self) -> tuple[KeyValue, ...]:
        """Return what was typed, row after row."""
        self._rows.commit()
        return self._rows.rows()


class LimitsDialog(AskingDialog):
    """Asks how much history is kept, how much of an answer is taken, and where requests are."""

    def __init__(self, parent: QWidget, settings: ConsoleSettings, folder: str) -> None:
        super().__init__(parent, "Settings of the console", "Save")
        self._settings = settings
        self._entries = number_field("console.settings.entries", 10, 1_000_000, "")
        self._megabytes = number_field("console.settings.megabytes", 1, 1_000_000, " MB")
        self._answer = number_field("console.settings.answer", 1, 100_000, " MB")
        self._entries.setValue(settings.history_entries)
        self._megabytes.setValue(settings.history_megabytes)
        self._answer.setValue(settings.answer_megabytes)
        self._folder = QLineEdit(settings.requests_folder, placeholderText=folder)
        self._folder.setObjectName("console.settings.folder")
        choose = button("Choose…", "console.settings.choose")
        choose.clicked.connect(self._choose)
        line = QHBoxLayout()
        line.addWidget(self._folder, 1)
        line.addWidget(choose)
        form = QFormLayout()
        form.addRow(caption("Calls in the history", self._entries), self._entries)
        form.addRow(caption("Size of the history", self._megabytes), self._megabytes)
        form.addRow(caption("Most of one answer", self._answer), self._answer)
        form.addRow(caption("Saved requests in", self._folder), line)
        self.fields.addLayout(form)
        self.fields.addWidget(label(FOLDER_HINT, "muted", wrap=True))
        self._entries.setFocus()

    def settings(self) -> ConsoleSettings:
        """Return what was given."""
        return msgspec.structs.replace(
            self._settings,
            history_entries=self._entries.value(),
            history_megabytes=self._megabytes.value(),
            answer_megabytes=self._answer.value(),
            requests_folder=self._folder.text().strip(),
        )

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Folder of saved requests", self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()
