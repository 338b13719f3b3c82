"""Deliveries as they arrive, and where they go on to, in the real window."""

import asyncio
import socket
import sys
from dataclasses import replace

import httpx
import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableView,
    QTabWidget,
)

from refiner_desktop.secret import Secret
from refiner_desktop.serving import ServerThread
from refiner_desktop.settings.settings import Retention
from refiner_desktop.ui.tabs.webhooks.delivery_list import FILTERED, UNREAD
from refiner_desktop.ui.tabs.webhooks.samples_dialog import OPEN_AGAIN, READING
from refiner_desktop.ui.tabs.webhooks.settings_dialog import SAVE

pytestmark = pytest.mark.anyio


async def _listen(drive):
    drive.open_tab(4)
    drive.find("webhooks.port", QSpinBox).setValue(0)
    drive.click("webhooks.start")
    await drive.until(lambda: "Listening" in drive.status_bar(), "the listener")
    return drive.text("webhooks.url")


async def _post(drive, url, **content):
    headers = {"Authorization": f"Bearer {drive.text('webhooks.token')}"}
    async with httpx.AsyncClient(headers=headers) as client:
        return await client.post(url, **content)


async def _arrive(drive, url, count, **content):
    for _ in range(count):
        await _post(drive, url, **content)
    await drive.until(lambda: drive.rows("webhooks.deliveries") >= count, "the deliveries")


async def test_the_port_can_be_read(opened):
    async with opened() as drive:
        drive.open_tab(4)
        port = drive.find("webhooks.port", QSpinBox)
        port.setValue(49_979)
        await drive.until(lambda: port.lineEdit().width() > 1, "laid out", patience=3)
        assert port.lineEdit().width() >= port.fontMetrics().horizontalAdvance("49979")


async def test_a_listener_that_the_person_started_is_not_started_again(opened):
    async with opened() as drive:
        url = await _listen(drive)
        drive.window.webhooks_tab.listen(0)
        await asyncio.sleep(0.2)
        assert drive.text("webhooks.url") == url
        assert (await _post(drive, url, json={})).status_code == 200


async def test_the_keyboard_is_at_the_list_when_the_tab_opens_and_when_a_button_goes(opened):
    async with opened() as drive:
        drive.window.activateWindow()
        await drive.until(drive.window.isActiveWindow, "the keyboard")
        drive.find("connection.environments", QListWidget).setFocus()
        drive.open_tab(4)
        table = drive.find("webhooks.deliveries", QTableView)
        assert table.hasFocus()
        drive.find("webhooks.port", QSpinBox).setValue(0)
        start = drive.find("webhooks.start", QPushButton)
        start.setFocus()
        QTest.keyClick(start, Qt.Key.Key_Space)
        await drive.until(lambda: "Listening" in drive.status_bar(), "the listener")
        assert not start.isEnabled()
        assert table.hasFocus()


async def test_an_arrival_leaves_alone_what_is_being_typed(opened):
    async with opened() as drive:
        url = await _listen(drive)
        forward = drive.find("webhooks.forward", QLineEdit)
        forward.setFocus()
        QTest.keyClicks(forward, "http://localhost:30")
        await _arrive(drive, url, 1, json={})
        await drive.until(lambda: "1 received" in drive.status_bar(), "the count")
        assert forward.text() == "http://localhost:30"


async def test_reading_anew_while_deliveries_arrive_doubles_and_loses_none(opened):
    async with opened() as drive:
        url = await _listen(drive)
        for _ in range(20):
            await _post(drive, url, json={})
            drive.window.webhooks_tab.show_newest()
            await asyncio.sleep(0.03)
        await drive.until(lambda: "20 received" in drive.status_bar(), "the count")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 20, "each once")


async def test_a_filter_keeps_the_chosen_delivery_when_others_arrive(opened):
    async with opened() as drive:
        url = await _listen(drive)
        table = drive.find("webhooks.deliveries", QTableView)
        await _arrive(drive, url, 3, json={"a": "needle"})
        drive.write("webhooks.filter", "needle")
        await asyncio.sleep(0.3)
        drive.click_row("webhooks.deliveries", 1)
        await _post(drive, url, json={"a": "straw"})
        await _arrive(drive, url, 1, json={"a": "needle"})
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 4, "the match")
        assert table.currentIndex().row() == 2


async def test_a_path_of_one_long_word_widens_nothing(opened):
    async with opened() as drive:
        url = await _listen(drive)
        await _arrive(drive, f"{url}/{'a' * 6_000}", 1, json={})
        drive.click_row("webhooks.deliveries", 0)
        detail = drive.window.webhooks_tab._page.detail
        await drive.until(lambda: "aaa" in drive.labels_in(detail), "the delivery")
        assert drive.window.webhooks_tab.minimumSizeHint().width() <= 900


async def _answer(status, scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def test_a_delivery_that_is_not_passed_on_is_told_once_and_seen_in_the_list(opened):
    answers = [410, 410, 200]  # 410 is not tried again

    async def receiver(scope, receive, send):
        await _answer(answers.pop(0), scope, receive, send)

    server = ServerThread(receiver)
    server.start()
    warnings = []
    async with opened() as drive:
        url = await _listen(drive)
        drive.window.webhooks_tab.warned.connect(warnings.append)
        drive.write("webhooks.forward", f"http://127.0.0.1:{server.port}/")
        QTest.keyClick(drive.find("webhooks.forward", QLineEdit), Qt.Key.Key_Return)
        await drive.until(lambda: "passed on to" in drive.window.messages.text(), "the target")
        for count, expected in enumerate((["410"], ["410"] * 2, ["200", "410", "410"]), start=1):
            await _post(drive, url, json={})
            passed_on = lambda n=count: drive.column("webhooks.deliveries", "Passed on", n)  # noqa: E731
            await drive.until(lambda e=expected, p=passed_on: p() == e, "the outcome")
            shown = drive.visible("webhooks.forward_problem")
            assert shown == (expected[0] == "410")
        assert [str(each) for each in warnings] == [
            "Completed surveys are not passed on. They are kept here. "
            "Check that the receiver runs at the address in the panel."
        ]
        drive.click_row("webhooks.deliveries", 0)
        await drive.until(lambda: drive.rows("webhooks.detail.sent") == 1, "the attempt")
        assert drive.column("webhooks.detail.sent", "Answer", 1) == ["200"]
    server.stop()


def _of(project):
    return {"project_uuid": project}


async def test_deliveries_of_other_environments_leave_the_list_and_are_counted(opened):
    async with opened() as drive:
        url = await _listen(drive)
        hidden = drive.window.webhooks_tab._services.deliveries.hidden
        for project in ("p-1", "p-2", "p-2", ""):
            await _post(drive, url, json=_of(project))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 4, "all")
        assert not drive.visible("webhooks.hidden")
        drive.click_row("webhooks.deliveries", 1)
        await drive.until(lambda: "p-2" in drive.text("webhooks.detail"), "a payload")
        hidden.hide(frozenset({"p-2"}))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "two of them")
        await drive.until(lambda: drive.visible("webhooks.hidden"), "the number")
        said = "2 deliveries of other environments are not shown"
        assert drive.text("webhooks.hidden") == said
        assert drive.text("webhooks.detail") == ""
        await _post(drive, url, json=_of("p-2"))
        await drive.until(lambda: drive.text("webhooks.hidden").startswith("3 "), "three")
        assert drive.rows("webhooks.deliveries") == 2
        assert "5 received" in drive.status_bar()
        hidden.hide(frozenset())
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 5, "all again")
        await drive.until(lambda: not drive.visible("webhooks.hidden"), "nothing hidden")


async def test_a_chosen_delivery_that_is_not_hidden_stays_chosen(opened):
    async with opened() as drive:
        url = await _listen(drive)
        for project in ("p-1", "p-2"):
            await _post(drive, url, json=_of(project))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "both")
        drive.click_row("webhooks.deliveries", 1)
        await drive.until(lambda: "p-1" in drive.text("webhooks.detail"), "a payload")
        drive.window.webhooks_tab._services.deliveries.hidden.hide(frozenset({"p-2"}))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 1, "one")
        await drive.until(
            lambda: drive.text("webhooks.hidden").startswith("1 delivery of another"), "the number"
        )
        assert "p-1" in drive.text("webhooks.detail")
        assert drive.find("webhooks.deliveries", QTableView).currentIndex().row() == 0


# Hooks


async def test_a_hook_is_added_edited_and_removed(opened):
    async with opened() as drive:
        await _listen(drive)
        drive.click("webhooks.hook.add")
        await drive.until(lambda: drive.question() is not None, "the dialog")
        drive.write("webhooks.hook.name", "Tag events")
        await drive.answer("Add")
        await drive.until(lambda: drive.text("webhooks.url").endswith("/hooks/tag-events"), "it")
        assert (await _post(drive, drive.text("webhooks.url"), json={})).status_code == 200
        drive.click("webhooks.hook.edit")
        await drive.until(lambda: drive.question() is not None, "the dialog")
        drive.find("webhooks.hook.status", QSpinBox).setValue(202)
        await drive.answer("Save")
        url = drive.text("webhooks.url")
        drive.window.messages.dismiss()
        await _until_answered(drive, url, 202)
        drive.click("webhooks.hook.remove")
        assert "answered 404" in await drive.answer("Remove")
        await drive.until(lambda: drive.text("webhooks.url") != url, "gone")
        assert (await _post(drive, url, json={})).status_code == 404
        await drive.until(lambda: drive.rows("webhooks.deliveries") >= 3, "all kept")


async def _until_answered(drive, url, status):
    async with asyncio.timeout(5):
        while (await _post(drive, url, json={})).status_code != status:
            await asyncio.sleep(0.05)


async def test_nothing_is_passed_on_to_another_computer_without_a_yes(opened):
    async with opened() as drive:
        await _listen(drive)
        tab = drive.window.webhooks_tab
        for answer, target in (("Cancel", ""), ("Send it there", "http://203.0.113.9/")):
            drive.write("webhooks.forward", "http://203.0.113.9/")
            QTest.keyClick(drive.find("webhooks.forward", QLineEdit), Qt.Key.Key_Return)
            assert "leave this machine" in await drive.answer(answer)
            await drive.until(lambda: not tab.tasks.running("change a hook"), "the change")
            assert tab._services.hooks.hooks[0].forward_to == target
            assert drive.text("webhooks.forward") == target


# What can be done with deliveries


async def test_a_replay_arrives_as_a_replay_and_an_edited_one_as_edited(opened):
    async with opened() as drive:
        url = await _listen(drive)
        await _arrive(drive, url, 1, json={"a": 1})
        drive.click_row("webhooks.deliveries", 0)
        await drive.until(lambda: drive.enabled("webhooks.replay"), "chosen")
        drive.click("webhooks.replay")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "the replay")
        drive.click("webhooks.detail.edit")
        await drive.until(lambda: drive.question() is not None, "the dialog")
        drive.question()._body.setPlainText('{"a": 2}')
        await drive.answer("Send")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 3, "the edited one")
        notes = lambda: drive.column("webhooks.deliveries", "Note", 3)  # noqa: E731
        await drive.until(lambda: notes() == ["edited replay", "replay", ""], "their notes")
        await drive.until(lambda: drive.rows("webhooks.detail.sent") == 2, "both attempts")
        drive.click_row("webhooks.deliveries", 0)
        await drive.until(lambda: '"a": 2' in drive.text("webhooks.detail"), "its payload")
        assert drive.column("webhooks.deliveries", "Status", 3) == ["200"] * 3


async def test_the_filter_language_finds_what_it_says(opened):
    async with opened() as drive:
        url = await _listen(drive)
        for score in (3, 9):
            await _post(drive, url, json=_completed(score))
        await _post(drive, f"{url}-unknown", json={"a": "straw"})
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 3, "all")
        for line, count in (("score:>8", 1), ("-straw", 2), ("verdict:refused", 1), ("", 3)):
            drive.write("webhooks.filter", line)
            await drive.until(lambda n=count: drive.rows("webhooks.deliveries") == n, line)
        drive.write("webhooks.filter", "score:promoter")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 1, "the promoter")
        await _post(drive, url, json=_completed(10))
        await _post(drive, url, json=_completed(2))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "the other promoter")
        scores = lambda: drive.column("webhooks.deliveries", "Score", 2)  # noqa: E731
        await drive.until(lambda: scores() == ["10", "9"], "their scores")
        found = lambda: drive.text("webhooks.found")  # noqa: E731
        await drive.until(lambda: found() == "2 of 5 deliveries match the filter", "the numbers")


def _completed(score):
    data = {"nps": score}
    response = {"uuid": f"r-{score}", "completed_at": "2026-03-04T09:15:02.000000Z", "data": data}
    form = {"uuid": "f", "name": "NPS"}
    return {"uuid": "c", "display_name": "Ana", "form": form, "response": response}


async def test_a_paused_list_counts_what_it_does_not_show_and_loses_but_what_is_deleted(opened):
    async with opened() as drive:
        url = await _listen(drive)
        await _arrive(drive, url, 2, json={})
        drive.click("webhooks.follow")
        for _ in range(3):
            await _post(drive, url, json={})
        await drive.until(lambda: drive.text("webhooks.follow") == "Follow (3 new)", "the count")
        assert drive.rows("webhooks.deliveries") == 2
        listener = drive.window.webhooks_tab._services.listener
        fewer = structs.replace(listener.settings, retention=Retention(deliveries=4))
        await listener.change(fewer)
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 1, "without the oldest")
        assert drive.text("webhooks.follow") == "Follow (3 new)"
        drive.click("webhooks.follow")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 4, "all")
        assert drive.text("webhooks.follow") == "Follow"


async def test_the_tab_counts_what_came_while_another_was_in_front(opened):
    async with opened() as drive:
        url = await _listen(drive)
        tabs = drive.find("tabs", QTabWidget)
        drive.open_tab(0)
        for _ in range(2):
            await _post(drive, url, json={})
        await drive.until(lambda: tabs.tabText(4) == "Webhooks (2)", "the number")
        drive.open_tab(4)
        assert tabs.tabText(4) == "Webhooks"


async def test_pinned_ones_outlive_a_clearing_that_asks(opened):
    async with opened() as drive:
        url = await _listen(drive)
        for number in range(4):
            await _post(drive, url, json={"n": number})
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 4, "all")
        drive.click_row("webhooks.deliveries", 1)
        actions = drive.window.webhooks_tab._page.actions_on
        actions.pin.trigger()
        notes = lambda: drive.column("webhooks.deliveries", "Note", 4)  # noqa: E731
        await drive.until(lambda: notes() == ["", "★", "", ""], "the star")
        actions.delete.trigger()
        assert "It is pinned." in await drive.answer("Cancel")
        drive.click_row("webhooks.deliveries", 0)
        actions.delete.trigger()
        await drive.answer("Delete")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 3, "one less")
        await drive.until(lambda: "1 delivery is deleted" in drive.window.messages.text(), "said")
        assert drive.window.webhooks_tab._page.listed.selected() != []
        actions.clear.trigger()
        await drive.until(lambda: drive.question() is not None, "the question")
        await _post(drive, url, json={"n": "while it is asked"})
        assert "The pinned one stays." in await drive.answer("Delete 2")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "what stays")
        assert notes() == ["", "★"]


async def test_two_deliveries_are_compared_and_esc_leads_back(opened):
    async with opened() as drive:
        url = await _listen(drive)
        for number in range(2):
            await _post(drive, url, json={"n": number, "same": 1})
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "both")
        drive.find("webhooks.deliveries", QTableView).selectAll()
        tab = drive.window.webhooks_tab
        tab._page.actions_on.compare.trigger()
        await drive.until(lambda: tab._compare.pane.difference_count == 1, "the difference")
        assert '"n": 0' in tab._compare.pane.left.view.text()
        QTest.keyClick(tab._compare, Qt.Key.Key_Escape)
        assert drive.visible("webhooks.deliveries")


async def test_deliveries_that_could_not_be_read_are_not_called_none(opened, monkeypatch):
    async with opened() as drive:
        url = await _listen(drive)
        await _arrive(drive, url, 1, json={"n": 1})
        feed = drive.window.webhooks_tab._page._feed
        said = feed._list._empty
        drive.write("webhooks.filter", "nothing-like-this")
        await drive.until(lambda: said.isVisible() and said.text() == FILTERED, "no match")

        async def unreadable(_search):
            raise OSError("disk I/O error")

        with monkeypatch.context() as broken:
            broken.setattr(feed._deliveries, "ids", unreadable)
            feed.read()
            await drive.until(lambda: said.text() == UNREAD, "the failure")
        drive.click("webhooks.follow")
        drive.click("webhooks.follow")
        await drive.until(lambda: said.text() == FILTERED, "another try")


async def test_deliveries_are_exported_with_their_tokens_dotted_out(opened, tmp_path, monkeypatch):
    async with opened() as drive:
        url = await _listen(drive)
        token = drive.text("webhooks.token")
        await _arrive(drive, url, 3, json={"n": 1})

        async def chosen(*_):
            return tmp_path / "some"

        monkeypatch.setattr("refiner_desktop.ui.export_target.choose_target", chosen)
        drive.window.webhooks_tab._page.actions_on.export.trigger()
        await drive.answer("Choose a file…")
        await drive.until(lambda: "3 deliveries are in" in drive.window.messages.text(), "the file")
        assert drive.find("message.offer", QPushButton).text() == "Open folder"
        lines = (tmp_path / "some.jsonl").read_text().splitlines()
        assert len(lines) == 3
        assert token not in "".join(lines)


async def test_a_delivery_is_copied_as_a_command_without_its_token(opened):
    async with opened() as drive:
        url = await _listen(drive)
        await _arrive(drive, url, 1, json={"n": 1})
        drive.click_row("webhooks.deliveries", 0)
        tab = drive.window.webhooks_tab
        await drive.until(lambda: tab._page.detail.delivery is not None, "chosen")
        *plain, with_token = sorted(
            tab._page.actions_on.copies, key=lambda it: "the token" in it.text()
        )
        with_token.trigger()
        token = drive.text("webhooks.token")
        await drive.until(lambda: token in QGuiApplication.clipboard().text(), "the command")
        for action in plain:
            QGuiApplication.clipboard().clear()
            action.trigger()
            await drive.until(lambda: QGuiApplication.clipboard().text() != "", action.text())
            assert drive.text("webhooks.token") not in QGuiApplication.clipboard().text()


async def test_edits_are_asked_about_and_the_dialog_outlives_every_question(opened):
    async with opened() as drive:
        url = await _listen(drive)
        await _arrive(drive, url, 1, json={"a": 1})
        drive.click_row("webhooks.deliveries", 0)
        drive.click("webhooks.detail.edit")
        await drive.until(lambda: drive.question() is not None, "the dialog")
        dialog = drive.question()
        dialog._body.setPlainText('{"a": 2}')
        dialog.reject()
        box = await _asked_over(drive, dialog)
        _press(box, "Cancel")
        dialog._where.setEditText("http://203.0.113.9/")
        _press(dialog, "Send")
        box = await _asked_over(drive, dialog)
        assert "203.0.113.9" in box.text()
        _press(box, "Cancel")
        assert dialog.isVisible()
        assert dialog.outgoing().body == b'{"a": 2}'
        dialog.reject()
        _press(await _asked_over(drive, dialog), "Throw away")
        await drive.until(lambda: drive.question() is None, "it closes")
        assert drive.rows("webhooks.deliveries") == 1


async def _asked_over(drive, dialog):
    boxes = lambda: [each for each in dialog.findChildren(QMessageBox) if each.isVisible()]  # noqa: E731
    await drive.until(lambda: boxes() != [], "a question over the dialog")
    return boxes()[0]


def _press(dialog, title):
    (button,) = [each for each in dialog.findChildren(QPushButton) if each.text() == title]
    button.click()


async def test_from_the_filter_to_a_replay_without_the_mouse(opened):
    async with opened() as drive:
        url = await _listen(drive)
        for text in ("needle", "straw", "straw"):
            await _post(drive, url, json={"a": text})
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 3, "all")
        drive.write("webhooks.filter", "needle")
        QTest.keyClick(drive.find("webhooks.filter", QLineEdit), Qt.Key.Key_Return)
        table = drive.find("webhooks.deliveries", QTableView)
        await drive.until(lambda: table.hasFocus(), "the keyboard at the rows")
        assert drive.rows("webhooks.deliveries") == 1
        QTest.keyClick(drive.find("webhooks.deliveries", QTableView), Qt.Key.Key_R)
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "the replay")
        said = "/hooks/completed-surveys: answered 200"
        await drive.until(lambda: said in drive.window.messages.text(), "where to")


async def test_a_list_that_is_scrolled_down_pauses_and_goes_on_at_its_top(opened):
    async with opened() as drive:
        url = await _listen(drive)
        await _arrive(drive, url, 20, json={})
        bar = drive.find("webhooks.deliveries", QTableView).verticalScrollBar()
        bar.setValue(3)
        await _post(drive, url, json={})
        await drive.until(lambda: drive.text("webhooks.follow") == "Follow (1 new)", "paused")
        bar.setValue(0)
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 21, "all")
        assert drive.text("webhooks.follow") == "Follow"


async def test_what_the_receiver_answered_is_there_and_what_failed_is_sent_again(opened):
    answers = [410, 200]

    async def receiver(scope, receive, send):
        await _answer(answers.pop(0), scope, receive, send)

    server = ServerThread(receiver)
    server.start()
    async with opened() as drive:
        url = await _listen(drive)
        drive.write("webhooks.forward", f"http://127.0.0.1:{server.port}/")
        QTest.keyClick(drive.find("webhooks.forward", QLineEdit), Qt.Key.Key_Return)
        await drive.until(lambda: "passed on to" in drive.window.messages.text(), "the target")
        await _arrive(drive, url, 1, json={})
        await drive.until(lambda: drive.visible("webhooks.passing.failed"), "the number")
        assert drive.text("webhooks.passing.failed") == "1 not passed on"
        assert "are not passed on" in drive.window.messages.text()
        drive.click_row("webhooks.deliveries", 0)
        answer = drive.find("webhooks.detail.answer", QPlainTextEdit)
        await drive.until(lambda: "410" in answer.toPlainText(), "the answer")
        assert drive.text("webhooks.detail.outlook").startswith("Given up")
        drive.window.activateWindow()
        await drive.until(drive.window.isActiveWindow, "the keyboard")
        again = drive.find("webhooks.passing.again", QPushButton)
        again.setFocus()
        QTest.keyClick(again, Qt.Key.Key_Space)
        await drive.until(lambda: not drive.visible("webhooks.passing.failed"), "taken")
        assert drive.find("webhooks.deliveries", QTableView).hasFocus()
        said = drive.window.messages.text
        await drive.until(lambda: "are not passed on" not in said(), "the warning goes by itself")
    server.stop()


# The listener


async def test_a_taken_port_is_told_and_a_free_one_offered(opened):
    async with opened() as drive:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            drive.open_tab(4)
            drive.find("webhooks.port", QSpinBox).setValue(holder.getsockname()[1])
            drive.click("webhooks.start")
            await drive.until(lambda: drive.visible("webhooks.instead"), "the offer")
            port = holder.getsockname()[1]
            assert f"listens on port {port} already" in drive.window.messages.text()
            offered = drive.text("webhooks.instead").removeprefix("Use port ")
            drive.click("webhooks.instead")
            await drive.until(lambda: "Listening" in drive.status_bar(), "the listener")
            assert f":{offered}/" in drive.text("webhooks.url")
            assert not drive.visible("webhooks.instead")
            assert "already" not in drive.window.messages.text()


async def test_the_row_tells_state_test_and_counts(opened):
    async with opened() as drive:
        url = await _listen(drive)
        await _arrive(drive, url, 2, json={})
        await drive.until(lambda: "tested" in drive.text("webhooks.state"), "the test")
        counts = lambda: drive.text("webhooks.counts")  # noqa: E731
        await drive.until(
            lambda: counts() == "Since start: 2 received · 2 kept · 2 shown", "the counts"
        )


async def test_the_listener_is_opened_to_others_only_with_a_yes(opened):
    async with opened() as drive:
        await _listen(drive)
        tab = drive.window.webhooks_tab
        tab._listening.edit_settings()
        await drive.until(lambda: drive.question() is not None, "the settings")
        dialog, host = drive.question(), drive.find("webhooks.settings.host", QComboBox)
        host.setEditText("0.0.0.0")
        hook = tab._services.hooks.hooks[0]
        local, everywhere = "127.0.0.1", "0.0.0.0"
        for token, answer, holds in (
            (hook.token, "Cancel", local), (Secret(""), "Open it", local),
            (hook.token, "Open it", everywhere),
        ):  # fmt: skip
            await tab._services.hooks.put(replace(hook, token=token))
            assert (dialog.isVisible(), host.currentText()) == (True, "0.0.0.0")
            _press(dialog, "Save")
            asked = await _asked_over(drive, dialog)
            assert "other computers" in asked.text()
            _press(asked, answer)
            await drive.until(lambda: not tab.tasks.running(SAVE), "an answer")
            assert tab._services.listener.settings.host == holds
            assert token or "token" in drive.labels_in(dialog)
        await drive.until(lambda: not tab.tasks.running("settings of the listener"), "saved")
        await drive.until(lambda: "Listening" in drive.status_bar(), "it listens again")


# Samples


async def test_samples_are_made_of_what_the_environment_has(connected):
    async with connected() as drive:
        await _listen(drive)
        drive.click("webhooks.sample")
        survey = drive.find("webhooks.sample.survey", QComboBox)
        contact = drive.find("webhooks.sample.contact", QComboBox)
        await drive.until(lambda: contact.count() > 1 and survey.count() > 1, "the offers")
        survey.setCurrentIndex(1)
        contact.setCurrentIndex(1)
        body = drive.find("webhooks.sample.body", QPlainTextEdit)
        chosen = contact.currentData()["uuid"]
        await drive.until(lambda: chosen in body.toPlainText(), "the contact")
        assert survey.currentText() in body.toPlainText()
        drive.click("webhooks.sample.post")
        await drive.until(lambda: "answered 200" in drive.text("webhooks.burst.state"), "posted")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 1, "the delivery")
        assert drive.column("webhooks.deliveries", "Note", 1) == ["sample"]
        drive.window.webhooks_tab._page.bar.set_text("kind:other")
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 0, "the filter")
        drive.click("webhooks.sample.see")
        await drive.until(lambda: drive.window.webhooks_tab._page.listed.chosen == 1, "it again")
        assert not drive.visible("webhooks.sample.post")


async def test_a_sample_says_that_offers_are_read_and_what_failed_until_it_is_opened_again(
    connected, sandbox
):
    async with connected() as drive:
        await _listen(drive)
        note = lambda: drive.text("webhooks.sample.note")  # noqa: E731
        sandbox.faults.status(403, path="/contacts", times=1)
        drive.click("webhooks.sample")
        assert note() == READING
        await drive.until(lambda: note() != READING, "the failure")
        assert note().endswith(OPEN_AGAIN)
        drive.click("webhooks.sample.close")
        drive.click("webhooks.sample")
        assert note() == READING
        survey = drive.find("webhooks.sample.survey", QComboBox)
        await drive.until(lambda: survey.count() > 1 and not note(), "the offers")
        drive.click("webhooks.sample.close")


async def test_enter_sends_a_sample_and_what_was_written_stays_for_the_next_time(opened):
    async with opened() as drive:
        await _listen(drive)
        drive.click("webhooks.sample")
        send = drive.find("webhooks.sample.post", QPushButton)
        await drive.until(lambda: send.isEnabled() and send.hasFocus(), "the dialog")
        body = drive.find("webhooks.sample.body", QPlainTextEdit)
        body.setPlainText('{"mine": 1')
        QTest.keyClick(send, Qt.Key.Key_Return)
        await drive.until(lambda: "answered 200" in drive.text("webhooks.burst.state"), "sent")
        await drive.until(lambda: "No JSON" in drive.text("webhooks.sample.note"), "the mistake")
        drive.click("webhooks.sample.close")
        drive.click("webhooks.sample")
        assert body.toPlainText() == '{"mine": 1'
        assert drive.text("webhooks.burst.state") == ""
        drive.click("webhooks.sample.close")


async def test_a_burst_runs_until_it_is_stopped(opened):
    async with opened() as drive:
        await _listen(drive)
        drive.click("webhooks.sample")
        await drive.until(lambda: drive.visible("webhooks.burst.start"), "the dialog")
        drive.find("webhooks.burst.rate", QSpinBox).setValue(50)
        drive.find("webhooks.burst.seconds", QSpinBox).setValue(60)
        drive.click("webhooks.burst.start")
        await drive.until(lambda: drive.rows("webhooks.deliveries") > 10, "some")
        drive.click("webhooks.burst.stop")
        await drive.until(lambda: drive.enabled("webhooks.burst.start"), "stopped")
        assert "of 3,000 answered" in drive.text("webhooks.burst.state")
        rows = drive.rows("webhooks.deliveries")
        await asyncio.sleep(0.3)
        assert drive.rows("webhooks.deliveries") <= rows + 16
        drive.click("webhooks.sample.close")


# The public URL


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
async def test_a_tunnel_gives_every_hook_a_public_url_until_it_is_stopped(
    opened, tmp_path, monkeypatch
):
    program = tmp_path / "bin" / "cloudflared"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\necho 'INF |  https://four-small-words.trycloudflare.com  |' >&2\n"
        "while true; do sleep 0.1; done\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    async with opened() as drive:
        await _listen(drive)
        drive.click("webhooks.setup")
        await drive.until(lambda: drive.enabled("webhooks.tunnel.start"), "the program is found")
        drive.click("webhooks.tunnel.start")
        public = "https://four-small-words.trycloudflare.com/hooks/completed-surveys"
        await drive.until(lambda: drive.text("webhooks.setup.url") == public, "the address")
        assert drive.visible("webhooks.hook.public_url")
        drive.click("webhooks.tunnel.stop")
        await drive.until(lambda: not drive.visible("webhooks.hook.public_url"), "gone")
        drive.click("webhooks.reach.close")
        assert drive.visible("webhooks.deliveries")


async def test_an_address_of_ones_own_begins_the_destination_url_and_is_let_in(opened):
    async with opened() as drive:
        url = await _listen(drive)
        drive.click("webhooks.setup")
        address = drive.find("webhooks.public_address", QLineEdit)
        drive.write("webhooks.public_address", "https://hooks.example.org/")
        QTest.keyClick(address, Qt.Key.Key_Return)
        public = "https://hooks.example.org/hooks/completed-surveys"
        await drive.until(lambda: drive.text("webhooks.setup.url") == public, "the URL")
        assert drive.text("webhooks.hook.public_url") == public
        token = {"Authorization": f"Bearer {drive.text('webhooks.token')}"}
        async with httpx.AsyncClient(headers=token | {"Host": "hooks.example.org"}) as client:
            assert (await client.post(url, json={})).status_code == 200


async def test_without_a_tunnel_program_it_is_said_what_to_do(opened, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    async with opened() as drive:
        drive.open_tab(4)
        drive.window.webhooks_tab._open_public()
        await drive.until(lambda: drive.visible("webhooks.tunnel.none"), "the advice")
        assert "cloudflared" in drive.text("webhooks.tunnel.none")
        assert not drive.enabled("webhooks.tunnel.start")
        assert "cloudflared" in drive.text("webhooks.tunnel.install")
        looked = lambda: drive.text("webhooks.tunnel.looked")  # noqa: E731
        await drive.until(lambda: "nothing found" in looked(), "what was found")


async def test_a_user_of_a_delivery_is_shown_among_the_contacts(connected):
    async with connected() as drive:
        url = await _listen(drive)
        contacts = await drive.window.webhooks_tab._services.samples.contacts()
        user_id = next(each["remote_id"] for each in contacts if each["remote_id"])
        await _post(drive, url, json=_completed(9) | {"remote_id": user_id})
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 1, "the delivery")
        drive.click_row("webhooks.deliveries", 0)
        drive.open_page("Answers")
        await drive.until(lambda: drive.visible("webhooks.detail.contact"), "the way there")
        drive.click("webhooks.detail.contact")
        await drive.until(
            lambda: drive.find("tabs", QTabWidget).currentIndex() == 1, "the Contacts tab"
        )
        shown = lambda: drive.texts_in("contacts.detail")  # noqa: E731
        await drive.until(lambda: user_id in shown(), "the contact")
