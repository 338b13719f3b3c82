"""A delivery that is changed before it is sent again, or is not."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from refiner_desktop.secret import MASK
from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.tabs.webhooks.replay_dialog import ReplayDialog
from refiner_desktop.ui.task_runner import TaskRunner
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


def _dialog(parent, body=b'{"a": 1}', targets=(HERE,)):
    async def may_send(_url, _over):
        return True

    return ReplayDialog(parent, _delivery(body), targets, may_send, TaskRunner(parent))


def _note(dialog):
    return dialog.findChild(QLabel, "webhooks.replay.note").text()


def test_what_is_not_changed_goes_as_it_came(parent):
    dialog = _dialog(parent)
    assert dialog.url == HERE
    assert dialog.outgoing() == Outgoing.of(_delivery())
    assert "byte for byte" in _note(dialog)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_body_comes_out_other_than_it_came(parent, body):
    dialog = _dialog(parent, body)
    assert dialog.outgoing().body == body
    dialog.deleteLater()


def test_a_change_is_sent_and_told(parent):
    dialog = _dialog(parent)
    dialog._body.setPlainText('{"a": 2')
    assert dialog.outgoing().body == b'{"a": 2'
    assert "marked as edited" in _note(dialog)
    assert "no JSON" in _note(dialog)


def test_a_body_that_cannot_be_edited_goes_as_it_came(parent):
    dialog = _dialog(parent, b"\x1f\x8b\xff")
    assert dialog._body.isHidden()
    assert dialog.outgoing().body == b"\x1f\x8b\xff"


def test_it_goes_nowhere_without_an_address(parent):
    dialog = _dialog(parent, targets=[])
    where = dialog.findChild(QComboBox, "webhooks.replay.url")
    assert not dialog.go_on.isEnabled()
    QTest.keyClicks(where.lineEdit(), "localhost:3000")
    assert not dialog.go_on.isEnabled()
    assert "http://localhost:3000" in _note(dialog)
    where.setEditText("http://localhost:3000/x")
    assert dialog.go_on.isEnabled()


def _type_into_cell(table, row, column, text):
    table.setCurrentIndex(table.model().index(row, column))
    table.edit(table.currentIndex())
    for letter in text:
        QTest.keyClick(QApplication.focusWidget(), letter)


def test_a_header_is_typed_letter_after_letter(parent):
    dialog = _dialog(parent)
    dialog.show()
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    table = dialog._headers
    for column, text in ((0, "X-Tea"), (1, "green")):
        _type_into_cell(table, 2, column, text)
    assert dialog.outgoing().headers == (("X-Twice", "1"), ("X-Twice", "2"), ("X-Tea", "green"))
    assert dialog._body.toPlainText() == '{"a": 1}'


@pytest.mark.parametrize("name", ["X Tea", "X:Tea", "", "Thé"])
def test_what_is_no_name_of_a_header_is_refused(parent, name):
    dialog = _dialog(parent)
    dialog._headers.set_rows([KeyValue(name, value="green")])
    assert not dialog.go_on.isEnabled()
    assert "is not a header" in _note(dialog)


def test_the_dots_of_a_token_are_a_header_like_any_other(parent):
    dialog = _dialog(parent)
    dialog._headers.set_rows([KeyValue("Authorization", value=f"Bearer {MASK}")])
    assert dialog.go_on.isEnabled()


def test_headers_of_a_connection_are_not_offered_to_be_edited(parent):
    names = [row.key for row in _dialog(parent)._headers.rows()]
    assert names == ["X-Twice", "X-Twice"]


def test_the_json_is_indented_on_demand(parent):
    dialog = _dialog(parent, b'{"a":[1]}')
    dialog._format.click()
    assert dialog.outgoing().body == b'{\n  "a": [\n    1\n  ]\n}'
