"""The sheet of all keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.shortcuts.key_field import KeyField
from refiner_desktop.ui.shortcuts.key_list import KeyList
from refiner_desktop.ui.shortcuts.sheet import NOTHING, ShortcutSheet

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL = Modifier.ControlModifier


@pytest.fixture
def registry(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    registry = ActionRegistry(window)
    registry.add("Contacts", "Load contacts", print, "Ctrl+R")
    registry.add("Contacts", "Export the rows…", print, "Ctrl+Shift+E")
    registry.add("Webhooks", "Start the listener", print)
    return registry


@pytest.fixture
def sheet(registry, qtbot):
    sheet = ShortcutSheet(registry, registry.parent())
    qtbot.addWidget(sheet)
    sheet.open_sheet()
    sheet.activateWindow()
    qtbot.waitUntil(sheet.isActiveWindow)
    return sheet


def _keys(registry, title):
    form = QKeySequence.SequenceFormat.PortableText
    return next(entry.keys.toString(form) for entry in registry if entry.title == title)


def _press(key, modifiers=Modifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def _go_to(sheet, words):
    """Search an action by keys alone, and go into the field of its keys."""
    search = sheet.findChild(QLineEdit, "shortcuts.search")
    search.setFocus()
    search.clear()
    QTest.keyClicks(search, words)
    _press(Key.Key_Return)
    _press(Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), KeyField)


def _choose(sheet, keys):
    """As the field does a moment after the keys were pressed."""
    sheet.findChild(KeyField).chosen.emit(QKeySequence(keys))


def _said(sheet):
    return "\n".join(each.text() for each in sheet.findChildren(QLabel) if each.isVisible())


def _click(sheet, name):
    QTest.mouseClick(sheet.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_pressed_keys_hold_at_once(sheet, registry, qtbot):
    _go_to(sheet, "load")
    _press(Key.Key_L, CTRL | Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: _keys(registry, "Load contacts") == "Ctrl+Shift+L")
    assert "(usually Ctrl+R)" in sheet.findChild(KeyList).currentItem().text(1)


def test_keys_of_another_action_are_refused_until_they_are_taken(sheet, registry):
    _go_to(sheet, "load")
    _choose(sheet, "Ctrl+Shift+E")
    assert "“Export the rows…” (Contacts)" in _said(sheet)
    assert _keys(registry, "Load contacts") == "Ctrl+R"
    _click(sheet, "shortcuts.take")
    assert _keys(registry, "Load contacts") == "Ctrl+Shift+E"
    assert _keys(registry, "Export the rows…") == ""
    assert not sheet.findChild(QPushButton, "shortcuts.take").isVisible()


@pytest.mark.parametrize(("keys", "why"), [("Ctrl+C", "copy"), ("K", "writes"), ("Tab", "field")])
def test_keys_that_everything_else_needs_are_refused(sheet, registry, keys, why):
    _go_to(sheet, "load")
    _choose(sheet, keys)
    assert why in _said(sheet)
    assert _keys(registry, "Load contacts") == "Ctrl+R"


def test_backspace_takes_the_keys_away_and_reset_brings_them_back(sheet, registry):
    _go_to(sheet, "load")
    _press(Key.Key_Backspace)
    assert _keys(registry, "Load contacts") == ""
    _click(sheet, "shortcuts.reset")
    assert _keys(registry, "Load contacts") == "Ctrl+R"


def test_all_keys_come_back_together(sheet, registry):
    for words, keys in (("load", "F5"), ("start", "F6")):
        _go_to(sheet, words)
        _choose(sheet, keys)
    _click(sheet, "shortcuts.reset_all")
    assert registry.chosen_keys() == {}
    assert not sheet.findChild(QPushButton, "shortcuts.reset_all").isEnabled()


def test_usual_keys_that_another_has_by_now_are_not_taken_silently(sheet, registry):
    _go_to(sheet, "load")
    _choose(sheet, "F5")
    _go_to(sheet, "start")
    _choose(sheet, "Ctrl+R")
    _go_to(sheet, "load")
    _click(sheet, "shortcuts.reset")
    assert "“Start the listener”" in _said(sheet)
    assert _keys(registry, "Start the listener") == "Ctrl+R"


def test_keys_find_their_action_and_fixed_ones_are_shown_but_not_changed(sheet):
    search, shown = sheet.findChild(QLineEdit, "shortcuts.search"), sheet.findChild(KeyList)
    search.setText("ctrl+shift+e")
    assert shown.entry.title == "Export the rows…"
    search.setText("select all")
    assert shown.entry is None
    assert not sheet.findChild(KeyField).isEnabled()
    search.setText("no such thing")
    assert NOTHING in _said(sheet)


def test_esc_goes_from_the_keys_to_the_list_and_from_there_away(sheet):
    _go_to(sheet, "load")
    _press(Key.Key_Escape)
    assert QApplication.focusWidget() is sheet.findChild(KeyList)
    _press(Key.Key_Escape)
    assert sheet.isHidden()
