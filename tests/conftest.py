"""Settings for every test: no screen, plain asyncio unless a folder says otherwise, a sandbox."""

import gc
import os

import pytest
from hypothesis import settings

from refiner_desktop.sandbox.server import Sandbox
from refiner_desktop.storage.database import Database

# A busy machine makes an example slow, not wrong.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("REFINER_API_KEY", None)


def pytest_collection_finish():
    gc.freeze()  # what is imported by now stays; the collector need not look at it again


def pytest_sessionfinish():
    gc.unfreeze()  # what stayed may go now


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Delete what a test of widgets has left, on the thread that made it.

    Otherwise the collector may do so in a worker thread of a later test, where Qt crashes.
    What it leaves alive stays until the end: to look at it again would cost 50 ms a test.
    """
    done = yield
    if "qapp" in item.fixturenames:
        _let_go_of_the_keys()
        gc.collect()
        gc.freeze()
    return done


def _let_go_of_the_keys():
    """End a Shift or Ctrl that a test has held down: Qt asks for it wherever rows are selected."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QWidget

    if QApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyClick(QWidget(), Qt.Key.Key_Escape)


@pytest.fixture(scope="session")
def qapp_cls():
    """Let the last window of a test end no loop of the next one, as the application does."""
    from PySide6.QtWidgets import QApplication

    QApplication.setQuitOnLastWindowClosed(False)
    return QApplication


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def database(tmp_path):
    opened = Database.open(tmp_path / "refiner.db")
    yield opened
    opened.close()


@pytest.fixture
def heard(qapp, monkeypatch):
    """Return what was read without being asked, so far: Qt lets no program listen to itself."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    said = []

    def listen(event):
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())
        else:
            rows = QAccessible.queryAccessibleInterface(event.object())
            said.append(rows.child(event.child()).text(QAccessible.Text.Name))

    monkeypatch.setattr(QAccessible, "updateAccessibility", listen)
    QAccessible.setActive(True)
    yield said
    QAccessible.setActive(False)


@pytest.fixture
def sandbox():
    """A small, started world, the same in every test."""
    with Sandbox(contacts=60) as started:
        yield started
