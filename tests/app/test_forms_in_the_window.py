"""Identify and track by form, in the real window on the sandbox."""

import asyncio
import sqlite3
from contextlib import closing

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTableView

from refiner_desktop.settings.settings import Environment

pytestmark = pytest.mark.anyio

UNSENT = "Nothing sent yet."


def _open(drive, page):
    drive.open_tab(2)
    drive.open_page(page)


_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def _press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def _said(drive):
    return drive.labels_in(drive.window.users_tab)


def _events(sandbox):
    return len(sandbox.record.to("POST", "/track-event"))


async def _identify(drive, user_id, **fields):
    _open(drive, "Identify one user")
    drive.write("identify.user_id", user_id)
    for name, text in fields.items():
        drive.write(f"identify.{name}", text)
    drive.click("identify.send")
    await drive.until(lambda: "contact_uuid" in drive.text("identify.result"), "the answer")


async def test_what_is_wrong_is_said_at_its_field_while_typing(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        await drive.write_rows("identify.traits", (("id", "1"), ("firstName", "Ana")))
        said = _said(drive)
        assert "Row 1: “id” is a field of its own" in said
        assert "Row 2: Refiner will keep this as “first_name”" in said
        await drive.write_rows("identify.account_traits", (("name", "Acme"),))
        assert "needs the account's id" in _said(drive)
        assert "Give a user id" not in _said(drive)
        drive.click("identify.send")
        assert "Give a user id or an e-mail address." in _said(drive)


async def test_the_json_follows_every_letter_with_the_traits_flat(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        drive.write("identify.user_id", "u-1")
        await drive.write_rows("identify.traits", (("plan", "pro"),))
        drive.write("identify.account_id", "acme")
        payload = msgspec.json.decode(drive.text("identify.preview"))
        assert payload == {"id": "u-1", "plan": "pro", "account": {"id": "acme"}}


async def test_a_comparison_is_shown_and_follows_the_form(connected, sandbox):
    async with connected() as drive:
        await _identify(drive, "u-form", email="form@example.org")
        await drive.write_rows("identify.traits", (("plan", "pro"),))
        sandbox.record.clear()
        drive.click("identify.compare")
        await drive.until(lambda: drive.rows("identify.changes") > 0, "the changes")

        def changes():
            keys, effects = (
                drive.column("identify.changes", title, 50) for title in ("Key", "Change")
            )
            return dict(zip(keys, effects, strict=True))

        assert changes()["plan"] == "new"
        assert changes()["email"] == "unchanged"
        drive.write("identify.email", "other@example.org")
        assert drive.rows("identify.changes") == 0
        assert "Compare" in _said(drive)
        assert {call.method for call in sandbox.record.calls} == {"GET"}


async def test_the_answer_leads_to_the_contact(connected):
    async with connected() as drive:
        await _identify(drive, "u-link", email="link@example.org")
        assert "Identified in" in _said(drive)
        drive.click("identify.contact")
        await drive.until(lambda: drive.visible("contacts.detail"), "the tab")
        await drive.until(
            lambda: "link@example.org" in drive.texts_in("contacts.detail"), "the detail"
        )


async def test_the_link_chooses_the_row_of_a_contact_that_is_loaded(connected):
    async with connected() as drive:
        drive.open_tab(1)
        drive.click("contacts.load")
        await drive.until(lambda: drive.text("contacts.status") == "60 contacts", "the rows")
        table = drive.find("contacts.table", QTableView)
        ids = lambda: drive.column("contacts.table", "User id", 12)  # noqa: E731
        await drive.until(lambda: any(ids()[4:]), "the cells")
        row = next(place for place, user_id in enumerate(ids()) if user_id and place > 3)
        await _identify(drive, ids()[row])
        drive.click("identify.contact")
        await drive.until(lambda: table.currentIndex().row() == row, "the row")
        chosen = {index.row() for index in table.selectionModel().selectedRows()}
        assert chosen == {row}


async def test_keys_complete_from_the_contacts_that_are_loaded(connected):
    async with connected() as drive:
        drive.open_tab(1)
        drive.click("contacts.load")
        await drive.until(lambda: drive.text("contacts.status") == "60 contacts", "the rows")
        _open(drive, "Identify one user")
        known = lambda: drive.find("identify.traits", QTableView).model().known  # noqa: E731
        await drive.until(lambda: known().get("plan") == "text", "the keys")


async def test_a_draft_survives_a_restart_and_belongs_to_its_environment(connected, opened):
    async with connected() as drive:
        _open(drive, "Identify one user")
        drive.write("identify.user_id", "u-kept")
        await drive.write_rows("identify.traits", (("plan", "pro"),))
        drive.open_page("Track one event")
        drive.write("track.event", "half_typ")
    async with opened() as drive:
        _open(drive, "Identify one user")
        await drive.until(lambda: drive.text("identify.user_id") == "u-kept", "the draft")
        assert drive.column("identify.traits", "Key", 9) == ["plan", ""]
        await drive.until(lambda: drive.text("track.event") == "half_typ", "the other draft")
        here = drive.window.users_tab._contacts._connection.environment
        drive.window.connection_tab.switch_to(Environment(name="Other"))
        await drive.until(lambda: "Other" in drive.window.windowTitle(), "the other one")
        assert drive.text("identify.user_id") == ""  # nothing was typed there yet
        drive.click("identify.undo")
        assert drive.text("identify.user_id") == "u-kept"
        drive.write("identify.user_id", "u-other")
        drive.window.connection_tab.switch_to(here)
        await drive.until(lambda: drive.text("identify.user_id") == "u-kept", "the draft again")
        drive.click("identify.undo")
        assert drive.text("identify.user_id") == "u-other"


async def test_a_form_that_was_emptied_is_empty_when_its_environment_comes_back(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        switch = drive.window.connection_tab.switch_to
        here, other = drive.window.users_tab._contacts._connection.environment, "Other"
        drive.write("identify.user_id", "u-here")
        drive.click("identify.clear")
        switch(Environment(name=other))
        await drive.until(lambda: other in drive.window.windowTitle(), "the other one")
        drive.write("identify.user_id", "u-vip")
        switch(here)
        await drive.until(lambda: other not in drive.window.windowTitle(), "the first one")
        await asyncio.sleep(0.1)
        assert drive.text("identify.user_id") == ""


async def test_tab_goes_through_the_form_before_it_comes_to_the_button(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        drive.find("identify.email", QLineEdit).setFocus()
        visited = []
        for _ in range(6):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            at = QApplication.focusWidget()
            while not at.objectName().startswith("identify."):
                at = at.parentWidget()
            visited.append(at.objectName().partition(".")[2])
        order = list(dict.fromkeys(visited))
        assert order == ["traits", "account_id", "account_traits", "send"]


async def test_what_is_wrong_stands_below_the_rows_and_a_warning_is_no_error(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        rows = [("id", "1"), ("firstName", "Ana"), *((f"key_{n}", "v") for n in range(4))]
        await drive.write_rows("identify.traits", rows)
        table = drive.find("identify.traits", QTableView)
        said = [each for each in table.parentWidget().findChildren(QLabel) if each.isVisible()]
        await asyncio.sleep(0.1)
        assert table.height() == table.minimumHeight()
        tops = [each.geometry().top() for each in said]
        assert min(tops) > table.geometry().bottom()
        roles = {each.property("role"): each.text() for each in said}
        assert "field of its own" in roles["problem"]
        assert "first_name" in roles["warning"]
        assert "first_name" not in roles["problem"]


async def test_sending_goes_to_the_row_that_stops_it(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        drive.write("identify.user_id", "u-1")
        await drive.write_rows("identify.traits", (("plan", "pro"), ("id", "1")))
        drive.click("identify.send")
        table = drive.find("identify.traits", QTableView)
        assert (table.currentIndex().row(), table.currentIndex().column()) == (1, 0)


async def test_a_key_without_a_value_is_left_out_and_said(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        drive.write("identify.user_id", "u-1")
        await drive.write_rows("identify.traits", (("plan", ""),))
        assert drive.column("identify.traits", "Value", 1) == ["nothing typed: not sent"]
        assert msgspec.json.decode(drive.text("identify.preview")) == {"id": "u-1"}
        drive.click("identify.send")
        assert "“plan” is not sent" in _said(drive)
        await drive.until(lambda: "contact_uuid" in drive.text("identify.result"), "the answer")


async def test_a_draft_is_on_the_disk_while_it_is_typed(connected, tmp_path):
    async with connected() as drive:
        _open(drive, "Track one event")
        drive.write("track.event", "never_sent")
        with closing(sqlite3.connect(tmp_path / "data" / "refiner.db")) as other:
            query = "SELECT draft FROM form_draft WHERE form = 'track'"
            kept = lambda: "".join(row[0] for row in other.execute(query))  # noqa: E731
            await drive.until(lambda: "never_sent" in kept(), "the draft")


async def test_nothing_that_stays_on_the_disk_holds_the_key(connected, sandbox, tmp_path):
    async with connected() as drive:
        await _identify(drive, sandbox.key, email="a@example.org")
    for path in (tmp_path / "data").rglob("*"):
        assert path.is_dir() or sandbox.key.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("clicks", [2, 5])
async def test_a_double_click_sends_once_however_fast_the_answer_is(connected, sandbox, clicks):
    async with connected() as drive:
        _open(drive, "Track one event")
        drive.write("track.user_id", "u-1")
        drive.write("track.event", "opened")
        for _ in range(clicks):
            drive.click("track.send")
            await drive.until(lambda: "ok" in drive.text("track.result"), "the answer")
        await asyncio.sleep(0.2)
        assert _events(sandbox) == 1


async def test_enter_held_down_sends_once(connected, sandbox):
    async with connected() as drive:
        _open(drive, "Track one event")
        drive.write("track.user_id", "u-1")
        drive.write("track.event", "opened")
        edit = drive.find("track.event", QLineEdit)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        for _ in range(30):
            held = QKeyEvent(
                QEvent.Type.KeyPress,
                Qt.Key.Key_Return,
                Qt.KeyboardModifier.NoModifier,
                "\r",
                autorep=True,
            )
            QApplication.sendEvent(edit, held)
            await asyncio.sleep(0.03)
        assert _events(sandbox) == 1


async def test_the_same_event_can_be_sent_again_on_purpose(connected, sandbox):
    async with connected() as drive:
        _open(drive, "Track one event")
        drive.write("track.user_id", "u-1")
        drive.write("track.event", "opened")
        drive.click("track.send")
        await drive.until(lambda: "ok" in drive.text("track.result"), "the answer")
        await asyncio.sleep(QApplication.doubleClickInterval() / 1000 + 0.1)
        drive.click("track.send")
        await drive.until(lambda: _events(sandbox) == 2, "the second event")


async def test_a_lost_answer_says_that_the_event_may_be_there_and_resends_nothing(
    connected, sandbox
):
    async with connected() as drive:
        _open(drive, "Track one event")
        drive.write("track.user_id", "u-1")
        drive.write("track.event", "opened")
        sandbox.faults.drop(path="/track-event", processed=True)
        drive.click("track.send")
        await drive.until(lambda: "may have been recorded" in _said(drive), "the sentence")
        await asyncio.sleep(0.5)
        assert _events(sandbox) == 1
        assert drive.text("track.user_id") == "u-1"
        assert drive.text("track.event") == "opened"
        drive.open_page("Earlier calls")
        await drive.until(lambda: drive.column("track.history", "Result", 1) == ["failed"], "kept")


async def test_an_earlier_call_is_found_opened_and_sent_again(connected, sandbox):
    async with connected() as drive:
        await _identify(drive, "u-first", email="first@example.org")
        await asyncio.sleep(QApplication.doubleClickInterval() / 1000 + 0.1)
        await _identify(drive, "u-second", email="second@example.org")
        drive.open_page("Earlier calls")
        users = lambda: drive.column("identify.history", "User", 9)  # noqa: E731
        await drive.until(lambda: users() == ["u-second", "u-first"], "both calls")
        drive.write("identify.history.search", "first@")
        await drive.until(lambda: users() == ["u-first"], "the one")
        drive.click_row("identify.history", 0)
        drive.click("identify.history.open")
        assert drive.text("identify.user_id") == "u-first"
        assert "contact_uuid" in drive.text("identify.result")
        assert len(sandbox.record.to("POST", "/identify-user")) == 2
        await asyncio.sleep(QApplication.doubleClickInterval() / 1000 + 0.1)
        drive.open_page("Earlier calls")
        drive.click("identify.history.again")
        await drive.until(lambda: len(sandbox.record.to("POST", "/identify-user")) == 3, "sent")
        assert sandbox.record.users("POST", "/identify-user")["u-first"] == 2


async def test_events_complete_from_earlier_ones(connected, sandbox):
    async with connected() as drive:
        _open(drive, "Track one event")
        drive.write("track.user_id", "u-1")
        drive.write("track.event", "upgrade_clicked")
        drive.click("track.send")
        edit = drive.find("track.event", QLineEdit)
        offered = edit.completer().model().stringList
        await drive.until(lambda: offered() == ["upgrade_clicked"], "the name")
        await asyncio.sleep(QApplication.doubleClickInterval() / 1000 + 0.1)
        drive.write("track.event", "click")
        popup = edit.completer().popup()
        QTest.keyClick(popup, Qt.Key.Key_Down)
        QTest.keyClick(popup, Qt.Key.Key_Return)  # takes the name and sends nothing
        await asyncio.sleep(0.2)
        assert drive.text("track.event") == "upgrade_clicked"
        assert _events(sandbox) == 1


async def test_what_was_replaced_can_be_brought_back(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        drive.write("identify.user_id", "u-typed")
        contact = {"remote_id": "u-7", "email": "seven@example.org", "attributes": {"plan": "pro"}}
        drive.window.users_tab.fill_identify(contact)
        assert drive.text("identify.user_id") == "u-7"
        drive.click("identify.undo")
        assert drive.text("identify.user_id") == "u-typed"
        assert drive.rows("identify.traits") == 1
        drive.click("identify.undo")
        assert drive.text("identify.user_id") == ""
        assert not drive.visible("identify.undo")


async def test_every_step_in_the_rows_can_be_taken_back_and_made_again(connected):
    undo, redo = (Qt.Key.Key_Z, _CONTROL), (Qt.Key.Key_Z, _CONTROL | _SHIFT)
    async with connected() as drive:
        _open(drive, "Identify one user")
        table = drive.find("identify.traits", QTableView)
        rows = lambda: [(row.key, row.value) for row in table.rows()]  # noqa: E731
        await drive.write_rows("identify.traits", (("plan", "pro"), ("seats", "12")))
        table.edit(table.model().index(1, 2))
        assert isinstance(QApplication.focusWidget(), QLineEdit)
        _press(*undo)  # the letters of a cell are one step, also from within it
        assert rows() == [("plan", "pro"), ("seats", "")]
        _press(*redo)
        assert rows() == [("plan", "pro"), ("seats", "12")]
        table.setCurrentIndex(table.model().index(0, 0))
        _press(Qt.Key.Key_Delete, _CONTROL)
        assert rows() == [("seats", "12")]
        QApplication.clipboard().setText("since_at: 2026-03-04\nplan: free")
        _press(Qt.Key.Key_V, _CONTROL)
        assert len(rows()) == 3
        drive.click("identify.clear")
        assert rows() == []
        for left in (3, 1, 2):
            _press(*undo)
            assert len(rows()) == left
        assert rows() == [("plan", "pro"), ("seats", "12")]
        for left in (1, 3, 0):
            _press(*redo)
            assert len(rows()) == left


async def test_a_pasted_identify_call_fills_the_whole_form(connected):
    async with connected() as drive:
        _open(drive, "Identify one user")
        text = '{"id": "u-5", "plan": "pro", "seats": 3, "account": {"id": "acme", "employees": 4}}'
        QApplication.clipboard().setText(text)
        table = drive.find("identify.traits", QTableView)
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert msgspec.json.decode(drive.text("identify.preview")) == msgspec.json.decode(text)
        assert "2 rows were filled" in drive.window.messages.text()


async def test_without_a_listener_it_is_said_how_to_see_webhooks(connected):
    async with connected() as drive:
        await _identify(drive, "u-quiet")
        assert "Start the listener" in _said(drive)
