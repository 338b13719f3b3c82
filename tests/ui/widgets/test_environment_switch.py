"""The switcher in the frame."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel

from refiner_desktop.masking import Mask
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.connection_status import (
    ConnectionState,
    ConnectionStatus,
)
from refiner_desktop.services.environments.environments import EnvironmentsService
from refiner_desktop.services.environments.keys import Keys
from refiner_desktop.settings.secrets import MemoryStore
from refiner_desktop.settings.settings import Environment, SettingsStore
from refiner_desktop.storage.environment_records import EnvironmentRecords
from refiner_desktop.storage.exchanges import ExchangeStore
from refiner_desktop.ui.widgets.environment_switch import EnvironmentSwitch


@pytest.fixture
def switch(qtbot, tmp_path, database):
    settings = SettingsStore(tmp_path / "settings.json")
    keys = Keys(MemoryStore(), Mask())
    connection = ConnectionService(settings, keys)
    records = EnvironmentRecords(database, ExchangeStore(database))
    environments = EnvironmentsService(settings, keys, connection, lambda: records)
    switch = EnvironmentSwitch(environments, connection)
    qtbot.addWidget(switch)
    switch.show()
    return switch


def _show(switch, state=ConnectionState.CONNECTED, **environment):
    switch.show_status(ConnectionStatus(state, Environment(id="new", **environment)))


def _marks(switch):
    shown = [each for each in switch.findChildren(QLabel) if each.isVisible()]
    return {each.text() for each in shown if each.property("role") == "mark"}


def test_an_environment_in_use_is_shown_before_it_is_saved(switch):
    _show(switch, name="Staging")
    combo = switch.findChild(QComboBox)
    assert combo.currentText() == "Staging"
    assert combo.itemText(combo.count() - 1) == "Add an environment…"


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("production", [True, False])
def test_how_careful_an_environment_is_stands_beside_it(switch, read_only, production):
    _show(switch, name="Staging", read_only=read_only, production=production)
    wanted = {"Read-only": read_only, "Production": production}
    assert _marks(switch) == {mark for mark, on in wanted.items() if on}


@pytest.mark.parametrize("state", ConnectionState)
def test_every_state_of_a_connection_has_its_words(switch, state):
    _show(switch, state, name="Staging")
    assert switch.findChildren(QLabel)[-1].text()


def test_choosing_another_one_waits_for_the_person_to_be_sure(switch, qtbot):
    _show(switch, name="Staging")
    combo = switch.findChild(QComboBox)
    with qtbot.waitSignal(switch.chosen) as chosen:
        combo.activated.emit(combo.findText("Staging"))
    assert chosen.args[0].name == "Staging"
    assert combo.currentText() == "Production"


def test_neither_wheel_nor_arrows_choose_another_environment(switch, qtbot):
    _show(switch, name="Staging")
    chosen = []
    switch.chosen.connect(chosen.append)
    switch.add_requested.connect(lambda: chosen.append("add"))
    combo = switch.findChild(QComboBox)
    place = QPointF(combo.rect().center())
    for turn in (-120, 120):
        none = Qt.KeyboardModifier.NoModifier
        wheel = QWheelEvent(
            place, combo.mapToGlobal(place), QPoint(), QPoint(0, turn),
            Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(combo, wheel)
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.view().isVisible()
    combo.hidePopup()
    QTest.keyClicks(combo, "A")
    assert chosen == []
    assert combo.currentText() == "Staging"
