"""The registry: what can be done, by which keys, and why not now."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QHelpEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenuBar, QPushButton, QToolTip, QVBoxLayout, QWidget

from refiner_desktop.ui.actions import ActionRegistry, needs
from refiner_desktop.ui.menus import add_menus, fill_menus

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window)
    return window


@pytest.fixture
def registry(window):
    return ActionRegistry(window)


@pytest.fixture
def done():
    return []


def _part(window):
    part = QWidget()
    window.layout().addWidget(part)
    return part


def _entry(registry, title):
    return next(entry for entry in registry if entry.title == title)


def test_keys_of_something_impossible_say_why(registry, window, done):
    stop = QPushButton(enabled=False)
    refused = []
    registry.refused.connect(refused.append)
    action = registry.add("A", "Stop", lambda: done.append("stop"), obstacle=needs(stop, "Idle."))
    action.trigger()
    assert (done, refused) == ([], ["Idle."])
    stop.setEnabled(True)
    stop.show()
    action.trigger()
    assert done == ["stop"]
    stop.deleteLater()


def test_a_menu_greys_what_is_impossible_while_it_is_open_and_says_why(registry, window):
    stop = QPushButton(window, enabled=False)
    action = registry.add("A", "Stop", print, "Ctrl+S", obstacle=needs(stop, "Idle."))
    bar = QMenuBar(window)
    fill_menus(add_menus(bar, registry.groups()), registry)
    menu = bar.actions()[0].menu()
    menu.aboutToShow.emit()
    assert (action.isEnabled(), action.toolTip()) == (False, "Idle.")
    menu.aboutToHide.emit()
    assert action.isEnabled()  # or its keys could not say why


def test_an_action_that_its_owner_greys_stays_grey(registry, window):
    own = QAction("Delete", window, enabled=False)
    registry.adopt("A", own, "Choose one.")
    bar = QMenuBar(window)
    fill_menus(add_menus(bar, registry.groups()), registry)
    menu = bar.actions()[0].menu()
    menu.aboutToShow.emit()
    menu.aboutToHide.emit()
    assert not own.isEnabled()
    assert _entry(registry, "Delete").obstacle() == "Choose one."


def test_keys_are_rivals_only_where_both_work(registry, window):
    left, right = _part(window), _part(window)
    registry.add("A", "Find here", print, "Ctrl+F", within=left)
    registry.add("A", "Find there", print, within=right)
    registry.add("A", "Find everywhere", print)
    keys = QKeySequence("Ctrl+F")
    assert registry.rivals(_entry(registry, "Find there"), keys) == []
    (rival,) = registry.rivals(_entry(registry, "Find everywhere"), keys)
    assert rival.title == "Find here"


def test_other_keys_hold_at_once_and_come_back(registry, window, done, qtbot):
    registry.add("A", "Load", lambda: done.append("load"), "Ctrl+R")
    registry.set_keys(_entry(registry, "Load"), QKeySequence("Ctrl+L"))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_R, CTRL)
    QTest.keyClick(window, Qt.Key.Key_L, CTRL)
    assert done == ["load"]
    chosen = registry.chosen_keys()
    assert chosen == {"A: Load": "Ctrl+L"}
    registry.reset_keys()
    assert registry.chosen_keys() == {}
    registry.choose_keys(chosen | {"A: Gone since": "Ctrl+G"})
    assert _entry(registry, "Load").keys == QKeySequence("Ctrl+L")


def test_keys_that_would_mean_two_things_do_not_come_back(registry):
    registry.add("A", "Load", print, "Ctrl+R")
    registry.add("A", "Export", print)
    registry.choose_keys({"A: Export": "Ctrl+R"})
    assert _entry(registry, "Export").keys.isEmpty()
    assert _entry(registry, "Load").keys == QKeySequence("Ctrl+R")


def test_two_that_have_exchanged_their_keys_come_back_so(registry):
    registry.add("A", "One", print, "Ctrl+1")
    registry.add("A", "Two", print, "Ctrl+2")
    registry.choose_keys({"A: One": "Ctrl+2", "A: Two": "Ctrl+1"})
    assert _entry(registry, "One").keys == QKeySequence("Ctrl+2")
    assert _entry(registry, "Two").keys == QKeySequence("Ctrl+1")


def test_return_also_means_the_enter_of_the_number_pad(registry):
    action = registry.add("A", "Send", print, "Ctrl+Return")
    assert QKeySequence("Ctrl+Enter") in action.shortcuts()


def test_the_tool_tip_of_a_button_ends_with_the_keys_of_now(registry, window):
    button = QPushButton(window)
    registry.add("A", "Load", print, "Ctrl+R", button=button)
    assert button.toolTip() == "Ctrl+R"
    button.setToolTip("Asks Refiner")
    assert button.toolTip() == "Asks Refiner (Ctrl+R)"
    registry.set_keys(_entry(registry, "Load"), QKeySequence("F5"))
    assert button.toolTip() == "Asks Refiner (F5)"
    registry.set_keys(_entry(registry, "Load"), QKeySequence())
    assert button.toolTip() == "Asks Refiner"


def test_a_part_of_a_menu_is_parted_from_what_stands_before_it(registry, window, done):
    registry.separate("A")  # the first of a menu has nothing before it
    registry.add("A", "One", done.clear)
    registry.separate("A")
    registry.add("B", "Other", done.clear)
    registry.add("A", "Two", done.clear)
    registry.add("A", "Three", done.clear)
    menus = add_menus(QMenuBar(window), registry.groups())
    fill_menus(menus, registry)
    assert [each.text() for each in menus["A"].actions()] == ["One", "", "Two", "Three"]
    assert [each.text() for each in menus["B"].actions()] == ["Other"]


def test_the_tool_tip_of_a_greyed_button_says_why(registry, window, qtbot):
    button = QPushButton("Send")
    window.layout().addWidget(button)
    button.setEnabled(False)
    registry.add("A", "Send", list, "Ctrl+R", button=button, obstacle=lambda: "Connect first.")
    window.show()
    at = button.rect().center()
    QApplication.sendEvent(button, QHelpEvent(QEvent.Type.ToolTip, at, button.mapToGlobal(at)))
    assert "Connect\xa0first." in QToolTip.text()
    QToolTip.hideText()
