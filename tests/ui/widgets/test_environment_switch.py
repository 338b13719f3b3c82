"""The switcher in the frame."""

import pytest
from PySide6.QtWidgets import QComboBox

from refiner_desktop.masking import Mask
from refiner_desktop.services.connection import ConnectionService, ConnectionState, ConnectionStatus
from refiner_desktop.settings.secrets import MemoryStore
from refiner_desktop.settings.settings import Environment, SettingsStore
from refiner_desktop.ui.widgets.environment_switch import EnvironmentSwitch


@pytest.fixture
def switch(qtbot, tmp_path):
    connection = ConnectionService(SettingsStore(tmp_path / "settings.json"), MemoryStore(), Mask())
    switch = EnvironmentSwitch(connection)
    qtbot.addWidget(switch)
    return switch


def test_an_environment_in_use_is_shown_before_it_is_saved(switch):
    new = Environment(id="new", name="Staging")
    switch._connection.changed.emit(ConnectionStatus(ConnectionState.CONNECTED, new))
    combo = switch.findChild(QComboBox)
    assert combo.currentText() == "Staging"
    assert combo.itemText(combo.count() - 1) == "Add an environment…"
