"""Rows of a query, a form or headers, completed with what the catalogue knows of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from refiner_desktop.api.endpoint import Endpoint, Parameter
from refiner_desktop.services.requests.credentials import is_secret
from refiner_desktop.services.requests.draft import Row
from refiner_desktop.services.requests.rows import pasted_rows
from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.models.key_value_model import KeyValue, KeyValueModel
from refiner_desktop.ui.tabs.console.choices import Choice, ChoiceList
from refiner_desktop.ui.widgets.key_value_cells import OnKey, ValueDelegate
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable

Find = Callable[[Parameter, str, Callable[[Sequence[Choice]], None]], None]
"""Finds ids that a parameter takes, from what is typed, and tells them in a moment."""


def find_nothing(
    _parameter: Parameter, _typed: str, _tell: Callable[[Sequence[Choice]], None]
) -> None:
    """Find no ids."""


class ParameterTable(KeyValueTable):
    """Offers an endpoint's parameters by name, and for each the values that it takes.

    `find_ids` looks for ids. The values open with Down or Ctrl+Space, and while one types.
    """

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label, arrangeable=True)
        self.find_ids: Find = find_nothing
        self._endpoint: Endpoint | None = None
        self.read_pasted = _read_pasted
        self._revealed = False
        self._model.hides = self._is_hidden
        self._value_cells = _ParameterDelegate(self, self._model, self._act_on_key)
        self.setItemDelegateForColumn(self._value_column, self._value_cells)

    def set_endpoint(self, endpoint: Endpoint | None) -> None:
        """Complete with the parameters of this call."""
        self._endpoint = endpoint
        parameters = endpoint.parameters if endpoint else ()
        self.set_known({each.query_name: each.says for each in parameters})

    def set_names(self, names: Sequence[str]) -> None:
        """Complete with these names, of which nothing more is known."""
        self.set_known(dict.fromkeys(names, ""))

    def parameter(self, row: int) -> Parameter | None:
        """Return what the catalogue knows of a row, counted with blank ones."""
        return self._endpoint.parameter(self._model.row(row).key) if self._endpoint else None

    def set_revealed(self, revealed: bool) -> None:
        """Show the secrets in the rows, or dots in their place."""
        self.commit()
        self._revealed = revealed
        self.viewport().update()

    @property
    def has_secrets(self) -> bool:
        """Whether a secret stands in a row."""
        return any(is_secret(row.key, row.value) for row in self.rows())

    def _is_hidden(self, row: KeyValue) -> bool:
        return not self._revealed and is_secret(row.key, row.value)

    def paste(self) -> bool:
        """Take over the rows in the clipboard: a list repeats its name, so all of a name go."""
        rows = self.read_pasted(QGuiApplication.clipboard().text())
        if rows is None:
            return False
        self.commit()
        names = {row.key for row in rows}
        self.set_rows([*(row for row in self.rows() if row.key not in names), *rows])
        self.pasted.emit(len(rows))
        return True

    def request_rows(self) -> tuple[Row, ...]:
        """Return the rows as a request has them."""
        return tuple(Row(row.key, row.value, row.on) for row in self.rows())

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead."""
        self.set_rows([KeyValue(row.name, value=row.value, on=row.on) for row in rows])


class _ParameterDelegate(ValueDelegate):
    """Edits values with a list of those that a parameter takes."""

    def __init__(self, table: ParameterTable, model: KeyValueModel, on_key: OnKey) -> None:
        super().__init__(model, on_key, table, removes=True)
        self._table = table

    def editor(self, parent: QWidget, index: Index) -> QLineEdit | QComboBox:
        if self._model.hides(self._model.row(index.row())):
            return QLineEdit(parent, echoMode=QLineEdit.EchoMode.Password)
        parameter = self._table.parameter(index.row())
        if parameter is None or not (parameter.allowed or parameter.thing):
            return QLineEdit(parent)
        edit = ValueEdit(parameter, self._table.find_ids, parent)
        edit.completed.connect(lambda: self._commit(edit))
        return edit

    # Reimplemented Qt methods

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take over a value; whoever gives a row another one wants it to be sent."""
        before = self._model.row(index.row()).value
        super().setModelData(editor, model, index)
        after = self._model.row(index.row())
        if after.value and after.value != before and not after.on:
            self._model.switch(index.row())


class ValueEdit(QLineEdit):
    """Signals: `completed()` when a value was taken from the list."""

    completed = Signal()

    def __init__(self, parameter: Parameter, find: Find, parent: QWidget) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self._find = find
        self._choices = ChoiceList(self, f"Values of {parameter.name}")
        self.setPlaceholderText("Ctrl+Space lists the values")
        self.textEdited.connect(self._suggest)
        self._choices.taken.connect(self._take)

    def _suggest(self, typed: str) -> None:
        if self._parameter.thing:
            self._find(self._parameter, typed, self._choices.offer)
            return
        wanted = typed.strip().casefold()
        found = [Choice(each) for each in self._parameter.allowed if wanted in each.casefold()]
        self._choices.offer([] if [each.value for each in found] == [typed] else found)

    def _take(self, value: str) -> None:
        self.setText(value)
        self.completed.emit()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        asks = event.key() == Qt.Key.Key_Space and control
        if event.key() == Qt.Key.Key_Down or asks:
            self._suggest("" if asks else self.text())
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._choices.close()


def _read_pasted(text: str) -> list[KeyValue] | None:
    rows = pasted_rows(text)
    if rows is None:
        return None
    return [KeyValue(row.name, value=row.value, on=row.on) for row in rows]
