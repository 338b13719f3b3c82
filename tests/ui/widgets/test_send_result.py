"""What came back from a call, and what it caused or did not."""

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLabel

from refiner_desktop.services.users.tracking import Sent
from refiner_desktop.ui.widgets.send_result import (
    ANSWER_HERE,
    LISTENER_OFF,
    LISTENER_ON,
    NO_ANSWER,
    NONE_CAME,
    WAITING,
    SendResult,
)


@pytest.fixture
def result(qtbot):
    result = SendResult("identify.result")
    qtbot.addWidget(result)
    result.show_listening(True)
    return result


def said(result):
    return [each.text() for each in result.findChildren(QLabel) if not each.isHidden()]


def test_waiting_for_webhooks_has_an_end_that_says_why_none_may_come(result):
    sent = Sent(
        user_id="u-1",
        email="",
        started_at=datetime.now(UTC),
        sentence="Identified",
        answer=b"{}",
        seconds=0.01,
    )
    result.show_sent(sent)
    assert LISTENER_ON in said(result)
    result._patience.stop()
    result._patience.timeout.emit()
    assert NONE_CAME in said(result)
    result.show_sent(sent)
    assert LISTENER_ON in said(result)
    result.show_listening(False)
    assert LISTENER_OFF in said(result)


def test_the_place_of_the_answer_says_why_it_is_empty(result):
    place = lambda: result.answer.view._placeholder  # noqa: E731
    assert place() == ANSWER_HERE
    result.show_waiting()
    assert place() == WAITING
    result.show_failed("It did not work.", unknown=False)
    assert place() == NO_ANSWER
    result.show_cancelled()
    assert place() == NO_ANSWER
    result.clear()
    assert place() == ANSWER_HERE
