"""Enter on a button presses it, in the window and in a dialog that has another default."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMenu, QVBoxLayout

from refiner_desktop.ui.styling import button, tool


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize("make", [button, lambda text: tool(text, "", text)])
def test_enter_presses_a_button_as_space_does(qtbot, make, key):
    made, pressed = make("Load"), []
    qtbot.addWidget(made)
    made.clicked.connect(lambda: pressed.append(key))
    QTest.keyClick(made, key)
    assert pressed == [key]


def test_enter_presses_what_has_the_focus_and_not_the_default_of_the_dialog(qtbot):
    dialog, pressed = QDialog(), []
    qtbot.addWidget(dialog)
    layout = QVBoxLayout(dialog)
    for title in ("Delete", "Cancel"):
        made = button(title)
        made.clicked.connect(lambda _=False, title=title: pressed.append(title))
        made.setDefault(title == "Delete")
        layout.addWidget(made)
    dialog.show()
    QTest.keyClick(made, Qt.Key.Key_Return)
    assert pressed == ["Cancel"]


def test_ctrl_enter_is_not_for_the_button(qtbot):
    made, pressed = button("Clear"), []
    qtbot.addWidget(made)
    made.clicked.connect(lambda: pressed.append(True))
    QTest.keyClick(made, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == []


def test_enter_opens_the_menu_of_a_button(qtbot):
    made = tool("More", "", "More", role="menu")
    qtbot.addWidget(made)
    menu = QMenu(made)
    menu.addAction("Copy")
    made.setMenu(menu)
    made.show()
    shown = []
    menu.aboutToShow.connect(lambda: shown.append(True))
    menu.aboutToShow.connect(lambda: QTimer.singleShot(0, menu.close))
    QTest.keyClick(made, Qt.Key.Key_Return)
    assert shown == [True]
