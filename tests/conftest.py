"""Settings for every test: no screen, plain asyncio unless a folder says otherwise, a sandbox."""

import os

import pytest
from hypothesis import settings

from refiner_desktop.sandbox.server import Sandbox

# A busy machine makes an example slow, not wrong.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("REFINER_API_KEY", None)


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def sandbox():
    """A small, started world, the same in every test."""
    with Sandbox(contacts=60) as started:
        yield started
