"""PySide6 6.12.0 on CPython 3.10 and 3.11 loses a reference to None in every void Qt call."""

import sys

import pytest
from PySide6.QtCore import QObject

CALLS = 5_000


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_calls_that_return_nothing_leave_the_reference_count_of_none_alone():
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < CALLS / 10
