"""The console by keyboard: complete, send, look back."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QSplitter,
    QTabBar,
    QTableView,
    QTabWidget,
    QToolButton,
    QTreeWidget,
)

from refiner_desktop.services.requests.code import Language
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft
from refiner_desktop.services.requests.request_file import draft_to_toml
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.tabs.console import answer_file, items_page
from refiner_desktop.ui.tabs.console.parameter_table import ValueEdit

pytestmark = pytest.mark.anyio


def _console(drive):
    drive.open_tab(3)
    drive.open_page("History")
    return (
        drive.find("console.method", QComboBox),
        drive.find("console.path", QLineEdit),
        drive.find("console.body", QPlainTextEdit),
    )


def _strip(drive):
    return drive.find("console.tabs", QTabBar)


def _titles(drive):
    return [_strip(drive).tabText(place) for place in range(_strip(drive).count())]


async def _send(drive, path, kept=None):
    """Make a call; with `kept` wait until the history shows so many."""
    drive.write("console.path", path)
    drive.click("console.send")
    await drive.until(lambda: drive.enabled("console.send"), "the end of the call")
    if kept is not None:
        await drive.until(lambda: drive.rows("console.history") == kept, "the history")


def _menu(drive, title):
    """Run an action of the console by its title."""
    entries = drive.window.registry.groups()["Console"]
    next(entry for entry in entries if entry.title == title).action.trigger()


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


async def test_ctrl_enter_sends_and_a_click_in_the_history_shows_the_answer_again(connected):
    async with connected() as drive:
        _, path, _ = _console(drive)
        drive.write("console.path", "forms?list=published")
        QTest.keyClick(path, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await drive.until(lambda: "200" in drive.text("console.status"), "the answer")
        await drive.until(lambda: drive.rows("console.history") == 1, "the history")
        await _send(drive, "account", kept=2)
        drive.click_row("console.history", 1)
        await drive.until(lambda: '"items"' in drive.text("console.response"), "the first answer")
        assert "from the history" in drive.text("console.status")
        assert path.text() == "account"  # what is typed stays
        drive.click("console.back")
        assert '"subscription"' in drive.text("console.response")
        assert "from the history" not in drive.text("console.status")


@pytest.mark.parametrize("by_mouse", [True, False])
async def test_a_call_of_the_history_opens_in_a_tab_of_its_own(connected, by_mouse):
    async with connected() as drive:
        _, path, body = _console(drive)
        await _send(drive, "account", kept=1)
        drive.write("console.path", "identify-user")
        body.setPlainText('{"id": "u-1"}')
        drive.click_row("console.history", 0)
        table = drive.find("console.history", QTableView)
        if by_mouse:
            place = table.visualRect(table.model().index(0, 0)).center()
            QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        else:
            QTest.keyClick(table, Qt.Key.Key_Return)
        await drive.until(lambda: path.text() == "account", "the old request")
        assert body.toPlainText() == ""
        assert _titles(drive) == ["GET identify-user", "GET account"]
        _strip(drive).setCurrentIndex(0)
        assert (path.text(), body.toPlainText()) == ("identify-user", '{"id": "u-1"}')


async def test_what_can_not_be_sent_is_said(connected):
    async with connected() as drive:
        _console(drive)
        headers = drive.window.console_tab._editor.headers
        drive.write("console.path", "../x")
        await drive.until(lambda: "given the key" in drive.text("console.note"), "where it goes")
        drive.write("console.path", "contacts")
        await drive.until(lambda: not drive.visible("console.note"), "no note")
        drive.open_page("Headers")
        await drive.write_rows("console.headers", (("not a header", "1"),))
        await drive.until(lambda: "not a header" in headers._instead.text(), "why there are none")
        assert "Connect" not in headers._instead.text()
        drive.click("console.send")
        await drive.until(lambda: "can't be sent" in drive.window.messages.text(), "a message")
        assert "not a header" in drive.window.messages.text()


async def test_a_body_file_that_is_gone_leaves_no_answer_of_another_call(connected, tmp_path):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "account")
        tab = drive.window.console_tab
        gone = RequestDraft("POST", "x", body=BodyKind.FILE, file=str(tmp_path / "gone.json"))
        tab._requests.tabs.edit(tab._opened.front.id, gone)
        drive.click("console.send")
        await drive.until(lambda: "Nothing was sent" in drive.text("console.status"), "why")
        assert drive.text("console.response") == ""


async def test_a_tab_shows_what_another_program_writes_into_its_file(connected):
    async with connected() as drive:
        _, path, _ = _console(drive)
        tab = drive.window.console_tab
        requests = tab._requests
        file = requests.saved.folder / await requests.saved.add("", "odd", RequestDraft(path="a"))
        tab._saved.opened.emit("odd.toml")
        await drive.until(lambda: path.text() == "a", "the request")
        file.write_text(draft_to_toml(RequestDraft(path="account")))
        tab._saved_work.read()
        await drive.until(lambda: path.text() == "account", "the new content")
        drive.write("console.path", "mine")
        file.write_text(draft_to_toml(RequestDraft(path="theirs")))
        tab._saved_work.read()
        await drive.until(lambda: drive.visible("console.newer"), "a notice")
        assert path.text() == "mine"
        drive.click("console.take_newer")
        assert path.text() == "theirs"
        assert not drive.visible("console.newer")


async def test_a_large_answer_is_shown_and_searched(connected):
    async with connected() as drive:
        _console(drive)
        drive.write("console.path", "contacts?page_length=1000")
        drive.click("console.send")
        await drive.until(lambda: '"items"' in drive.text("console.response"), "the answer")
        assert drive.text("console.response").count('"remote_id"') >= 60


async def test_every_environment_has_its_own_tabs_and_history(connected, sandbox):
    async with connected() as drive:
        _, path, body = _console(drive)
        await _send(drive, "account", kept=1)
        connection = drive.window.console_tab._console._connection
        first = connection.environment
        drive.write("console.path", "identify-user")
        body.setPlainText('{"id": "u-1"}')
        await connection.switch(Environment(name="Other"))
        await drive.until(lambda: drive.rows("console.history") == 0, "an empty history")
        await drive.until(lambda: path.text() == "", "its own tabs")
        assert drive.text("console.status") == "No answer here yet"
        assert drive.text("console.response") == ""
        assert drive.rows("console.response_headers") == 0
        await connection.switch(first)
        await drive.until(lambda: drive.rows("console.history") == 1, "its history again")
        await drive.until(lambda: path.text() == "identify-user", "what was typed")
        assert body.toPlainText() == '{"id": "u-1"}'


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
        assert drive.text("console.status") == "No answer here yet"
        assert drive.rows("console.history") == 0
        assert drive.window.console_tab.at_stake(None) == ()


async def test_what_is_typed_is_there_after_a_restart(opened):
    async with opened() as drive:
        await drive.until(lambda: not drive.window.tasks.running("opening"), "the opening is done")
        _, path, body = _console(drive)
        drive.write("console.path", "contacts")
        _menu(drive, "New request")
        drive.choose("console.method", "POST")
        drive.write("console.path", "identify-user")
        body.setPlainText('{"id": ')
        await drive.write_rows("console.query", (("dry", "1"),))
    async with opened() as drive:
        method, path, body = _console(drive)
        await drive.until(lambda: path.text() == "identify-user", "the tab in front")
        assert (method.currentText(), body.toPlainText()) == ("POST", '{"id": ')
        assert drive.column("console.query", "Key", 1) == ["dry"]
        assert _titles(drive) == ["GET contacts", "POST identify-user"]
        _menu(drive, "Close the request")
        assert path.text() == "contacts"
        _menu(drive, "Reopen the request that was closed last")
        assert body.toPlainText() == '{"id": '


async def test_after_a_restart_the_last_answer_of_a_request_is_there_again(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "account", kept=1)
        _menu(drive, "New request")
        await _send(drive, "forms", kept=2)
    async with connected() as drive:
        _console(drive)
        await drive.until(lambda: '"items"' in drive.text("console.response"), "the answer")
        assert "200 OK" in drive.text("console.status")
        assert "from the history" in drive.text("console.status")
        _menu(drive, "Previous request")
        await drive.until(lambda: '"subscription"' in drive.text("console.response"), "the other")


async def test_what_is_typed_before_the_file_is_read_is_not_lost(opened):
    async with opened() as drive:
        _, path, _ = _console(drive)
        path.setText("early")
        await drive.until(lambda: not drive.window.tasks.running("opening"), "the opening is done")
        await asyncio.sleep(0.2)
        assert path.text() == "early"


async def test_a_wrong_body_is_sent_only_after_a_question(connected, sandbox):
    async with connected() as drive:
        _, _, body = _console(drive)
        drive.choose("console.method", "POST")
        drive.write("console.path", "identify-user")
        drive.open_page("Body")
        body.setPlainText('{"id": "u-1",}')
        await drive.until(lambda: "Line 1" in drive.text("console.body.mistake"), "the mistake")
        sandbox.record.clear()
        drive.click("console.send")
        said = await drive.answer("Cancel")
        assert "Line 1, column 13" in said
        assert not sandbox.record.to("POST", "/identify-user")
        await drive.until(lambda: drive.enabled("console.send"), "ready again")
        drive.click("console.send")
        await drive.answer("Send anyway")
        await drive.until(lambda: bool(sandbox.record.to("POST", "/identify-user")), "the call")


async def test_a_variable_is_filled_in_and_an_unknown_one_is_asked_about(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        drive.write("console.path", "contact?id={{user}}")
        await drive.until(lambda: "{{user}}" in drive.text("console.note"), "a note")
        drive.click("console.send")
        assert "{{user}}" in await drive.answer("Cancel")
        _menu(drive, "Variables…")
        await drive.until(lambda: drive.question() is not None, "the variables")
        await drive.write_rows("console.variables", (("user", "u-1004"),))
        await drive.answer("Save")
        await drive.until(lambda: not drive.visible("console.note"), "no note")
        sandbox.record.clear()
        await _send(drive, "contact?id={{user}}")
        assert sandbox.record.to("GET", "/contact")[0].user == "u-1004"


async def test_a_curl_command_that_can_not_be_read_is_said_and_is_no_failure(connected):
    async with connected() as drive:
        _, path, _ = _console(drive)
        QGuiApplication.clipboard().setText("curl --json '{")
        path.setFocus()
        QTest.keyClick(path, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        said = drive.window.messages.text()
        assert "can't be read" in said
        assert "has no partner" in said


async def test_a_curl_command_in_the_path_becomes_a_request_without_its_key(connected, sandbox):
    async with connected() as drive:
        method, path, body = _console(drive)
        command = (
            f"curl -X POST {sandbox.base_url}/identify-user \\\n"
            f"  -H 'Authorization: Bearer {sandbox.key}' \\\n"
            '  --json \'{"id": "u-7"}\''
        )
        QGuiApplication.clipboard().setText(command)
        path.setFocus()
        QTest.keyClick(path, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert (method.currentText(), path.text()) == ("POST", "identify-user")
        assert body.toPlainText() == '{"id": "u-7"}'
        assert "key in it was left out" in drive.window.messages.text()
        assert drive.column("console.headers", "Key", 9) == [""]


async def test_a_call_to_another_server_is_marked_and_asked_about_before_it_takes_a_key_there(
    connected, sandbox
):
    elsewhere = sandbox.base_url.replace("127.0.0.1", "localhost")
    async with connected() as drive:
        _, path, _ = _console(drive)
        host = elsewhere.removeprefix("http://").partition("/")[0]
        command = f"curl {elsewhere}/account -H 'Authorization: Bearer {sandbox.key}'"
        QGuiApplication.clipboard().setText(command)
        path.setFocus()
        QTest.keyClick(path, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert f"This goes to {host}, not to" in drive.text("console.note")
        assert path.property("elsewhere") == "true"
        assert drive.column("console.headers", "Value", 1) == ["••••••••"]
        sandbox.record.clear()
        drive.click("console.send")
        assert f"Send Authorization to {host}?" in await drive.answer("Cancel")
        await drive.until(lambda: drive.enabled("console.send"), "ready again")
        assert not sandbox.record.to("GET", "/account")
        drive.click("console.send")
        await drive.answer(f"Send to {host}")
        await drive.until(lambda: "200" in drive.text("console.status"), "the answer")
        await _send(drive, f"{elsewhere}/forms", kept=2)  # that server was agreed to
        drive.click("console.bring_home")
        assert path.text() == "forms"
        assert not drive.visible("console.note")
        assert drive.column("console.headers", "Key", 1) == [""]
        _menu(drive, "Reopen the request that was closed last")
        assert path.text() == f"{elsewhere}/forms"


async def test_the_headers_that_will_be_added_follow_the_connection(opened, sandbox):
    async with opened() as drive:
        _console(drive)
        drive.write("console.path", "contacts")
        drive.open_page("Headers")
        headers = drive.window.console_tab._editor.headers
        await drive.until(lambda: "Connect to see" in headers._instead.text(), "why there are none")
        drive.open_tab(0)
        drive.write("connection.base_url", sandbox.base_url)
        drive.write("connection.api_key", sandbox.key)
        drive.click("connection.connect")
        await drive.until(lambda: drive.text("connection.status").startswith("Connected"), "it")
        drive.open_tab(3)
        assert headers._list.topLevelItemCount() > 3
        assert not headers._instead.isVisible()
        assert drive.enabled("console.headers.change")


async def test_a_request_is_copied_as_code_without_its_key(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        drive.write("console.path", "contacts")
        copied = QGuiApplication.clipboard().text
        QGuiApplication.clipboard().clear()
        drive.window.console_tab._menu.code_wanted.emit(Language.CURL, False)
        await drive.until(lambda: copied().startswith("curl"), "the command")
        assert sandbox.key not in copied()
        assert "/contacts" in copied()
        drive.window.console_tab._menu.code_wanted.emit(Language.HTTPX, True)
        await drive.answer("Copy")
        await drive.until(lambda: "httpx" in copied(), "the program")
        assert sandbox.key in copied()


async def test_a_request_is_saved_renamed_and_deleted(connected, tmp_path):
    async with connected() as drive:
        _, path, _ = _console(drive)
        drive.open_page("Saved")
        tree = drive.find("console.saved", QTreeWidget)
        drive.write("console.path", "contacts")
        drive.click("console.save")
        await drive.until(lambda: drive.question() is not None, "the question")
        drive.write("console.name", "All users")
        drive.find("console.folder", QComboBox).setEditText("daily")
        await drive.answer("Save")
        saved = drive.window.console_tab._saved
        await drive.until(lambda: saved.paths() == ["daily", "daily/All users.toml"], "the file")
        assert (tmp_path / "data" / "requests" / "daily" / "All users.toml").is_file()
        assert _titles(drive) == ["All users"]
        drive.write("console.path", "account")
        assert _titles(drive) == ["All users •"]
        _menu(drive, "Save the request")
        await drive.until(lambda: _titles(drive) == ["All users"], "saved again")
        tree.setCurrentItem(tree.topLevelItem(0).child(0))
        QTest.keyClick(tree, Qt.Key.Key_F2)
        await drive.until(lambda: drive.question() is not None, "the question")
        drive.write("console.name", "Plan")
        await drive.answer("Rename")
        await drive.until(lambda: _titles(drive) == ["Plan"], "the tab follows")
        await drive.until(lambda: saved.paths()[-1] == "daily/Plan.toml", "the tree follows")
        _menu(drive, "Move the request to a folder…")
        await drive.until(lambda: drive.question() is not None, "the question")
        drive.find("console.folder", QComboBox).setEditText("weekly")
        await drive.answer("Move")
        await drive.until(lambda: "weekly/Plan.toml" in saved.paths(), "moved by keys alone")
        tree.setCurrentItem(tree.topLevelItem(1).child(0))
        QTest.keyClick(tree, Qt.Key.Key_Delete)
        assert "Delete Plan?" in "".join(await _question(drive, "Delete"))
        await drive.until(lambda: saved.paths() == ["daily", "weekly"], "gone")
        assert path.text() == "account"


async def _question(drive, button):
    await drive.until(lambda: drive.question() is not None, "a question")
    said = drive.question().text()
    await drive.answer(button)
    return said


async def test_a_saved_request_that_another_program_writes_appears(connected, tmp_path):
    async with connected() as drive:
        _console(drive)
        saved = drive.window.console_tab._saved
        folder = tmp_path / "data" / "requests"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "Theirs.toml").write_text('method = "GET"\npath = "forms"\n')
        await drive.until(lambda: saved.paths() == ["Theirs.toml"], "their file")


async def test_a_filter_shows_its_result_in_place_and_its_mistake(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "contacts")
        assert '"items"' in drive.text("console.response")
        drive.write("console.filter", "items[0].email")
        await drive.until(lambda: drive.text("console.response").count("@") == 1, "the result")
        drive.write("console.filter", "items[0")
        await drive.until(lambda: "complete" in drive.text("console.filter.note"), "the mistake")
        assert drive.find("console.filter", QLineEdit).mistake == len("items[0")
        drive.write("console.filter", "")
        await drive.until(lambda: '"pagination"' in drive.text("console.response"), "all again")


async def test_items_are_a_table_that_sorts_filters_and_is_exported(
    connected, tmp_path, monkeypatch
):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "contacts?page_length=20")
        drive.open_page("Table")
        await drive.until(lambda: drive.rows("console.table") == 20, "the items")
        drive.click_header("console.table", "uuid")
        ids = lambda: drive.column("console.table", "uuid", 20)  # noqa: E731
        await drive.until(lambda: all(ids()) and ids() == sorted(ids()), "in order")
        word = drive.column("console.table", "uuid", 3)[2]
        drive.write("console.table.filter", word)
        await drive.until(lambda: drive.rows("console.table") == 1, "one row")
        assert drive.text("console.table.count") == "1 of 20 items"
        drive.click_row("console.table", 0)
        await drive.until(lambda: word in drive.text("console.table.item"), "all of it")
        target = tmp_path / "found.jsonl"

        async def chosen(*_):
            return target

        monkeypatch.setattr(items_page, "choose_target", chosen)
        drive.click("console.table.export")
        await drive.until(lambda: "1 items are in" in drive.window.messages.text(), "written")
        assert drive.find("message.offer", QPushButton).text() == "Open folder"
        assert word in target.read_text()


async def test_all_pages_are_fetched_into_one_table(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "contacts?page_length=10")
        drive.open_page("Table")
        drive.click("console.pages.fetch")
        await drive.until(lambda: drive.rows("console.table") == 60, "all items")
        assert "All here: 60 items from 6 pages" in drive.text("console.pages.status")
        assert drive.text("console.status").startswith("60 items from 6 pages · the first: 200 OK")
        assert drive.text("console.facts") == ""
        calls = lambda: drive.column("console.history", "Call", 2)  # noqa: E731
        once = "GET contacts?page_length=10"
        await drive.until(lambda: calls() == [f"{once} ×6", once], "both in the history")
    async with connected() as drive:
        _console(drive)
        assert drive.find("console.answer.pages", QTabWidget).currentIndex() == 1
        await drive.until(lambda: drive.rows("console.table") == 10, "the first page")
        assert "60 items from 6 pages came then" in drive.text("console.pages.status")


async def test_fetching_all_pages_is_stopped_and_goes_on(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "contacts?page_length=10")
        drive.open_page("Table")
        sandbox.faults.latency(0.3, path="/contacts")
        drive.click("console.pages.fetch")
        await drive.until(lambda: "20 of 60" in drive.text("console.pages.status"), "two pages")
        drive.click("console.pages.stop")
        await drive.until(lambda: "Stopped" in drive.text("console.pages.status"), "stopped")
        await drive.until(lambda: drive.rows("console.table") in (20, 30), "what came")
        await asyncio.sleep(0.4)  # the server may be at the page that was cancelled
        sandbox.record.clear()
        drive.click("console.pages.fetch")
        await drive.until(lambda: drive.rows("console.table") == 60, "the others too")
        assert len(sandbox.record.to("GET", "/contacts")) in (3, 4)  # not from the beginning


async def test_pages_that_come_for_another_tab_are_not_shown_in_this_one(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "contacts?page_length=20")
        sandbox.faults.latency(0.2, path="/contacts")
        drive.open_page("Table")
        drive.click("console.pages.fetch")
        _menu(drive, "New request")
        await _send(drive, "segments")
        tasks = drive.window.console_tab.tasks
        await drive.until(lambda: not tasks.running("all pages"), "the end of the pages")
        await asyncio.sleep(0.2)
        assert drive.rows("console.table") < 20
        _strip(drive).setCurrentIndex(0)
        await drive.until(lambda: drive.rows("console.table") == 60, "there they are")


async def test_the_answer_is_written_to_a_file_as_it_came(connected, tmp_path, monkeypatch):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "account")
        target = tmp_path / "account.json"

        async def chosen(_parent, _title, name, _filters):
            return target.with_name(name)

        monkeypatch.setattr(answer_file, "choose_target", chosen)
        drive.click("console.save_answer")
        await drive.until(lambda: "account.json" in drive.window.messages.text(), "written")
        assert drive.find("message.offer", QPushButton).text() == "Open folder"
        shown = drive.window.console_tab._answer.shown
        assert target.read_bytes() == shown.answer.body


async def test_a_request_waits_as_long_as_it_says(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        sandbox.faults.latency(3, path="/account")
        drive.open_page("Time-outs")
        drive.find("console.timeouts", QCheckBox).click()
        drive.find("console.timeout_total", QSpinBox).setValue(1)
        drive.write("console.path", "account")
        drive.click("console.send")
        said = drive.window.messages.text
        await drive.until(lambda: "too long to answer" in said(), "the time-out", patience=2.5)


async def test_two_calls_of_the_history_are_compared(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "forms")
        await _send(drive, "segments", kept=2)
        drive.find("console.history", QTableView).selectAll()
        drive.click("console.history.compare")
        pane = drive.window.console_tab._answers.compare_page.pane
        await drive.until(lambda: pane.isVisible() and pane.difference_count > 0, "differences")
        QTest.keyClick(pane.left.view, Qt.Key.Key_Escape)
        assert drive.visible("console.response")


async def test_a_call_of_the_history_is_copied_and_saved_from_its_menu_by_keyboard(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "forms?list=published", kept=1)
        table = drive.find("console.history", QTableView)
        drive.click_row("console.history", 0)

        def choose(words):
            place = table.viewport().mapToGlobal(table.visualRect(table.currentIndex()).center())
            event = QContextMenuEvent(
                QContextMenuEvent.Reason.Keyboard, table.viewport().mapFromGlobal(place), place
            )
            QGuiApplication.sendEvent(table.viewport(), event)
            menu = QApplication.activePopupWidget()
            titles = [each.text().split("\t")[0] for each in menu.actions()]
            menu.actions()[titles.index(words)].trigger()
            menu.close()
            return titles

        titles = choose("Copy as cURL")
        calls = ["Open", "Resend", "Copy as cURL", "Save as a request…"]
        wanted = [*calls, "Compare", "Pin", "Delete…"]
        assert [each for each in titles if each in wanted] == wanted
        clipboard = QGuiApplication.clipboard()
        await drive.until(lambda: "forms?list=published" in clipboard.text(), "the command")
        assert clipboard.text().startswith("curl")
        choose("Save as a request…")
        await drive.answer("Save")
        saved = drive.window.console_tab._saved
        await drive.until(lambda: len(saved.paths()) == 1, "the file")


async def test_the_history_is_searched_pinned_and_deleted(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "forms")
        await _send(drive, "no-such-path", kept=2)
        drive.find("console.history.status", QComboBox).setCurrentText("4xx")
        await drive.until(lambda: drive.rows("console.history") == 1, "one refused")
        assert drive.column("console.history", "Call", 1) == ["GET no-such-path"]
        drive.click_row("console.history", 0)
        panel = drive.window.console_tab._history
        panel._pin_action.trigger()
        await drive.until(lambda: "★" in drive.column("console.history", "Time", 1)[0], "pinned")
        drive.find("console.history.status", QComboBox).setCurrentText("Any status")
        drive.write("console.history.search", "forms")
        await drive.until(lambda: drive.column("console.history", "Call", 2) == ["GET forms"], "it")
        drive.click_row("console.history", 0)
        panel._delete_action.trigger()
        assert "Delete this call" in await _question(drive, "Delete")
        await drive.until(lambda: drive.rows("console.history") == 0, "deleted")
        drive.write("console.history.search", "")
        await drive.until(lambda: drive.rows("console.history") == 1, "the pinned one")
        panel._clear_action.trigger()
        await drive.answer("Clear")
        await drive.until(lambda: "cleared" in drive.window.messages.text(), "cleared")
        assert drive.rows("console.history") == 1  # a pinned call stays


async def test_two_tabs_wait_for_their_answers_at_the_same_time(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        sandbox.faults.latency(0.6, path="/account")
        drive.write("console.path", "account")
        drive.click("console.send")
        _menu(drive, "New request")
        await _send(drive, "forms")
        assert '"items"' in drive.text("console.response")
        assert _titles(drive)[0] == "↻ GET account"
        _strip(drive).setCurrentIndex(0)
        assert "Waiting" in drive.text("console.status")
        await drive.until(lambda: "subscription" in drive.text("console.response"), "its answer")


async def test_an_automatic_header_is_left_out(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        drive.write("console.path", "contacts")
        drive.open_page("Headers")
        added = drive.find("console.automatic_headers", QTreeWidget)
        names = lambda: [added.topLevelItem(n).text(0) for n in range(added.topLevelItemCount())]  # noqa: E731
        await drive.until(lambda: "User-Agent" in names(), "what is added")
        item = added.topLevelItem(names().index("Authorization"))
        assert sandbox.key not in item.text(1)
        assert "•" in item.text(1)
        added.topLevelItem(names().index("User-Agent")).setCheckState(0, Qt.CheckState.Unchecked)
        sandbox.record.clear()
        drive.click("console.send")
        await drive.until(lambda: "200" in drive.text("console.status"), "the answer")
        drive.open_page("Request as sent")
        assert "user-agent" not in drive.text("console.sent").lower()


async def test_a_call_from_the_catalogue_completes_ids(connected, sandbox):
    async with connected() as drive:
        method, path, _ = _console(drive)
        drive.open_page("Catalogue")
        drive.write("console.catalogue.search", "history of a survey")
        drive.click("console.catalogue.use")
        assert (method.currentText(), path.text()) == ("GET", "forms/history")
        assert drive.column("console.query", "Key", 1) == ["form_uuid"]
        edit = QGuiApplication.focusObject()
        assert isinstance(edit, ValueEdit)
        QTest.keyClick(edit, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
        await drive.until(lambda: bool(edit._choices.values), "the surveys")
        edit._choices.taken.emit(edit._choices.values[0])
        await drive.until(lambda: len(drive.column("console.query", "Value", 1)[0]) == 36, "an id")


async def test_a_saved_request_whose_time_outs_are_nothing_is_sent_all_the_same(
    connected, tmp_path
):
    folder = tmp_path / "data" / "requests"
    folder.mkdir(parents=True)
    written = 'method = "GET"\npath = "account"\npatience = { connect = 0, total = 99999999999 }\n'
    (folder / "Odd.toml").write_text(written)
    async with connected() as drive:
        _, path, _ = _console(drive)
        drive.window.console_tab._saved.opened.emit("Odd.toml")
        await drive.until(lambda: path.text() == "account", "the request")
        drive.click("console.send")
        await drive.until(lambda: "200" in drive.text("console.status"), "the answer")


async def test_columns_of_items_are_hidden_filtered_and_chosen_like_those_of_contacts(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "contacts?page_length=20")
        drive.open_page("Table")
        await drive.until(lambda: drive.rows("console.table") == 20, "the items")
        table = drive.find("console.table", QTableView)
        header = table.horizontalHeader()
        widths = [header.sectionSize(each) for each in range(6)]
        assert len(set(widths)) > 1  # by what is in them
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        menu = drive.find("console.table.column_menu", QMenu)
        next(each for each in menu.actions() if each.text() == "Hide this column").trigger()
        menu.close()
        assert header.isSectionHidden(0)
        assert drive.text("console.table.count") == "20 items · 1 column hidden"
        drive.find("console.table.sql", QToolButton).click()
        drive.write("console.table.expert", "uuid < '8'")
        await drive.until(lambda: 0 < drive.rows("console.table") < 20, "some of them")
        await _send(drive, "forms")
        await drive.until(lambda: "hidden" not in drive.text("console.table.count"), "new columns")
        assert not drive.find("console.table.sql", QToolButton).isChecked()


async def test_all_pages_can_be_fetched_from_any_part_of_the_answer(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "contacts?page_length=20")
        drive.open_page("Answer")
        drive.click("console.pages.fetch")
        await drive.until(lambda: drive.rows("console.table") == 60, "all of them")


async def test_closing_all_others_asks_when_several_are_in_no_file(connected):
    async with connected() as drive:
        _, path, _ = _console(drive)
        drive.write("console.path", "account")
        for name in ("one", "two", "three"):
            _menu(drive, "New request")
            drive.write("console.path", name)
        strip = drive.window.console_tab._strip
        front = strip._id(3)
        strip.others_closed.emit(front)
        assert "Close 2 requests?" in await _question(drive, "Cancel")
        assert len(_titles(drive)) == 4
        strip.others_closed.emit(front)
        await _question(drive, "Close")
        await drive.until(lambda: _titles(drive) == ["GET account", "GET three"], "closed")
        _menu(drive, "Reopen the request that was closed last")
        assert path.text() == "two"


async def test_one_call_of_the_history_is_compared_with_the_answer_of_the_tab(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "forms")
        await _send(drive, "segments", kept=2)
        drive.click_row("console.history", 1)
        await drive.until(lambda: "from the history" in drive.text("console.status"), "the first")
        drive.click("console.history.compare")
        pane = drive.window.console_tab._answers.compare_page.pane
        await drive.until(lambda: pane.isVisible() and pane.difference_count > 0, "differences")


async def test_fetching_all_of_a_call_of_the_history_leaves_the_answer_of_the_tab(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "contacts?page_length=20")
        await _send(drive, "account", kept=2)
        drive.click_row("console.history", 1)
        await drive.until(lambda: "from the history" in drive.text("console.status"), "the list")
        drive.open_page("Table")
        drive.click("console.pages.fetch")
        await drive.until(lambda: drive.rows("console.table") == 60, "all items")
        drive.click("console.back")
        assert '"subscription"' in drive.text("console.response")


async def test_moving_to_where_the_name_is_taken_leaves_the_file_as_it_was(connected, tmp_path):
    folder = tmp_path / "data" / "requests"
    for name in ("Plan.toml", "daily/Users.toml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('method = "GET"\npath = "account"\n')
    async with connected() as drive:
        _console(drive)
        drive.open_page("Saved")
        panel = drive.window.console_tab._saved
        await drive.until(lambda: "Plan.toml" in panel.paths(), "the files")
        panel.rename_wanted.emit("Plan.toml")
        await drive.until(lambda: drive.question() is not None, "the question")
        assert drive.question().focusWidget() is drive.find("console.name", QLineEdit)
        drive.write("console.name", "Users")
        drive.find("console.folder", QComboBox).setEditText("daily")
        await drive.answer("Rename")
        await drive.until(
            lambda: (
                drive.question() is not None and "this name" in drive.labels_in(drive.question())
            ),
            "the problem",
        )
        assert (folder / "Plan.toml").is_file()
        drive.write("console.name", "Users 2")
        drive.find("console.folder", QComboBox).setEditText("daily")
        await drive.answer("Rename")
        await drive.until(lambda: "daily/Users 2.toml" in panel.paths(), "moved")


async def test_a_body_that_its_variables_break_is_sent_only_after_a_question(connected, sandbox):
    async with connected() as drive:
        _, _, body = _console(drive)
        await drive.window.console_tab._requests.save_variables({"n": "abc"})
        drive.choose("console.method", "POST")
        drive.write("console.path", "identify-user")
        body.setPlainText('{"id": "u-1", "age": {{n}}}')
        sandbox.record.clear()
        drive.click("console.send")
        assert "With the values of its variables" in await _question(drive, "Cancel")
        assert not sandbox.record.to("POST", "/identify-user")


async def test_it_is_said_why_there_is_no_answer(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        sandbox.faults.latency(3, path="/account")
        drive.write("console.path", "account")
        drive.click("console.send")
        await drive.until(lambda: "Waiting" in drive.text("console.status"), "the call")
        _menu(drive, "Cancel the request")
        await drive.until(lambda: "Cancelled" in drive.text("console.status"), "cancelled")
        drive.open_page("Time-outs")
        drive.find("console.timeouts", QCheckBox).click()
        drive.find("console.timeout_total", QSpinBox).setValue(1)
        drive.click("console.send")
        await drive.until(lambda: "1 s in all" in drive.text("console.status"), "its time-out")
        drive.open_page("Headers")
        await drive.write_rows("console.headers", (("not a header", "1"),))
        drive.click("console.send")
        await drive.until(lambda: "not a header" in drive.text("console.status"), "refused")


async def test_a_failed_call_does_not_show_the_key_that_was_typed(connected, sandbox):
    async with connected() as drive:
        _console(drive)
        drive.write("console.path", "http://127.0.0.1:1/account?a=b")
        await drive.write_rows("console.headers", (("Authorization", "Bearer typed-secret"),))
        drive.click("console.send")
        await drive.answer("Send to 127.0.0.1:1")
        await drive.until(lambda: "reached" in drive.text("console.status"), "no answer")
        drive.open_page("Request as sent")
        assert "Authorization: •" in drive.text("console.sent")
        assert "typed-secret" not in drive.text("console.sent")


async def test_of_two_variables_of_one_name_none_is_lost(connected):
    async with connected() as drive:
        _console(drive)
        _menu(drive, "Variables…")
        await drive.until(lambda: drive.question() is not None, "the variables")
        table = drive.find("console.variables", QTableView)
        assert table.isAncestorOf(drive.question().focusWidget())
        await drive.write_rows("console.variables", (("a", "1"), ("a", "2")))
        await drive.answer("Save")
        await drive.until(
            lambda: drive.question() is not None and "twice" in drive.labels_in(drive.question()),
            "the problem",
        )
        assert drive.column("console.variables", "Value", 2) == ["1", "2"]
        await drive.answer("Cancel")


async def test_ctrl_f_in_the_request_searches_the_answer(connected):
    async with connected() as drive:
        _, path, _ = _console(drive)
        await _send(drive, "account")
        path.setFocus()
        QTest.keyClick(path, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        find = drive.window.console_tab._answer._body.pane._find_bar
        await drive.until(find.isVisible, "the search")


async def test_an_answer_ends_what_the_console_said_went_wrong_before(connected):
    async with connected() as drive:
        _console(drive)
        await _send(drive, "http://127.0.0.1:1/")
        assert drive.text("console.status").startswith("No answer")
        assert drive.window.messages.text()
        await _send(drive, "account")
        assert drive.window.messages.text() == ""


async def test_the_console_is_divided_as_it_was_left(opened):
    async with opened() as drive:
        _console(drive)
        splitter = drive.find("console.split.side", QSplitter)
        splitter.setSizes([420, splitter.width() - 420])
        splitter.splitterMoved.emit(420, 1)
        left = splitter.sizes()
    async with opened() as drive:
        _console(drive)
        assert drive.find("console.split.side", QSplitter).sizes() == left


async def test_at_the_first_visit_the_catalogue_is_there_and_then_the_history(opened, sandbox):
    async with opened() as drive:
        drive.open_tab(3)
        assert drive.find("console.catalogue", QListWidget).isVisible()
        drive.open_tab(0)
        drive.write("connection.base_url", sandbox.base_url)
        drive.write("connection.api_key", sandbox.key)
        drive.click("connection.connect")
        await drive.until(lambda: drive.text("connection.status").startswith("Connected"), "it")
    async with opened() as drive:
        drive.open_tab(3)
        assert drive.find("console.history", QTableView).isVisible()
