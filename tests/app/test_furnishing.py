"""The tabs that come behind the first paint: what a person sees and may do meanwhile."""

from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from refiner_desktop.app import Options
from refiner_desktop.app.building import assemble
from refiner_desktop.app.driver import Driver

pytestmark = pytest.mark.anyio


class ShownWindows(QObject):
    """Notes every widget that shows as a window of its own."""

    def __init__(self):
        super().__init__()
        self.shown = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched.objectName() or type(watched).__name__)
        return False


@pytest.fixture
def painted(tmp_path):
    """Return a function that shows the window up to its first paint."""

    @asynccontextmanager
    async def painted():
        options = Options(data_dir=tmp_path / "data", secrets="memory")
        async with assemble(options) as application:
            application.window.show()
            await application.window.wait_for_paint(5)
            yield application.window

    return painted


async def test_no_part_of_a_tab_shows_as_a_window_of_its_own(painted):
    async with painted() as window:
        watch = ShownWindows()
        QApplication.instance().installEventFilter(watch)
        await window.furnished.wait()
        QApplication.instance().removeEventFilter(watch)
        assert watch.shown == []
        assert window.isActiveWindow()


async def test_the_frame_is_whole_from_the_first_paint_on(painted):
    async with painted() as window:
        bar = window.menuBar()
        before = [action.text() for action in bar.actions()], bar.height()
        assert not window.furnished.is_set()
        await window.furnished.wait()
        assert ([action.text() for action in bar.actions()], bar.height()) == before
        assert all(action.menu().actions() for action in bar.actions())


async def test_who_opens_a_tab_before_it_is_there_stays_in_it(painted):
    async with painted() as window:
        QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        await window.furnished.wait()
        drive = Driver(window)
        assert drive.find("console.path", QWidget).isVisible()


async def test_an_end_before_the_window_is_whole_is_a_good_end(painted, caplog):
    async with painted() as window:
        assert not window.furnished.is_set()
    assert not [each for each in caplog.records if each.levelname == "ERROR"]
