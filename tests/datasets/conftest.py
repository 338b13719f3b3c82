"""Where the tests of datasets are run: in UTC, unless one of them moves."""

import time

import pytest


@pytest.fixture(scope="session")
def move():
    """Move to another zone by its name; the tests stay where the last one went."""
    with pytest.MonkeyPatch.context() as patch:

        def to(zone):
            patch.setenv("TZ", zone)
            time.tzset()

        yield to
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(scope="module", autouse=True)
def _in_utc(move):
    if hasattr(time, "tzset"):
        move("UTC")


@pytest.fixture
def in_zone(move):
    """Be in another zone until the end of the test."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be changed")
    yield move
    move("UTC")
