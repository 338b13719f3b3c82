"""Settings for every test: no screen, and plain asyncio unless a folder says otherwise."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def anyio_backend():
    return "asyncio"
