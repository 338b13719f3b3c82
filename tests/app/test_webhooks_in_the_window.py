"""Deliveries as they arrive, and where they go on to, in the real window."""

import asyncio

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSpinBox, QTableView

from refiner_desktop.serving import ServerThread

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
        detail = drive.window.webhooks_tab._detail
        await drive.until(lambda: "aaa" in drive.labels_in(detail), "the delivery")
        assert drive.window.webhooks_tab.minimumSizeHint().width() <= 1_000


async def _answer(status, scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def test_a_delivery_that_is_not_passed_on_is_told_once_and_seen_in_the_list(opened):
    answers = [500, 500, 200]

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
        for count, expected in enumerate((["500"], ["500"] * 2, ["200", "500", "500"]), start=1):
            await _post(drive, url, json={})
            passed_on = lambda n=count: drive.column("webhooks.deliveries", "Passed on", n)  # noqa: E731
            await drive.until(lambda e=expected, p=passed_on: p() == e, "the outcome")
            shown = drive.visible("webhooks.forward_problem")
            assert shown == (expected[0] == "500")
        assert [str(each) for each in warnings] == [
            "Completed surveys are not passed on. They are kept here. "
            "Check that the receiver runs at the address in the panel."
        ]
        drive.click_row("webhooks.deliveries", 0)
        detail = drive.window.webhooks_tab._detail
        await drive.until(lambda: "answered 200 in" in drive.labels_in(detail), "the sentence")
    server.stop()


def _of(project):
    return {"project_uuid": project}


async def test_deliveries_of_other_environments_leave_the_list_and_are_counted(opened):
    async with opened() as drive:
        url = await _listen(drive)
        service = drive.window.webhooks_tab._deliveries
        for project in ("p-1", "p-2", "p-2", ""):
            await _post(drive, url, json=_of(project))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 4, "all")
        assert not drive.visible("webhooks.hidden")
        drive.click_row("webhooks.deliveries", 1)
        await drive.until(lambda: "p-2" in drive.text("webhooks.detail"), "a payload")
        service.hide_projects(frozenset({"p-2"}))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "two of them")
        await drive.until(lambda: drive.visible("webhooks.hidden"), "the number")
        said = "2 deliveries of other environments are not shown"
        assert drive.text("webhooks.hidden") == said
        assert drive.text("webhooks.detail") == ""
        await _post(drive, url, json=_of("p-2"))
        await drive.until(lambda: drive.text("webhooks.hidden").startswith("3 "), "three")
        assert drive.rows("webhooks.deliveries") == 2
        assert "5 received" in drive.status_bar()
        service.hide_projects(frozenset())
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 5, "all again")
        assert not drive.visible("webhooks.hidden")


async def test_a_chosen_delivery_that_is_not_hidden_stays_chosen(opened):
    async with opened() as drive:
        url = await _listen(drive)
        for project in ("p-1", "p-2"):
            await _post(drive, url, json=_of(project))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 2, "both")
        drive.click_row("webhooks.deliveries", 1)
        await drive.until(lambda: "p-1" in drive.text("webhooks.detail"), "a payload")
        drive.window.webhooks_tab._deliveries.hide_projects(frozenset({"p-2"}))
        await drive.until(lambda: drive.rows("webhooks.deliveries") == 1, "one")
        await drive.until(
            lambda: drive.text("webhooks.hidden").startswith("1 delivery of another"), "the number"
        )
        assert "p-1" in drive.text("webhooks.detail")
        assert drive.find("webhooks.deliveries", QTableView).currentIndex().row() == 0
