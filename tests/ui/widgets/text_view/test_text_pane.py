"""Searching in a text pane as a person does it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton

from refiner_desktop.ui.widgets.text_view import TextPane

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
    assert texts == ["Copy", "Select all", "Find…", "Wrap lines", "Format JSON"]
