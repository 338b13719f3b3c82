"""The headers of a request: those a person writes, and those that are added to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.api.exchange import Pairs
from refiner_desktop.api.headers import LEAVABLE, checked
from refiner_desktop.services.requests.draft import Row
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.console.rows_editor import RowsEditor
from refiner_desktop.ui.theme import SPACE

ADDED = "Added when it is sent"
ADDED_TIP = "Untick one to leave it out; Change writes your own in its place."
LEFT_OUT = "left out"
REPLACED = "yours is sent instead"
NAMES = (
    "Accept", "Accept-Language", "Authorization", "Cache-Control", "Content-Type", "If-None-Match",
    "User-Agent", "X-Request-Id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Automatic:
    """What is added to a request, and what a person left out or replaced."""

    added: Pairs = ()
    without: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    instead: str = ""
    """Why there are none."""


class HeadersPage(QWidget):
    """Signals: `edited()` when a person changed a header or left an automatic one out."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._without: tuple[str, ...] = ()
        self._shown: Automatic | None = None
        self._names: list[str] = []
        self.rows = RowsEditor("console.headers", "Headers")
        self.rows.table.set_names(NAMES)
        self._note = label(ADDED, "muted", elide=True)
        self._instead = label(role="muted", wrap=True)
        self._list = QTreeWidget()
        self._list.setObjectName("console.automatic_headers")
        self._list.setAccessibleName("Headers that are added when it is sent")
        self._list.setColumnCount(2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._list.setMinimumHeight(SPACE * 5)
        self._list.setToolTip(ADDED_TIP)
        self._change = button("Change", "console.headers.change", icon="mdi6.pencil")
        self._lay_out()
        self._connect()
        self._on_current_changed()

    @property
    def without(self) -> tuple[str, ...]:
        """The automatic headers that are left out."""
        return self._without

    def show_headers(self, rows: Sequence[Row], without: tuple[str, ...]) -> None:
        """Show other headers; nobody is told."""
        self._without = without
        self.rows.show_rows(rows)

    def show_automatic(self, automatic: Automatic) -> None:
        """Show what will be added; what was there already stays in its place."""
        if automatic == self._shown:
            return
        self._shown = automatic
        current = self._list.currentItem()
        name = current.text(0) if current else ""
        items = _items(automatic)
        items.sort(key=lambda item: _place(item.text(0), self._names))
        self._names = [item.text(0) for item in items]
        self._list.blockSignals(True)
        self._list.clear()
        for item in items:
            self._list.addTopLevelItem(item)
            if item.text(0) == name:
                self._list.setCurrentItem(item)
        if not name and (first := next(filter(_is_changeable, items), None)):
            self._list.setCurrentItem(first)  # so that Change has something to change
        self._list.blockSignals(False)
        self._instead.setText(automatic.instead)
        self._instead.setVisible(bool(automatic.instead))
        self._added.setHidden(bool(automatic.instead))
        self._on_current_changed()

    def mark_wrong(self) -> None:
        """Mark the headers that HTTP can't carry."""
        rows = self.rows.rows()
        problems = {place: why for place, row in enumerate(rows) if (why := _problem(row))}
        self.rows.table.set_problems(problems)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._note, 1)
        line.addWidget(self._change)
        self._added = QWidget()
        column = QVBoxLayout(self._added)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addLayout(line)
        column.addWidget(self._list, 1)
        beside = QWidget()
        place = QVBoxLayout(beside)
        place.setContentsMargins(0, SPACE // 2, 0, 0)
        place.addWidget(self._instead, 0, Qt.AlignmentFlag.AlignTop)
        place.addWidget(self._added, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.setObjectName("console.split.headers")
        splitter.addWidget(self.rows)
        splitter.addWidget(beside)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self.rows.edited.connect(self._on_rows_edited)
        self._list.itemChanged.connect(self._on_item_changed)
        self._list.currentItemChanged.connect(lambda *_: self._on_current_changed())
        self._list.itemDoubleClicked.connect(lambda *_: self._write_own())
        self._change.clicked.connect(self._write_own)

    def _on_rows_edited(self) -> None:
        self.mark_wrong()
        self.edited.emit()

    def _on_item_changed(self, item: QTreeWidgetItem) -> None:
        name = item.text(0)
        others = tuple(each for each in self._without if each.lower() != name.lower())
        left_out = item.checkState(0) is Qt.CheckState.Unchecked
        self._without = (*others, name) if left_out else others
        self.edited.emit()

    def _on_current_changed(self) -> None:
        item = self._list.currentItem()
        self._change.setEnabled(item is not None and _is_changeable(item))

    def _write_own(self) -> None:
        item = self._list.currentItem()
        if item is None or not _is_changeable(item):
            return
        name = item.text(0)
        value = item.data(1, Qt.ItemDataRole.UserRole) or ""
        self._without = tuple(each for each in self._without if each.lower() != name.lower())
        self.rows.add_row(Row(name, "" if "•" in value else value))


def _items(automatic: Automatic) -> list[QTreeWidgetItem]:
    lines = [(name, value, True) for name, value in automatic.added]
    lines += [(name, LEFT_OUT, False) for name in automatic.without]
    lines += [(name, REPLACED, True) for name in automatic.replaced]
    return [_item(*line) for line in lines]


def _item(name: str, value: str, ticked: bool) -> QTreeWidgetItem:
    item = QTreeWidgetItem([name, one_line(value)])
    if value not in (LEFT_OUT, REPLACED):
        item.setData(1, Qt.ItemDataRole.UserRole, value)
    if name.lower() in LEAVABLE and value != REPLACED:
        state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, state)
    return item


def _is_changeable(item: QTreeWidgetItem) -> bool:
    """Whether a person may write another one: not twice, nor what is set by the application."""
    return item.text(1) != REPLACED and not _problem(Row(item.text(0)))


def _place(name: str, names: Sequence[str]) -> int:
    return names.index(name) if name in names else len(names)


def _problem(row: Row) -> str:
    if not row.on:
        return ""
    try:
        checked(((row.name, row.value),))
    except ValueError as exc:
        return f"{str(exc)[:1].upper()}{str(exc)[1:]}."
    return ""
