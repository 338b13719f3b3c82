"""The frequent values of a column with their counts, to check those that are wanted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from refiner_desktop.datasets.summaries import Values
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.announcing import announce
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.grid.counted_item import (
    LINE_HEIGHT,
    VALUE_ROLE,
    CountedDelegate,
    CountedItem,
)
from refiner_desktop.ui.widgets.grid.value_fields import ValueField

MOST_LINES, FEWEST_LINES = 8, 3
"""The list is as high as it needs to be, and no higher or lower than this many lines."""

CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ChecklistField(ValueField):
    """One or more values: checked in the list, or typed and added with Enter.

    Typing finds values; with nothing typed, Enter is left to the one around.
    """

    def __init__(self) -> None:
        super().__init__()
        self._search = QLineEdit(placeholderText="Find or add a value", clearButtonEnabled=True)
        self._search.setAccessibleName("Value")
        self._search.setAccessibleDescription("Finds a value; Enter checks it, or adds it")
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setAccessibleName("Values")
        self._list.setItemDelegate(CountedDelegate(self._list))
        self._note = label("Counting…", "muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        for part in (self._search, self._list, self._note):
            layout.addWidget(part)
        self._search.textChanged.connect(self._find)
        self._list.clicked.connect(self._on_clicked)
        self._model.itemChanged.connect(lambda _: self.edited.emit())
        self._model.rowsInserted.connect(self._settle)
        self._settle()
        self._at_press: Qt.CheckState | None = None
        self._list.pressed.connect(self._on_pressed)

    def values(self) -> tuple[str, ...]:
        return tuple(
            item.data(VALUE_ROLE) for item in self._items() if item.checkState() == CHECKED
        )

    def set_values(self, values: tuple[str, ...]) -> None:
        for item in self._items():
            item.setCheckState(CHECKED if item.data(VALUE_ROLE) in values else UNCHECKED)
        known = {item.data(VALUE_ROLE) for item in self._items()}
        for value in values:
            if value not in known:
                self._add(CountedItem(value, None), self._model.rowCount())

    def problem(self) -> str:
        return "" if self.values() else "Check at least one value."

    def entry(self) -> QWidget:
        return self._search

    def offer(self, values: Values) -> None:
        """List these values, and above them what is checked and not among them."""
        checked = self.values()
        most = max([values.empty, *(value.rows for value in values.frequent)])
        known = {value.text for value in values.frequent} | ({""} if values.empty else set())
        items = [CountedItem(other, None) for other in checked if other not in known]
        items += [CountedItem(value.text, value.rows, most) for value in values.frequent]
        if values.empty:
            items.append(CountedItem("", values.empty, most))
        for item in items:
            _make_checkable(item, checked=item.data(VALUE_ROLE) in checked)
        self._model.clear()
        self._model.invisibleRootItem().appendRows(items)  # at once: each insertion is laid out
        listed, distinct = len(values.frequent), values.distinct
        self._note.setText(
            f"The {number(listed)} most frequent of {number(distinct)}. Type for another."
        )
        self._note.setVisible(distinct > listed)
        self._find(self._search.text())

    def _settle(self) -> None:
        lines = min(max(self._model.rowCount(), FEWEST_LINES), MOST_LINES)
        self._list.setFixedHeight(lines * scaled(LINE_HEIGHT) + 2 * self._list.frameWidth())

    def _items(self) -> list[QStandardItem]:
        return [self._model.item(row) for row in range(self._model.rowCount())]

    def _add(self, item: QStandardItem, place: int) -> None:
        _make_checkable(item, checked=True)
        self._model.insertRow(place, item)

    def _find(self, typed: str) -> None:
        for row, item in enumerate(self._items()):
            hidden = typed.casefold() not in item.text().casefold()
            if self._list.isRowHidden(row) != hidden:  # to say it again is laid out again too
                self._list.setRowHidden(row, hidden)

    def _found(self) -> list[QStandardItem]:
        return [item for row, item in enumerate(self._items()) if not self._list.isRowHidden(row)]

    def _take_typed(self) -> None:
        """Check the one value that is meant; the text as it is where it is in no line."""
        typed = self._search.text()
        found = self._found()
        same = [item for item in found if item.text().casefold() == typed.casefold()]
        if meant := same or found:
            meant[0].setCheckState(CHECKED)
        else:
            self._add(CountedItem(typed, None), 0)
        self._search.clear()
        taken = one_line(meant[0].data(VALUE_ROLE) if meant else typed) or "empty"
        announce(self._list, f"{taken} is checked, {number(len(self.values()))} in all")

    def _on_pressed(self, index: QModelIndex) -> None:
        self._at_press = self._model.itemFromIndex(index).checkState()

    def _on_clicked(self, index: QModelIndex) -> None:
        """Let a click anywhere on the line do what one on the box does."""
        item = self._model.itemFromIndex(index)
        if item.checkState() == self._at_press:
            item.setCheckState(UNCHECKED if item.checkState() == CHECKED else CHECKED)

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self._search.hasFocus() and self._search.text():
            self._take_typed()
        elif event.key() == Qt.Key.Key_Down and self._search.hasFocus():
            self._list.setFocus()
            found = self._found()
            self._list.setCurrentIndex(found[0].index() if found else QModelIndex())
        else:
            super().keyPressEvent(event)


def _make_checkable(item: QStandardItem, *, checked: bool) -> None:
    item.setCheckable(True)
    item.setCheckState(CHECKED if checked else UNCHECKED)
