"""The environments beside the form: chosen, put in order, added, duplicated, removed."""

from __future__ import annotations

from collections.abc import Container, Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.dots import SIZE as DOT
from refiner_desktop.ui.dots import dot
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.theme import SPACE, scaled

ID_ROLE = Qt.ItemDataRole.UserRole
WIDTH = 192


class EnvironmentList(QWidget):
    """One line an environment. Dragging, or Alt+Up and Alt+Down, puts them in order.

    Signals: `chosen(id)` when a person goes to a line; `opened(id)` on a double click or Enter;
    `reordered(ids)`; `add_requested()`, `duplicate_requested()`, `remove_requested()`.
    """

    chosen = Signal(str)
    opened = Signal(str)
    reordered = Signal(list)
    add_requested = Signal()
    duplicate_requested = Signal()
    remove_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(scaled(WIDTH))
        self._list = _Lines()
        self._list.setObjectName("connection.environments")
        self._list.setAccessibleName("Environments")
        self._add_button = button("Add", "connection.add", icon="mdi6.plus")
        self._duplicate_button = button("Duplicate", "connection.duplicate")
        self._remove_button = button("Remove…", "connection.remove")
        self._lay_out()
        self._connect()

    def show_environments(
        self, environments: Iterable[Environment], in_use: str, keyless: Container[str]
    ) -> None:
        """Fill the list; the line that was chosen stays so. By their ids, some have no key yet."""
        chosen = self.current()
        self._list.blockSignals(True)
        self._list.clear()
        for environment in environments:
            self._list.addItem(_line(environment, in_use, keyless))
        self._list.blockSignals(False)
        self.choose(chosen)

    def choose(self, environment_id: str) -> None:
        """Mark a line without telling anybody; none when the environment is not listed."""
        ids = self.ids()
        row = ids.index(environment_id) if environment_id in ids else -1
        self._list.blockSignals(True)
        self._list.setCurrentRow(row)
        self._list.blockSignals(False)
        for each in (self._duplicate_button, self._remove_button):
            each.setEnabled(row >= 0)

    def current(self) -> str:
        """Return the id of the chosen line; empty for none."""
        return str(self._list.currentIndex().data(ID_ROLE) or "")

    def ids(self) -> list[str]:
        """Return the ids from top to bottom."""
        return [str(self._list.item(row).data(ID_ROLE)) for row in range(self._list.count())]

    def move_chosen(self, step: int) -> None:
        """Move the chosen line up (-1) or down (1)."""
        row, ids = self._list.currentRow(), self.ids()
        if row >= 0 and 0 <= row + step < len(ids):
            ids.insert(row + step, ids.pop(row))
            self.reordered.emit(ids)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(label("Environments", "heading"))
        column.addWidget(self._list, 1)
        buttons = QGridLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self._add_button, 0, 0, 1, 2)
        buttons.addWidget(self._duplicate_button, 1, 0)
        buttons.addWidget(self._remove_button, 1, 1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(lambda _: self.chosen.emit(self.current()))
        self._list.itemActivated.connect(lambda item: self.opened.emit(item.data(ID_ROLE)))
        self._list.model().rowsMoved.connect(lambda *_: self.reordered.emit(self.ids()))
        self._list.step_requested.connect(self.move_chosen)
        self._add_button.clicked.connect(self.add_requested)
        self._duplicate_button.clicked.connect(self.duplicate_requested)
        self._remove_button.clicked.connect(self.remove_requested)


class _Lines(QListWidget):
    step_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(DOT, DOT))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # Reimplemented Qt methods

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose nothing where nothing was: Tab goes past; Qt would go to the first line."""
        none_chosen = self.currentRow() < 0
        self.blockSignals(True)
        super().focusInEvent(event)
        if none_chosen:
            self.setCurrentRow(-1)
        self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.step_requested.emit(step)
        else:
            super().keyPressEvent(event)


def _line(environment: Environment, in_use: str, keyless: Container[str]) -> QListWidgetItem:
    marks = [
        *(["in use"] if environment.id == in_use else []),
        *(["no key yet"] if environment.id in keyless else []),
        *(["read-only"] if environment.read_only else []),
    ]
    text = environment.name + (f"  ·  {', '.join(marks)}" if marks else "")
    item = QListWidgetItem(dot(environment.colour), text)
    item.setData(ID_ROLE, environment.id)
    item.setToolTip(f"{environment.name}\n{environment.base_url}")
    return item
