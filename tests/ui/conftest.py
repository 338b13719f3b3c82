"""Async tests of the window run on Qt's loop, as the application does."""

import pytest
from PySide6.QtCore import QLocale
from qasync import QEventLoop


@pytest.fixture
def anyio_backend(qapp):
    return "asyncio", {"loop_factory": lambda: QEventLoop(qapp)}


@pytest.fixture(autouse=True)
def application(qapp):
    """Widgets and pictures need one, whichever test comes first."""
    return qapp


@pytest.fixture
def locale():
    """Let the person read and write as in another country, until the test ends."""
    usual = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(usual)
