"""By keys what a mouse does with dividers, columns and pages."""

import pytest
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QSplitter, QTabWidget, QVBoxLayout, QWidget

from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.layout_keys import STEP, LayoutKeys
from refiner_desktop.ui.widgets.data_table import DataTable


@pytest.fixture
def room(qtbot):
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(900, 500)
    room.splitter = QSplitter(childrenCollapsible=False)
    room.table = DataTable("rows", "Rows", QStandardItemModel(3, 3, room))
    room.pages = QTabWidget()
    room.line = QLineEdit()
    room.pages.addTab(room.line, "One")
    room.pages.addTab(QLineEdit(), "Two")
    room.splitter.addWidget(room.table)
    room.splitter.addWidget(room.pages)
    QVBoxLayout(room).addWidget(room.splitter)
    room.registry = ActionRegistry(room)
    room.refused = []
    room.registry.refused.connect(room.refused.append)
    LayoutKeys(room.registry, room)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    return room


def _do(room, title):
    next(entry for entry in room.registry if entry.title == title).action.trigger()


def test_a_divider_moves_from_either_side(room):
    before = room.splitter.sizes()[0]
    room.table.setFocus()
    _do(room, "Move the divider right")
    assert room.splitter.sizes()[0] == before + STEP
    room.line.setFocus()
    _do(room, "Move the divider left")
    assert room.splitter.sizes()[0] == before


def test_without_a_divider_of_the_kind_there_is_a_reason(room):
    room.table.setFocus()
    _do(room, "Move the divider up")
    assert room.refused == ["No divider of this kind is beside what has the keyboard."]


def test_columns_get_wider_and_change_their_places_past_hidden_ones(room):
    table, header = room.table, room.table.horizontalHeader()
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    before = table.columnWidth(0)
    _do(room, "Make the column wider")
    assert table.columnWidth(0) == before + STEP
    table.hideColumn(1)
    _do(room, "Move the column to the right")
    assert header.visualIndex(0) == 2
    _do(room, "Move the column to the right")
    assert header.visualIndex(0) == 2


def test_columns_need_a_table(room):
    room.line.setFocus()
    _do(room, "Make the column wider")
    assert room.refused == ["Go into a table first."]


def test_pages_turn_around_the_ends_also_from_beside_them(room):
    room.table.setFocus()
    turned = []
    for _ in range(2):
        _do(room, "Next page")
        turned.append(room.pages.currentIndex())
    assert turned == [1, 0]
    room.pages.setTabEnabled(1, False)
    _do(room, "Previous page")
    assert room.pages.currentIndex() == 0
