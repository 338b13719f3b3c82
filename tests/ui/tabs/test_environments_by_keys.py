"""The Connection tab for those who go through it with Tab, or hear it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton, QVBoxLayout, QWidget

from refiner_desktop.settings.settings import COLOURS, Environment
from refiner_desktop.ui.tabs.connection.colour_row import ColourRow
from refiner_desktop.ui.tabs.connection.environment_list import EnvironmentList


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def shown(window, qtbot):
    layout = QVBoxLayout(window)
    environments, colours = EnvironmentList(), ColourRow("colour")
    environments.show_environments([Environment(name="Production", base_url="http://x")], "", ())
    layout.addWidget(environments)
    layout.addWidget(colours)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    return environments, colours


def test_tab_past_the_list_chooses_no_environment(shown):
    environments, _ = shown
    chosen = []
    environments.chosen.connect(chosen.append)
    lines = environments.findChild(QListWidget)
    lines.setFocus(Qt.FocusReason.TabFocusReason)
    assert (chosen, environments.current()) == ([], "")
    QTest.keyClick(lines, Qt.Key.Key_Down)
    assert chosen == [environments.ids()[0]]


def test_tab_comes_to_the_pressed_colour_and_arrows_go_on_from_there(shown):
    environments, colours = shown
    names = list(COLOURS)
    colours.set_colour(COLOURS[names[3]])
    environments.findChild(QPushButton, "connection.add").setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget().accessibleName() == names[3]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert QApplication.focusWidget().accessibleName() == names[4]
