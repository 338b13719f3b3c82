"""Chooses which columns are shown, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.datasets.columns import Column
from refiner_desktop.services.rows.view import ColumnLook
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.cell_text import RIGHT, one_line, tool_tip
from refiner_desktop.ui.styling import button, label, size_dialog
from refiner_desktop.ui.theme import SPACE, scaled
from refiner_desktop.ui.widgets.grid.column_layout import Looks, arranged

SIZE = (460, 560)
GROUP_WIDTH = 180
NONE_FOUND = "No column has such a name. Clear the search to see all columns."
HINT = "Drag a column to its place, or move it with Alt+Up and Alt+Down."

_LOOK = Qt.ItemDataRole.UserRole
_SHOWN, _HIDDEN = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ColumnChooser(QDialog):
    """Every change shows in the table at once.

    Signals: `changed(looks)` with the look of every column, in order; `usual_wanted()` when the
    columns should stand as if nobody had touched them.
    """

    changed = Signal(object)
    usual_wanted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}.column_chooser")
        self.setWindowTitle("Columns")
        self._columns: tuple[Column, ...] = ()
        self._search = QLineEdit(placeholderText="Search the columns", clearButtonEnabled=True)
        self._search.setAccessibleName("Search the columns")
        self._search.setObjectName(f"{name}.columns.search")
        self._list = _ColumnTree(name)
        self._none = label(NONE_FOUND, "muted", wrap=True)
        self._all_button = button("Show all", f"{name}.columns.all")
        self._none_button = button("Hide all", f"{name}.columns.none")
        self._usual_button = button("Reset", f"{name}.columns.usual")
        self._usual_button.setToolTip("All columns in their first order and width")
        self._done_button = button("Done", f"{name}.columns.done", role="primary")
        self._lay_out()
        self._connect()

    @property
    def looks(self) -> Looks:
        """The looks of all columns as they are chosen now."""
        return tuple(_look(item) for item in self._list.items())

    def show_columns(self, columns: Sequence[Column], looks: Sequence[ColumnLook]) -> None:
        """Offer these columns, arranged as the looks say."""
        if not self.isVisible():
            self._search.clear()
        titles = {column.key: column for column in columns}
        self._columns = tuple(columns)
        self._list.fill(
            _item(titles[look.key], look, self._list.count_of(look.key))
            for look in arranged(self._columns, looks)
        )
        self._on_searched(self._search.text())

    def show_presence(self, presence: Mapping[str, int], total: int) -> None:
        """Say in how many of the rows each column has a value."""
        self._list.show_presence(presence, total)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._on_searched)
        self._search.installEventFilter(self)
        self._list.itemChanged.connect(lambda *_: self._tell())
        self._list.reordered.connect(self._tell)
        self._all_button.clicked.connect(lambda: self._show_those_found(True))
        self._none_button.clicked.connect(lambda: self._show_those_found(False))
        self._usual_button.clicked.connect(self._on_usual_clicked)
        self._done_button.clicked.connect(self.accept)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for each in (self._all_button, self._none_button, self._usual_button):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(self._done_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self._search)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._none)
        layout.addWidget(label(HINT, "muted", wrap=True))
        layout.addLayout(buttons)
        size_dialog(self, *SIZE)
        self._none.hide()

    def _tell(self) -> None:
        self.changed.emit(self.looks)

    def _on_searched(self, text: str) -> None:
        found = self._list.show_matching(text.casefold().split())
        self._none.setVisible(not found)
        for each in (self._all_button, self._none_button):
            each.setEnabled(found > 0)
        searched = bool(text.strip())
        self._all_button.setText("Show these" if searched else "Show all")
        self._none_button.setText("Hide these" if searched else "Hide all")

    def _show_those_found(self, shown: bool) -> None:
        if self._list.check_visible(_SHOWN if shown else _HIDDEN):
            self._tell()

    def _on_usual_clicked(self) -> None:
        self.show_columns(self._columns, ())
        self.usual_wanted.emit()

    # Reimplemented Qt methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self._list.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return True  # not the end of the dialog: somebody is searching
        return super().eventFilter(watched, event)


class _ColumnTree(QTreeWidget):
    """Titles with check boxes, and in how many rows each column occurs.

    Signals: `reordered()` when a person moved a column.
    """

    reordered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._counts: dict[str, str] = {}
        self.setObjectName(f"{name}.columns.list")
        self.setAccessibleName("Columns")
        self.setHeaderLabels(["Column", "Has a value in"])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, scaled(GROUP_WIDTH))

    def items(self) -> list[QTreeWidgetItem]:
        """Return all items from top to bottom."""
        found = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    def count_of(self, key: str) -> str:
        """Return what is known about how many rows have the column."""
        return self._counts.get(key, "")

    def fill(self, items: Iterable[QTreeWidgetItem]) -> None:
        """Show these items instead."""
        self.blockSignals(True)
        self.clear()
        self.addTopLevelItems(list(items))
        if (first := self.topLevelItem(0)) is not None:
            self.setCurrentItem(first)
        self.blockSignals(False)

    def show_presence(self, presence: Mapping[str, int], total: int) -> None:
        """Write the counts beside the titles."""
        self._counts = {
            key: f"{number(count)} of {number(total)} rows" for key, count in presence.items()
        }
        self.blockSignals(True)
        for item in self.items():
            _show_count(item, self.count_of(_look(item).key))
        self.blockSignals(False)
        self.viewport().update()

    def show_matching(self, words: Sequence[str]) -> int:
        """Show the items whose title or key has all words, and return how many they are."""
        found = 0
        for item in self.items():
            text = f"{item.text(0)} {_look(item).key}".casefold()
            matches = all(word in text for word in words)
            item.setHidden(not matches)
            found += matches
        self._choose_visible()
        return found

    def _choose_visible(self) -> None:
        """Let no key act on an item that is out of sight."""
        current = self.currentItem()
        if current is None or current.isHidden():
            visible = (item for item in self.items() if not item.isHidden())
            self.setCurrentItem(next(visible, None))  # type: ignore[arg-type]  # Qt takes none

    def check_visible(self, state: Qt.CheckState) -> bool:
        """Check or uncheck every item that is in sight; return whether there is any."""
        visible = [item for item in self.items() if not item.isHidden()]
        self.blockSignals(True)
        for item in visible:
            item.setCheckState(0, state)
        self.blockSignals(False)
        self.viewport().update()
        return bool(visible)

    def move_current(self, down: bool) -> None:
        """Move the current item past its neighbour, those out of sight left aside."""
        item = self.currentItem()
        if item is None:
            return
        step = 1 if down else -1
        place = self.indexOfTopLevelItem(item) + step
        while (neighbour := self.topLevelItem(place)) is not None and neighbour.isHidden():
            place += step
        if neighbour is None:
            return
        self.blockSignals(True)
        self.takeTopLevelItem(self.indexOfTopLevelItem(item))
        self.insertTopLevelItem(place, item)
        self.setCurrentItem(item)
        self.blockSignals(False)
        self.reordered.emit()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        lifted = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if lifted and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_current(down=event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.reordered.emit()


def _item(column: Column, look: ColumnLook, count: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([one_line(column.title)])
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
        | Qt.ItemFlag.ItemIsUserCheckable
        | Qt.ItemFlag.ItemIsDragEnabled
        | Qt.ItemFlag.ItemNeverHasChildren
    )
    item.setData(0, _LOOK, (look.key, look.width))
    item.setCheckState(0, _SHOWN if look.shown else _HIDDEN)
    item.setToolTip(0, tool_tip(f"{column.key} ({column.kind})"))
    item.setTextAlignment(1, RIGHT)
    _show_count(item, count)
    return item


def _show_count(item: QTreeWidgetItem, count: str) -> None:
    item.setText(1, count)
    said = f"{item.text(0)}, in {count}" if count else item.text(0)
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, said)


def _look(item: QTreeWidgetItem) -> ColumnLook:
    key, width = item.data(0, _LOOK)
    return ColumnLook(key, item.checkState(0) == _SHOWN, width)
