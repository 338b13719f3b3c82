"""Files are proposed where a person keeps them, not where the program lies."""

import asyncio

import pytest
from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QPushButton, QWidget

from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.ui.dialogs import choose_target
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.window_memory import WindowMemory

pytestmark = pytest.mark.anyio


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    return window


async def asked(window):
    """Return the file dialog that proposes a place, and the task that waits for it."""
    inside = window.findChild(QWidget, "inside") or QWidget(window, objectName="inside")
    choosing = asyncio.create_task(choose_target(inside, "Save", "rows.csv", "CSV (*.csv)"))
    while not (found := window.findChildren(QFileDialog)):
        await asyncio.sleep(0.005)
    return found[-1], choosing


async def test_a_file_is_proposed_where_the_last_one_was_also_after_a_restart(
    window, tmp_path, monkeypatch
):
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    settings = SettingsStore(tmp_path / "settings.json")
    memory = WindowMemory(window, settings, TaskRunner(window))
    dialog, choosing = await asked(window)
    assert dialog.directory().absolutePath() == str(tmp_path)
    boxes = dialog.findChildren(QDialogButtonBox)
    assert all(each.icon().isNull() for box in boxes for each in box.findChildren(QPushButton))
    (tmp_path / "kept").mkdir()
    dialog.setDirectory(str(tmp_path / "kept"))
    dialog.accept()
    assert await choosing == tmp_path / "kept" / "rows.csv"
    await memory.write()
    assert not any(timer.isActive() for timer in memory.findChildren(QTimer))  # nothing is left
    again = QWidget()
    WindowMemory(again, SettingsStore(tmp_path / "settings.json"), TaskRunner(again))
    dialog, choosing = await asked(again)
    assert dialog.directory().absolutePath() == str(tmp_path / "kept")
    dialog.reject()
    await choosing
