"""Typing keys and values without leaving the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable


@pytest.fixture
def table(qtbot):
    table = KeyValueTable("traits", "Traits", ("text", "number"))
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.show()
    table.activateWindow()
    qtbot.waitActive(table)
    return table


def _click(table, row, column):
    place = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()


def _type(text):
    for letter in text:  # the first one may open an editor, which then has the focus
        QTest.keyClick(QApplication.focusWidget(), letter)


def _press(key):
    QTest.keyClick(QApplication.focusWidget(), key)
    QApplication.processEvents()


def test_one_click_and_typing_is_enough_and_tab_goes_on(table):
    _click(table, 0, 0)
    _type("plan")
    _press(Qt.Key.Key_Tab)
    _press(Qt.Key.Key_Tab)
    _type("pro")
    _press(Qt.Key.Key_Return)
    assert table.rows() == (KeyValue("plan", "text", "pro"),)


def test_what_is_still_being_typed_is_taken_over_when_it_is_sent(table):
    _click(table, 0, 0)
    _type("plan")
    table.commit()
    assert table.rows() == (KeyValue("plan", "text", ""),)


def test_a_type_is_chosen_from_a_list(table):
    table.set_rows([KeyValue("seats", "text", "12")])
    _click(table, 0, 1)
    combo = QApplication.focusWidget()
    assert isinstance(combo, QComboBox)
    QTest.keyClick(combo, Qt.Key.Key_Down)
    table.commit()
    assert table.rows() == (KeyValue("seats", "number", "12"),)


def test_delete_removes_the_row_that_is_chosen(table):
    table.set_rows([KeyValue("a", "text", "1"), KeyValue("b", "text", "2")])
    table.setCurrentIndex(table.model().index(0, 0))
    QApplication.processEvents()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert table.rows() == (KeyValue("b", "text", "2"),)


def test_it_is_as_high_as_its_rows_when_told_to(table):
    table.fit_to_rows()
    low = table.height()
    table.set_rows([KeyValue(str(number), "text", "") for number in range(3)])
    assert table.height() > low
    table.set_rows([KeyValue(str(number), "text", "") for number in range(100)])
    assert table.height() < 400


def test_a_narrow_table_needs_no_scroll_bar_that_hides_its_last_row(table):
    table.set_rows([KeyValue("key", "text", "value")])
    table.fit_to_rows()
    table.resize(330, table.height())
    QApplication.processEvents()
    assert not table.horizontalScrollBar().isVisible()
    assert table.verticalScrollBar().maximum() == 0
