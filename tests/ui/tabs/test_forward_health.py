"""When a receiver begins to fail, and when it is well again."""

from datetime import UTC, datetime

import pytest

from refiner_desktop.storage.forwards import Errand, Forward
from refiner_desktop.ui.tabs.webhooks.forward_health import ForwardHealth

HERE = "http://localhost:3000/"


def _sent(status, error="", url=HERE, errand=Errand.FORWARD):
    return Forward(1, url, datetime.now(UTC), errand, status=status, error=error)


@pytest.mark.parametrize("trouble", [_sent(500), _sent(None, "No answer")])
def test_a_receiver_begins_to_fail_once_until_it_works_again(trouble):
    health = ForwardHealth()
    attempts = (trouble, trouble, _sent(204), trouble)
    assert [health.note(each) for each in attempts] == [True, False, False, True]


def test_nobody_is_told_while_another_attempt_follows():
    health = ForwardHealth()
    first = Forward(1, HERE, datetime.now(UTC), attempts_left=3, status=500)
    assert not health.note(first)
    assert health.failure(HERE) == "the receiver answered 500"
    assert not health.note(_sent(200))
    assert health.failure(HERE) == ""


def test_each_receiver_fails_for_itself_and_says_why():
    health = ForwardHealth()
    health.note(_sent(None, "No answer"))
    health.note(_sent(500, url="http://localhost:4000/"))
    assert health.failure(HERE) == "No answer"
    assert health.failure("http://localhost:4000/") == "the receiver answered 500"
    assert health.failure("http://localhost:5000/") == ""


def test_a_refused_replay_is_no_failure_to_pass_on():
    health = ForwardHealth()
    assert not health.note(_sent(500, errand=Errand.REPLAY))
    assert health.failure(HERE) == ""
