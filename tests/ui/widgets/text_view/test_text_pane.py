"""Searching in a text pane as a person does it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton

from refiner_desktop.ui.widgets.text_view import Mode, TextPane, ToolRow

TEXT = "Ana\nBen\nana\n" + "filler\n" * 500 + "ANA"
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def pane(qtbot):
    pane = TextPane()
    qtbot.addWidget(pane)
    pane.resize(500, 300)
    pane.show()
    pane.view.set_text(TEXT)
    pane.view.setFocus()
    qtbot.waitUntil(pane.view.hasFocus)
    return pane


def field(pane):
    return pane.findChild(QLineEdit)


def button(pane, name):
    return next(b for b in pane.findChildren(QToolButton) if b.accessibleName().startswith(name))


def ask(pane, text):
    QTest.keyClick(pane.view, Key.Key_F, CONTROL)
    QTest.keyClicks(field(pane), text)


def press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def wait_for_count(pane, qtbot, text):
    qtbot.waitUntil(lambda: pane.findChild(QLabel).text() == text)


def first_visible_line(pane):
    return pane.view.verticalScrollBar().value()


def test_typing_finds_and_counts(pane, qtbot):
    ask(pane, "an")
    wait_for_count(pane, qtbot, "1 of 3")
    press(Key.Key_A)
    wait_for_count(pane, qtbot, "1 of 3")
    press(Key.Key_X)
    wait_for_count(pane, qtbot, "No matches")
    assert not button(pane, "Next").isEnabled()


def test_enter_and_f3_step_forwards_and_backwards_around_the_end(pane, qtbot):
    ask(pane, "ana")
    wait_for_count(pane, qtbot, "1 of 3")
    press(Key.Key_Return)
    wait_for_count(pane, qtbot, "2 of 3")
    press(Key.Key_F3)
    wait_for_count(pane, qtbot, "3 of 3")
    assert first_visible_line(pane) > 400
    press(Key.Key_F3)
    wait_for_count(pane, qtbot, "1 of 3")
    assert first_visible_line(pane) == 0
    press(Key.Key_F3, SHIFT)
    wait_for_count(pane, qtbot, "3 of 3")
    press(Key.Key_Return, SHIFT)
    wait_for_count(pane, qtbot, "2 of 3")
    button(pane, "Next").click()
    wait_for_count(pane, qtbot, "3 of 3")
    button(pane, "Previous").click()
    wait_for_count(pane, qtbot, "2 of 3")


def test_case_matters_when_asked_for(pane, qtbot):
    ask(pane, "ana")
    wait_for_count(pane, qtbot, "1 of 3")
    button(pane, "Match case").click()
    wait_for_count(pane, qtbot, "1 of 1")


def test_matches_are_marked_until_the_bar_is_closed(pane, qtbot):
    before = pane.view.viewport().grab().toImage()
    ask(pane, "ana")
    wait_for_count(pane, qtbot, "1 of 3")
    marked = pane.view.viewport().grab().toImage()
    assert {marked.pixelColor(x, 8).name() for x in range(150)} - {
        before.pixelColor(x, 8).name() for x in range(150)
    }
    press(Key.Key_Escape)
    assert not field(pane).isVisible()
    qtbot.waitUntil(pane.view.hasFocus)
    qtbot.waitUntil(lambda: pane.view.viewport().grab().toImage() == before)


def test_escape_in_the_text_closes_the_bar_too(pane):
    ask(pane, "ana")
    QTest.keyClick(pane.view, Key.Key_Escape)
    assert not field(pane).isVisible()


def test_the_close_button_closes_the_bar(pane):
    ask(pane, "ana")
    button(pane, "Close").click()
    assert not field(pane).isVisible()


def test_the_search_begins_at_the_caret(pane, qtbot):
    QTest.keyClick(pane.view, Key.Key_Down)
    ask(pane, "ana")
    wait_for_count(pane, qtbot, "2 of 3")


def test_a_selected_word_is_what_is_looked_for(pane, qtbot):
    for _ in range(3):
        QTest.keyClick(pane.view, Key.Key_Right, SHIFT)
    press(Key.Key_F, CONTROL)
    assert field(pane).text() == "Ana"
    wait_for_count(pane, qtbot, "1 of 3")


def test_several_selected_lines_are_not_looked_for(pane):
    QTest.keyClick(pane.view, Key.Key_Down, SHIFT)
    press(Key.Key_F, CONTROL)
    assert field(pane).text() == ""


def test_new_content_is_searched_too(pane, qtbot):
    ask(pane, "ana")
    wait_for_count(pane, qtbot, "1 of 3")
    pane.view.set_text("ana ana")
    wait_for_count(pane, qtbot, "1 of 2")
    pane.view.clear()
    wait_for_count(pane, qtbot, "No matches")


def test_f3_opens_a_closed_bar_with_what_was_looked_for(pane, qtbot):
    ask(pane, "ben")
    wait_for_count(pane, qtbot, "1 of 1")
    press(Key.Key_Escape)
    press(Key.Key_F3)
    assert field(pane).isVisible()
    wait_for_count(pane, qtbot, "1 of 1")


def test_large_content_is_searched_beside_the_window(pane, qtbot):
    with qtbot.waitSignal(pane.view.content_changed):
        pane.view.set_text("Ana and Ben\n" * 500_000)
    ask(pane, "ben")
    wait_for_count(pane, qtbot, "1 of 500,000")


def test_find_stands_in_the_menu_of_the_view(pane):
    texts = [action.text() for action in pane.view.actions() if not action.isSeparator()]
    assert texts[3:6] == ["Select all", "Find…", "Go to line…"]


def line_field(pane):
    return next(edit for edit in pane.findChildren(QLineEdit) if edit.isVisible())


def test_ctrl_g_goes_to_a_line(pane, qtbot):
    QTest.keyClick(pane.view, Key.Key_G, CONTROL)
    QTest.keyClicks(line_field(pane), "300")
    press(Key.Key_Return)
    qtbot.waitUntil(pane.view.hasFocus)
    assert pane.view.document.lines.at(pane.view.selection.caret) == 299
    assert first_visible_line(pane) <= 299


def test_what_is_no_number_is_marked(pane):
    QTest.keyClick(pane.view, Key.Key_G, CONTROL)
    edit = line_field(pane)
    QTest.keyClicks(edit, "nine")
    press(Key.Key_Return)
    assert edit.property("wrong") is True
    QTest.keyClick(edit, Key.Key_Backspace)
    assert edit.property("wrong") is False
    press(Key.Key_Escape)
    assert not edit.isVisible()


def test_in_bytes_ctrl_g_goes_to_a_byte(pane):
    pane.view.set_mode(Mode.HEX)
    QTest.keyClick(pane.view, Key.Key_G, CONTROL)
    QTest.keyClicks(line_field(pane), "0x20")
    press(Key.Key_Return)
    assert pane.view.document.searched_at(pane.view.selection.caret) == 0x20


def test_an_expression_is_looked_for_when_asked(pane, qtbot):
    button(pane, "Regular").click()
    ask(pane, "^A.A$")
    wait_for_count(pane, qtbot, "1 of 3")
    button(pane, "Match case").click()
    wait_for_count(pane, qtbot, "1 of 1")


def test_a_wrong_expression_marks_the_field_and_keeps_what_was_found(pane, qtbot):
    button(pane, "Regular").click()
    ask(pane, "ana")
    wait_for_count(pane, qtbot, "1 of 3")
    marked = pane.view.viewport().grab().toImage()
    press(Key.Key_ParenLeft)
    qtbot.waitUntil(lambda: field(pane).property("wrong") is True)
    assert "at character" in field(pane).toolTip()
    assert pane.view.viewport().grab().toImage() == marked
    press(Key.Key_F3)
    assert field(pane).property("wrong") is True
    press(Key.Key_Backspace)
    qtbot.waitUntil(lambda: field(pane).property("wrong") is False)


def test_bytes_are_searched_and_not_their_digits(pane, qtbot):
    pane.view.set_hex(b"filler " * 40 + b"needle 6e65")
    ask(pane, "6e65")
    wait_for_count(pane, qtbot, "1 of 1")
    field(pane).setText("needle")
    wait_for_count(pane, qtbot, "1 of 1")
    pane.view.grab()
    assert first_visible_line(pane) > 0


def test_the_search_opens_the_fold_that_hides_what_is_found(pane, qtbot):
    pane.view.set_json(b'{"a": {"b": "needle"}, "c": {"d": 1}}')
    pane.view.fold_all()
    ask(pane, "needle")
    wait_for_count(pane, qtbot, "1 of 1")
    assert not pane.view.is_folded(1)
    assert pane.view.is_folded(4)


def test_a_row_of_tools_follows_and_leads_its_pane(pane, qtbot):
    row = ToolRow(pane)
    qtbot.addWidget(row)
    buttons = {made.accessibleName(): made for made in row.findChildren(QToolButton)}
    assert not buttons["Formatted"].isEnabled()
    pane.view.set_json(b'{"a": {"b": [1, 2]}}')
    assert buttons["Formatted"].isChecked()
    buttons["Fold all"].click()
    assert pane.view.is_folded(1)
    buttons["Unfold all"].click()
    assert not pane.view.is_folded(1)
    buttons["As it came"].click()
    assert (pane.view.mode, buttons["Formatted"].isChecked()) == (Mode.RAW, False)
    buttons["Wrap lines"].click()
    assert not pane.view.wrap
    buttons["Find"].click()
    assert field(pane).isVisible()
