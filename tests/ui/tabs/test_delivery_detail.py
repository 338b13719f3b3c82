"""What a delivery is shown as, down to its bytes."""

import gzip
from datetime import UTC, datetime

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton, QTableView, QToolButton

from refiner_desktop.storage.forwards import Errand, Forward
from refiner_desktop.ui.tabs.webhooks.delivery_detail import DeliveryDetail
from refiner_desktop.ui.tabs.webhooks.opened_delivery import opened
from refiner_desktop.webhooks.delivery import Delivery, Kind, Origin, Verdict
from refiner_desktop.webhooks.reading import read
from refiner_desktop.webhooks.samples import Named, Wish, sample

NOW = datetime(2026, 3, 4, 9, 15, 2, tzinfo=UTC)


def _delivery(body, **more):
    event = read(body)
    values = {"verdict": Verdict.ACCEPTED, "answer": 200, "peer": "127.0.0.1:5", "id": 7}
    return Delivery(
        "Completed surveys", NOW, "POST", "/hooks/completed-surveys",
        more.pop("headers", (("Content-Type", "application/json"),)), body, event.kind,
        gist=event.gist, **values | more,
    )  # fmt: skip


def _body(kind=Kind.SURVEY_COMPLETED):
    return msgspec.json.encode(sample(Wish(kind, survey=Named("u", "NPS March")), NOW))


@pytest.fixture
def detail(qtbot):
    detail = DeliveryDetail(QToolButton())
    qtbot.addWidget(detail)
    detail.resize(700, 400)
    detail.show()
    return detail


def _cells(detail, name):
    model = detail.findChild(QTableView, name).model()
    return {
        model.index(row, 0).data(): model.index(row, 1).data() for row in range(model.rowCount())
    }


def test_answers_stand_with_their_questions_and_what_they_mean(detail):
    detail.show_delivery(opened(_delivery(_body())))
    told = _cells(detail, "webhooks.detail.told")
    assert told["NPS"] == "9, promoter"
    assert told["NPS reason"] == "Saves me time"
    assert told["Survey"] == "NPS March"
    assert detail._sentence.text() == "Ana Example completed NPS March: 9, promoter."


def test_the_user_leads_to_the_contacts(detail, qtbot):
    detail.show_delivery(opened(_delivery(_body())))
    with qtbot.waitSignal(detail.contact_wanted) as wanted:
        detail.findChild(QPushButton, "webhooks.detail.contact").click()
    assert wanted.args == ["u-1042", "ana@example.org"]


def test_what_is_no_event_has_no_user_and_is_no_error(detail):
    detail.show_delivery(opened(_delivery(b"\xff\x00 not JSON")))
    assert detail.findChild(QPushButton, "webhooks.detail.contact").isHidden()
    assert _cells(detail, "webhooks.detail.told") == {}
    assert "not JSON" in detail._payload.pane.view.text()


def test_a_compressed_body_is_read_and_can_be_seen_as_it_came(detail):
    packed = gzip.compress(_body(), mtime=0)
    delivery = _delivery(packed, headers=(("Content-Encoding", "gzip"),))
    detail.show_delivery(opened(delivery))
    assert '"triggered_event"' in detail._payload.pane.view.text()
    assert _cells(detail, "webhooks.detail.told")["NPS"] == "9, promoter"
    detail.findChild(QToolButton, "webhooks.detail.packed").click()
    assert detail._payload.pane.view.content() == packed
    detail.show_delivery(opened(_delivery(_body())))
    assert not detail.findChild(QToolButton, "webhooks.detail.packed").isVisible()


def test_how_it_came_and_what_it_was_answered(detail):
    refused = {"verdict": Verdict.REFUSED, "answer": 401, "reason": "The token is wrong"}
    detail.show_delivery(opened(_delivery(b"{}", seconds=0.25, **refused)))
    facts = _cells(detail, "webhooks.detail.facts")
    assert facts["In UTC"] == "2026-03-04 09:15:02.000 UTC"
    assert facts["Our answer"] == "401"
    assert facts["Reason"] == "The token is wrong"
    assert facts["Sent by"] == "127.0.0.1:5"
    assert facts["Came in"] == "250 ms"
    detail.show_delivery(opened(_delivery(b"{}", origin=Origin.REPLAY, replay_of=3, edited=True)))
    assert "an edited replay of number 3" in _cells(detail, "webhooks.detail.facts")["Sent by"]


def test_every_attempt_to_send_it_on_is_there_and_can_be_made_again(detail, qtbot):
    attempts = [
        Forward(7, "http://localhost:1/", NOW, status=None, seconds=0.1, error="No connection"),
        Forward(
            7, "http://localhost:1/", NOW, attempt=2, attempts_left=2, status=204, seconds=0.02
        ),
        Forward(7, "http://localhost:2/", NOW, Errand.REPLAY, edited=True, status=500),
    ]
    detail.show_delivery(opened(_delivery(_body())))
    again = detail.findChild(QPushButton, "webhooks.detail.retry")
    assert again.isHidden()
    detail.show_sent(attempts)
    model = detail.findChild(QTableView, "webhooks.detail.sent").model()
    shown = [[model.index(row, at).data() for at in (1, 2, 3, 4, 5)] for row in range(3)]
    assert shown == [
        ["Replay, edited", "", "localhost:2/", "500", "0.0 ms"],
        ["Passed on", "2 of 4", "localhost:1/", "204", "20 ms"],
        ["Passed on", "", "localhost:1/", "no answer", "100 ms"],
    ]
    assert "09:15:02.000" in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    with qtbot.waitSignal(detail.retry_requested) as wanted:
        again.click()
    assert wanted.args == [attempts[2]]


@pytest.mark.parametrize(
    ("status", "left", "waits", "said"),
    [
        (500, 2, True, "2 more attempts follow by themselves."),
        (500, 0, False, "Given up: no attempt follows by itself."),
        (500, 2, False, "Dropped: no attempt follows by itself."),
        (200, 0, False, ""),
    ],
)
def test_whether_another_attempt_follows_is_said_of_the_newest(detail, status, left, waits, said):
    first = Forward(7, "http://localhost:1/", NOW, attempts_left=3, status=500)
    newest = Forward(7, "http://localhost:1/", NOW, attempt=2, attempts_left=left, status=status)
    detail.show_delivery(opened(_delivery(_body())))
    detail.show_sent([first, newest], waits=waits)
    outlook = detail.findChild(QLabel, "webhooks.detail.outlook")
    assert outlook.text() == said
    detail.findChild(QTableView, "webhooks.detail.sent").selectRow(1)
    assert outlook.text() == said


def test_its_buttons_do_what_the_actions_would_do_and_no_more(detail):
    replay, edit = QAction("Replay 2"), QAction("Edit")
    edit.setEnabled(False)
    detail.follow(replay, edit)
    button = detail.findChild(QPushButton, "webhooks.replay")
    assert (button.text(), button.isEnabled()) == ("Replay 2", True)
    assert not detail.findChild(QPushButton, "webhooks.detail.edit").isEnabled()


def test_a_refused_delivery_says_first_why_it_was(detail):
    refused = {"verdict": Verdict.REFUSED, "answer": 401, "reason": "The token is wrong"}
    detail.show_delivery(opened(_delivery(_body(), **refused)))
    assert detail._sentence.text() == "Refused: the token is wrong."
    assert "Ana Example completed NPS March" in detail._facts.text()
