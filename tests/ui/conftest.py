"""Async tests of the window run on Qt's loop, as the application does."""

import pytest
from qasync import QEventLoop


@pytest.fixture
def anyio_backend(qapp):
    return "asyncio", {"loop_factory": lambda: QEventLoop(qapp)}


@pytest.fixture(autouse=True)
def application(qapp):
    """Widgets and pictures need one, whichever test comes first."""
    return qapp
