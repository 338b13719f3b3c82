"""Typing keys and values without leaving the keyboard."""

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import delete, isValid

from refiner_desktop.services.users.traits import TraitType
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.widgets.cell_editors import DateEdit
from refiner_desktop.ui.widgets.draft_form import TRAIT_TYPES
from refiner_desktop.ui.widgets.key_value_table import KeyValueTable

Key, CTRL, ALT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
A, B = KeyValue("a", "text", "1"), KeyValue("b", "text", "2")
TEXT, NUMBER, YES_NO, DATE, DATE_TIME, EMPTY = (kind.value for kind in TraitType)


@pytest.fixture
def window(qtbot):
    """A table between two fields, as in a form."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    window.table = KeyValueTable("traits", "Traits", TRAIT_TYPES, arrangeable=True)
    window.above, window.below = QLineEdit(), QLineEdit()
    for each in (window.above, window.table, window.below):
        column.addWidget(each)
    window.resize(500, 400)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    return window


@pytest.fixture
def table(window):
    return window.table


def _press_at(table, row, column, dx=None):
    rect = table.visualRect(table.model().index(row, column))
    place = rect.center() if dx is None else QPoint(rect.left() + dx, rect.center().y())
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()


def _type(text):
    for letter in text:  # the first one may open an editor, which then has the focus
        QTest.keyClick(QApplication.focusWidget(), letter)


def _press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)
    QApplication.processEvents()


def _choose_row(table, row):
    """Click the number of a row."""
    header = table.verticalHeader()
    place = QPoint(header.width() // 2, header.sectionViewportPosition(row) + 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    table.setFocus()


def test_one_click_and_typing_is_enough_and_tab_goes_on(table):
    _press_at(table, 0, 0)
    _type("plan")
    _press(Key.Key_Tab)
    _press(Key.Key_Tab)
    _type("pro")
    _press(Key.Key_Return)
    assert table.rows() == (KeyValue("plan", "text", "pro"),)


def test_typing_in_the_last_row_makes_a_new_one_at_once(table):
    _press_at(table, 0, 0)
    _type("p")
    assert table.rows() == (KeyValue("p", "text", ""),)
    assert table.model().rowCount() == 2
    assert QApplication.focusWidget().text() == "p"
    _type("lan")
    assert table.rows() == (KeyValue("plan", "text", ""),)


def test_letters_typed_in_the_middle_stay_in_their_order(table):
    table.set_rows([KeyValue("ad", "text", "")])
    _press_at(table, 0, 0)
    QApplication.focusWidget().setCursorPosition(1)
    _type("bc")
    assert table.rows() == (KeyValue("abcd", "text", ""),)


def test_escape_brings_back_what_was_there(table):
    table.set_rows([A])
    _press_at(table, 0, 2)
    _type("23")
    _press(Key.Key_Escape)
    assert table.rows() == (A,)
    assert table.hasFocus()


def test_tab_visits_every_cell_and_leaves_behind_the_last_one(window, table):
    table.set_rows([A])
    window.above.setFocus()
    visited = []
    for _ in range(6):
        _press(Key.Key_Tab)
        index = table.currentIndex()
        visited.append((index.row(), index.column()))
    assert visited == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (-1, -1)]
    assert window.below.hasFocus()


def test_tab_goes_back_the_same_way(window, table):
    table.set_rows([A])
    window.below.setFocus()
    visited = []
    for _ in range(6):
        _press(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        index = table.currentIndex()
        visited.append((index.row(), index.column()))
    assert visited == [(1, 2), (1, 0), (0, 2), (0, 1), (0, 0), (-1, -1)]
    assert window.above.hasFocus()


@pytest.mark.parametrize("column", [0, 1, 2])
def test_ctrl_tab_leaves_from_any_cell_with_what_was_typed(window, table, column):
    table.set_rows([A])
    table._edit(table.model().index(0, column))
    if column == 2:
        _type("9")
    _press(Key.Key_Tab, CTRL)
    assert window.below.hasFocus()
    assert table.rows()[0].value == ("9" if column == 2 else "1")


def test_escape_leaves_once_no_cell_is_edited(window, table):
    table.set_rows([A])
    _press_at(table, 0, 0)
    _press(Key.Key_Escape)
    _press(Key.Key_Escape)
    assert window.below.hasFocus()


def test_what_is_still_being_typed_is_taken_over_when_it_is_sent(table):
    _press_at(table, 0, 0)
    _type("plan")
    table.commit()
    assert table.rows() == (KeyValue("plan", "text", ""),)


def test_a_window_may_be_deleted_while_a_key_is_typed(qtbot):
    window = QWidget()
    table = KeyValueTable("traits", "Traits", parent=window)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    _press_at(table, 0, 0)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    delete(window)  # before, the process ended here
    assert not isValid(table)


def test_one_click_opens_the_list_of_types(table):
    table.set_rows([KeyValue("seats", "text", "12")])
    _press_at(table, 0, 1)
    _press(Key.Key_Down)
    _press(Key.Key_Return)
    table.commit()
    assert table.rows() == (KeyValue("seats", "number", "12"),)


def test_delete_removes_the_chosen_row(table):
    table.set_rows([A, B])
    _choose_row(table, 0)
    _press(Key.Key_Delete)
    assert table.rows() == (B,)


def test_delete_in_a_cell_is_about_its_letters_but_with_ctrl_about_the_row(table):
    table.set_rows([A, B])
    _press_at(table, 0, 2)
    _press(Key.Key_Delete)
    assert table.rows() == (KeyValue("a", "text", ""), B)
    _press(Key.Key_Delete, CTRL)
    assert table.rows() == (B,)


def test_the_cross_removes_its_row(table):
    table.set_rows([A, B])
    width = table.visualRect(table.model().index(0, 2)).width()
    _press_at(table, 0, 2, dx=width - 10)
    assert table.rows() == (B,)


def test_rows_move_by_keyboard_while_a_cell_is_edited(table):
    table.set_rows([A, B])
    _press_at(table, 0, 2)
    _press(Key.Key_Down, ALT)
    assert table.rows() == (B, A)
    assert QApplication.focusWidget().text() == "1"
    _press(Key.Key_Down, ALT)  # the blank row stays the last one
    assert table.rows() == (B, A)
    _press(Key.Key_Up, ALT)
    assert table.rows() == (A, B)


def test_rows_move_by_mouse_and_their_numbers_stay_in_order(table):
    table.set_rows([A, B, KeyValue("c", "text", "3")])
    table.verticalHeader().moveSection(2, 0)  # what a drag does
    assert [row.key for row in table.rows()] == ["c", "a", "b"]
    assert [table.verticalHeader().visualIndex(row) for row in range(4)] == [0, 1, 2, 3]


def test_a_row_is_switched_off_by_its_check_box_and_by_the_keyboard(table):
    table.set_rows([A, B])
    _press_at(table, 0, 0, dx=12)
    assert [row.on for row in table.rows()] == [False, True]
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    _press_at(table, 0, 0)
    _press(Key.Key_Slash, CTRL)
    assert [row.on for row in table.rows()] == [True, True]


def test_a_known_key_completes_and_brings_its_type(table):
    table.set_known({"seats": "number", "plan": "text"})
    _press_at(table, 0, 0)
    _type("sea")
    popup = QApplication.focusWidget().completer().popup()
    assert popup.model().index(0, 0).data() == "seats  ·  number"
    QTest.keyClick(popup, Key.Key_Down)
    QTest.keyClick(popup, Key.Key_Tab)
    assert table.rows() == (KeyValue("seats", "number", ""),)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (0, 1)


def test_a_value_that_is_there_keeps_its_type(table):
    table.set_known({"seats": "number"})
    table.set_rows([KeyValue("seat", "text", "12")])
    _press_at(table, 0, 0)
    _press(Key.Key_End)
    _type("s")
    assert table.rows() == (KeyValue("seats", "text", "12"),)


def test_yes_or_no_is_chosen_and_empty_takes_no_value(table):
    table.set_rows([KeyValue("beta", YES_NO, "no"), KeyValue("phone", EMPTY, "")])
    table._edit(table.model().index(0, 2))
    assert isinstance(QApplication.focusWidget(), QComboBox)
    table.commit()
    assert not table.model().flags(table.model().index(1, 2)) & Qt.ItemFlag.ItemIsEditable
    assert table.model().index(1, 2).data() == "blanks the trait"


@pytest.mark.parametrize(
    ("kind", "typed", "taken"),
    [
        (DATE, "", "2026-03-04"),
        (DATE_TIME, "", "2026-03-04 00:00"),
        (DATE_TIME, "2025-01-02 09:15", "2026-03-04 09:15"),
    ],
)
def test_a_day_is_taken_from_the_calendar(table, kind, typed, taken):
    table.set_rows([KeyValue("some_at", kind, typed)])
    _press_at(table, 0, 2)
    edit = QApplication.focusWidget()
    assert isinstance(edit, DateEdit)
    _press(Key.Key_F4)
    edit._calendar.chosen.emit(QDate(2026, 3, 4))
    edit._calendar.close()
    assert table.rows() == (KeyValue("some_at", kind, taken),)


def test_what_is_pasted_fills_rows_and_takes_the_place_of_the_same_key(table, qtbot):
    table.read_pasted = lambda text: [KeyValue("b", "text", text), KeyValue("c", "text", "3")]
    table.set_rows([A, B])
    QApplication.clipboard().setText("new")
    _press_at(table, 2, 0)
    with qtbot.waitSignal(table.pasted):
        _press(Key.Key_V, CTRL)
    assert table.rows() == (A, KeyValue("b", "text", "new"), KeyValue("c", "text", "3"))


def test_a_value_takes_what_is_pasted_as_text(table):
    table.read_pasted = lambda _text: [B]
    table.set_rows([A])
    QApplication.clipboard().setText("x: y")
    _press_at(table, 0, 2)
    QApplication.focusWidget().selectAll()
    _press(Key.Key_V, CTRL)
    assert table.rows() == (KeyValue("a", "text", "x: y"),)


def test_text_that_is_no_rows_goes_into_the_key(table):
    QApplication.clipboard().setText("plan")
    _press_at(table, 0, 0)
    _press(Key.Key_V, CTRL)
    assert table.rows() == (KeyValue("plan", "text", ""),)


def test_a_plain_table_has_no_check_boxes_numbers_or_crosses(qtbot):
    table = KeyValueTable("console.query", "Query parameters")
    qtbot.addWidget(table)
    table.set_rows([KeyValue("a", value="1")])
    index = table.model().index(0, 0)
    assert not table.model().flags(index) & Qt.ItemFlag.ItemIsUserCheckable
    assert not table.verticalHeader().isVisibleTo(table)
    table.setCurrentIndex(index)
    QTest.keyClick(table, Key.Key_Slash, CTRL)
    assert table.rows()[0].on


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
    table.resize(360, table.height())
    QApplication.processEvents()
    assert not table.horizontalScrollBar().isVisible()
    assert table.verticalScrollBar().maximum() == 0
