"""What is read aloud without being asked, and what is not."""

import pytest
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from refiner_desktop.ui.announcing import CurrentRow, tell
from refiner_desktop.ui.tabs.users.bulk.footer import Footer
from refiner_desktop.ui.widgets.data_table import DataTable


@pytest.fixture
def room(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    window.field, window.status = QLineEdit(), QLabel()
    model = QStandardItemModel(0, 1, window)
    window.table = DataTable("plans", "Plans", model)
    for part in (window.field, window.status, window.table):
        layout.addWidget(part)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.field.setFocus()
    return window


def test_only_news_in_front_or_asked_for_is_read(room, heard):
    tell(room.status, "Two loaded")
    tell(room.status, "Two loaded")
    assert heard == ["Two loaded"]
    room.status.hide()
    tell(room.status, "Three loaded")
    assert heard == ["Two loaded"]
    assert room.status.text() == "Three loaded"
    tell(room.status, "Four loaded", asked=True)
    assert heard == ["Two loaded", "Four loaded"]


def test_whoever_comes_to_rows_hears_the_current_one(room, heard, qtbot):
    CurrentRow(room)
    room.table.model().appendRow(QStandardItem("free"))
    room.table.model().appendRow(QStandardItem("pro"))
    room.table.selectRow(1)
    heard.clear()
    room.table.setFocus()
    qtbot.waitUntil(lambda: heard == ["pro"])


def test_the_list_that_drops_from_a_field_has_its_name_and_reads_what_is_chosen(room, heard, qtbot):
    CurrentRow(room)
    field = QComboBox(room)
    field.addItems(["free", "pro"])
    field.setCurrentIndex(1)
    field.setAccessibleName("Plan")
    field.show()
    field.showPopup()
    qtbot.waitUntil(lambda: heard == ["pro"])
    assert field.view().accessibleName() == "Plan"
    field.hidePopup()


def test_whoever_comes_to_an_empty_table_hears_why_it_is_empty(room):
    room.table.set_empty_text("Load some plans.")
    assert room.table.accessibleDescription() == "Load some plans."
    room.table.model().appendRow(QStandardItem("free"))
    assert room.table.accessibleDescription() == ""


def test_of_a_bulk_run_its_turns_are_read_and_not_each_step_of_its_progress(qtbot, heard):
    footer = Footer()
    qtbot.addWidget(footer)
    footer.show()
    footer.say("Checked: 3 rows")
    footer.follow("1 of 3")
    footer.follow("2 of 3")
    footer.say("Finished: 3 done", "success")
    assert heard == ["Checked: 3 rows", "Finished: 3 done"]
