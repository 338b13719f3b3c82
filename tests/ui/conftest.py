"""Async tests of the window run on Qt's loop, as the application does."""

import pytest
from PySide6.QtGui import QPalette
from qasync import QEventLoop


@pytest.fixture
def anyio_backend(qapp):
    return "asyncio", {"loop_factory": lambda: QEventLoop(qapp)}


@pytest.fixture(autouse=True)
def undressed(qapp):
    """Take off the theme that a test has put on: the next one must not depend on it."""
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())
