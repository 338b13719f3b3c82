"""A delivery that is changed before it is sent again, or is not."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from refiner_desktop.ui.tabs.webhooks.replay_dialog import ReplayDialog
from refiner_desktop.webhooks.delivery import Delivery
from refiner_desktop.webhooks.outgoing import Outgoing

HERE = "http://127.0.0.1:8787/hooks/a"
HEADERS = (("Host", "127.0.0.1:8787"), ("X-Twice", "1"), ("X-Twice", "2"))


def _delivery(body=b'{"a": 1}'):
    return Delivery("a", datetime.now(UTC), "POST", "/hooks/a", HEADERS, body, id=3)


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def _note(dialog):
    return dialog.findChild(QLabel, "webhooks.replay.note").text()


def test_what_is_not_changed_goes_as_it_came(parent):
    dialog = ReplayDialog(parent, _delivery(), [HERE])
    assert dialog.url == HERE
    assert dialog.outgoing() == Outgoing.of(_delivery())
    assert "byte for byte" in _note(dialog)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_body_comes_out_other_than_it_came(parent, body):
    dialog = ReplayDialog(parent, _delivery(body), [HERE])
    assert dialog.outgoing().body == body
    dialog.deleteLater()


def test_a_change_is_sent_and_told(parent):
    dialog = ReplayDialog(parent, _delivery(), [HERE])
    dialog._body.setPlainText('{"a": 2')
    assert dialog.outgoing().body == b'{"a": 2'
    assert "marked as edited" in _note(dialog)
    assert "no JSON" in _note(dialog)


def test_a_body_that_cannot_be_edited_goes_as_it_came(parent):
    dialog = ReplayDialog(parent, _delivery(b"\x1f\x8b\xff"), [HERE])
    assert dialog._body.isHidden()
    assert dialog.outgoing().body == b"\x1f\x8b\xff"


def test_it_goes_nowhere_without_an_address(parent):
    dialog = ReplayDialog(parent, _delivery(), [])
    where = dialog.findChild(QComboBox, "webhooks.replay.url")
    assert not dialog.go_on.isEnabled()
    QTest.keyClicks(where.lineEdit(), "localhost:3000")
    assert not dialog.go_on.isEnabled()
    assert "http://localhost:3000" in dialog._problem.text()
    where.setEditText("http://localhost:3000/x")
    assert dialog.go_on.isEnabled()
