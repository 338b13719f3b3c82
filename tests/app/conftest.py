"""The application on Qt's loop, opened and closed inside one test.

A window that spanned fixtures would live on while pytest-qt processes events outside the loop.
"""

from contextlib import asynccontextmanager

import pytest
from qasync import QEventLoop

from refiner_desktop.app import Options, build
from refiner_desktop.app.driver import Driver


@pytest.fixture
def anyio_backend(qapp):
    return "asyncio", {"loop_factory": lambda: QEventLoop(qapp)}


@pytest.fixture
def opened(tmp_path):
    """Return a function that opens the application on an empty data directory."""

    @asynccontextmanager
    async def opened(**options):
        defaults = {"data_dir": tmp_path / "data", "secrets": "memory"}
        async with build(Options(**defaults | options)) as window:
            window.show()
            yield Driver(window)

    return opened


@pytest.fixture
def connected(opened, sandbox):
    """Return a function that opens the application and connects it, by default to the sandbox."""

    @asynccontextmanager
    async def connected(world=sandbox):
        async with opened() as drive:
            drive.write("connection.base_url", world.base_url)
            drive.write("connection.api_key", world.key)
            drive.click("connection.connect")
            status = lambda: drive.text("connection.status")  # noqa: E731
            await drive.until(lambda: status().startswith("Connected"), "connected")
            yield drive

    return connected
