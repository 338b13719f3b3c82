"""The console by keyboard: complete, send, look back."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QTableView

from refiner_desktop.settings.settings import Environment

pytestmark = pytest.mark.anyio


def _console(drive):
    drive.open_tab(3)
    return (
        drive.find("console.method", QComboBox),
        drive.find("console.path", QLineEdit),
        drive.find("console.body", QPlainTextEdit),
    )


async def test_a_path_is_completed_with_its_method_and_an_example(connected, sandbox):
    async with connected() as drive:
        method, path, body = _console(drive)
        sandbox.record.clear()
        drive.write("console.path", "ident")
        popup = path.completer().popup()
        await drive.until(popup.isVisible, "the completions")
        QTest.keyClick(popup, Qt.Key.Key_Down)
        assert path.text() == "identify-user"
        QTest.keyClick(popup, Qt.Key.Key_Return)
        await asyncio.sleep(0.05)
        assert (method.currentText(), path.text()) == ("POST", "identify-user")
        assert '"email": "ana@example.org"' in body.toPlainText()
        assert not sandbox.record.to("POST", "/identify-user")  # choosing is not sending
        QTest.keyClick(path, Qt.Key.Key_Return)
        await drive.until(lambda: "200" in drive.text("console.status"), "the answer")


async def test_ctrl_enter_sends_and_the_history_brings_the_call_back(connected):
    async with connected() as drive:
        method, path, _ = _console(drive)
        drive.write("console.path", "forms?list=published")
        QTest.keyClick(path, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await drive.until(lambda: "200" in drive.text("console.status"), "the answer")
        await drive.until(lambda: drive.rows("console.history") == 1, "the history")
        drive.write("console.path", "contacts")
        drive.click("console.send")
        await drive.until(lambda: drive.rows("console.history") == 2, "the second call")
        drive.click_row("console.history", 1)
        await drive.until(lambda: path.text() == "forms?list=published", "the call is back")
        assert "from the history" in drive.text("console.status")
        assert method.currentText() == "GET"


async def test_a_click_in_the_history_leaves_an_unsent_request_alone(connected):
    async with connected() as drive:
        _, path, body = _console(drive)
        drive.write("console.path", "account")
        drive.click("console.send")
        await drive.until(lambda: drive.rows("console.history") == 1, "the history")
        drive.write("console.path", "identify-user")
        body.setPlainText('{"id": "u-1"}')
        drive.click_row("console.history", 0)
        await drive.until(lambda: "unsent request stays" in drive.text("console.status"), "a note")
        assert (path.text(), body.toPlainText()) == ("identify-user", '{"id": "u-1"}')
        table = drive.find("console.history", QTableView)
        QTest.keyClick(table, Qt.Key.Key_Return)
        await drive.until(lambda: path.text() == "account", "the old request")
        assert body.toPlainText() == ""


async def test_a_double_click_in_the_history_takes_the_old_request(connected):
    async with connected() as drive:
        _, path, _ = _console(drive)
        drive.write("console.path", "account")
        drive.click("console.send")
        await drive.until(lambda: drive.rows("console.history") == 1, "the history")
        drive.write("console.path", "identify-user")
        drive.click_row("console.history", 0)
        table = drive.find("console.history", QTableView)
        place = table.visualRect(table.model().index(0, 0)).center()
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await drive.until(lambda: path.text() == "account", "the old request")


async def test_what_can_not_be_sent_is_said(connected):
    async with connected() as drive:
        _console(drive)
        drive.write("console.path", "contacts")
        drive.open_page("Headers")
        await drive.write_rows("console.headers", (("not a header", "1"),))
        drive.click("console.send")
        await drive.until(lambda: "can't be sent" in drive.window.messages.text(), "a message")


async def test_a_large_answer_is_shown_and_searched(connected):
    async with connected() as drive:
        _console(drive)
        drive.write("console.path", "contacts?page_length=1000")
        drive.click("console.send")
        await drive.until(lambda: '"items"' in drive.text("console.response"), "the answer")
        assert drive.text("console.response").count('"remote_id"') >= 60


async def test_switching_leaves_nothing_of_a_call_but_the_request_that_is_typed(connected, sandbox):
    async with connected() as drive:
        _, path, body = _console(drive)
        drive.write("console.path", "account")
        drive.click("console.send")
        await drive.until(lambda: drive.rows("console.history") == 1, "the history")
        connection = drive.window.console_tab._console._connection
        first = connection.environment
        drive.write("console.path", "identify-user")
        body.setPlainText('{"id": "u-1"}')
        await connection.switch(Environment(name="Other"))
        await drive.until(lambda: drive.rows("console.history") == 0, "an empty history")
        assert drive.text("console.status") == "No call made yet"
        assert drive.text("console.response") == ""
        assert drive.rows("console.response_headers") == 0
        assert (path.text(), body.toPlainText()) == ("identify-user", '{"id": "u-1"}')
        await connection.switch(first)
        await drive.until(lambda: drive.rows("console.history") == 1, "its history again")


async def test_a_call_under_way_ends_with_its_environment_and_says_nothing_in_the_next(
    connected, sandbox
):
    async with connected() as drive:
        _console(drive)
        sandbox.faults.latency(10, path="/account")
        drive.write("console.path", "account")
        drive.click("console.send")
        await drive.until(lambda: bool(drive.window.console_tab.at_stake(None)), "the call")
        await drive.window.console_tab._console._connection.switch(Environment(name="Other"))
        await drive.until(lambda: drive.enabled("console.send"), "the call ended", patience=2)
        await asyncio.sleep(0.2)
        assert drive.text("console.status") == "No call made yet"
        assert drive.rows("console.history") == 0
        assert drive.window.console_tab.at_stake(None) == ()
