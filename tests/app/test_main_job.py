"""The whole application on the sandbox, driven by clicks and keys."""

import asyncio
import json

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from refiner_desktop.app import Options, build
from refiner_desktop.app.building import assemble
from refiner_desktop.app.driver import Driver
from refiner_desktop.app.opening import PAINTED
from refiner_desktop.app.tour import Tour
from refiner_desktop.sandbox.server import Sandbox

pytestmark = pytest.mark.anyio

CONTRACT = """
environment.switch connection.name connection.base_url connection.api_key connection.connect
connection.status connection.forget contacts.survey contacts.segment contacts.search
contacts.order_by contacts.limit contacts.load contacts.stop contacts.filter contacts.table
contacts.status contacts.export contacts.detail identify.user_id identify.email identify.traits
identify.account_id identify.account_traits identify.preview identify.send identify.result
track.user_id track.email track.event track.send track.result bulk.file bulk.action bulk.mapping
bulk.check bulk.start bulk.pause bulk.cancel bulk.progress bulk.rows console.method console.path
console.query console.headers console.body console.send console.cancel console.status
console.response console.response_headers console.history webhooks.port webhooks.start
webhooks.stop webhooks.hooks webhooks.url webhooks.token webhooks.deliveries webhooks.filter
webhooks.detail webhooks.replay webhooks.forward message.bar tabs palette
""".split()


async def test_every_widget_of_the_contract_exists_once_and_has_an_accessible_name(opened):
    async with opened() as drive:
        for name in CONTRACT:
            found = drive.window.findChildren(QWidget, name)
            assert len(found) == 1, name
            assert (
                found[0].accessibleName() or isinstance(found[0], QLabel) or _has_text(found[0])
            ), name


def _has_text(widget):
    return bool(getattr(widget, "text", str)()) or widget.objectName() == "tabs"


async def test_the_tour_passes_and_writes_a_picture_a_step(tmp_path):
    options = Options(tour=tmp_path / "tour", data_dir=tmp_path / "data")
    async with assemble(options) as application:
        application.window.show()
        result = await Tour(application, tmp_path / "tour").run()
        key = application.demo.sandbox.key
    assert result.sentence == f"Tour passed: {len(result.steps)} steps."
    assert _nobody_is_named_in(tmp_path / "data" / "logs", key)
    assert not (tmp_path / "data" / "crashes").exists()
    report = json.loads((tmp_path / "tour" / "tour.json").read_text())
    assert report["result"] == "passed"
    assert all((tmp_path / "tour" / step["picture"]).stat().st_size for step in report["steps"])


def _nobody_is_named_in(logs, key):
    (file,) = logs.iterdir()
    text = file.read_text("utf-8")
    assert PAINTED in text
    return not any(each in text.casefold() for each in (key.casefold(), "@", "%40", "bearer"))


async def test_nothing_that_a_demo_wrote_holds_its_key(tmp_path):
    async with assemble(Options(demo=True, data_dir=tmp_path)) as application:
        window = application.window
        window.show()
        drive = Driver(window)
        await drive.until(lambda: "5 received" in drive.status_bar(), "the first deliveries")
        drive.open_tab(3)
        drive.write("console.path", "account")
        drive.click("console.send")
        await drive.until(lambda: "200" in drive.text("console.status"), "an answer")
        await drive.until(lambda: not window.tasks.running("opening"), "the opening is done")
        drive.open_tab(4)
        token = drive.text("webhooks.token").encode()
        key = application.demo.sandbox.key.encode()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "refiner.db" for path in written)
    for path in written:
        content = path.read_bytes()
        assert key not in content, path
        assert token not in content, path


async def test_a_demo_that_is_started_again_receives_its_webhooks_and_complains_of_no_token(
    opened,
):
    for start in ("first", "second"):
        async with opened(demo=True) as drive:
            received = lambda: "5 received" in drive.status_bar()  # noqa: E731
            await drive.until(received, f"the deliveries of the {start} start")
            assert "token" not in drive.window.messages.text()


async def test_a_demo_leaves_the_persons_environments_as_they_were(tmp_path):
    async with build(Options(demo=True, data_dir=tmp_path)) as window:
        window.show()
        drive = Driver(window)
        await drive.until(lambda: "Listening" in drive.status_bar(), "the demo")
    settings = json.loads((tmp_path / "settings.json").read_text())
    assert [env["name"] for env in settings["environments"]] == ["Production"]
    assert settings["listener"]["autostart"] is False


async def test_a_person_connects_loads_sorts_and_filters(connected):
    async with connected() as drive:
        drive.open_tab(1)
        drive.write("contacts.limit", "All")
        drive.click("contacts.load")
        await drive.until(lambda: drive.text("contacts.status") == "60 contacts", "all rows")
        drive.write("contacts.filter", "no such contact anywhere")
        await drive.until(lambda: drive.rows("contacts.table") == 0, "no row")
        await drive.until(lambda: drive.text("contacts.status") == "0 of 60 contacts", "the count")


async def test_a_wrong_limit_is_said_and_nothing_is_asked_for(connected, sandbox):
    async with connected() as drive:
        drive.open_tab(1)
        await asyncio.sleep(0.3)
        sandbox.record.clear()
        drive.write("contacts.limit", "a few")
        drive.click("contacts.load")
        assert "number" in drive.text("contacts.status")
        assert not sandbox.record.to("GET", "/contacts")


async def test_loading_can_be_stopped_and_keeps_what_came(connected, sandbox):
    async with connected() as drive:
        drive.open_tab(1)
        sandbox.faults.latency(10, path="/contacts")
        drive.click("contacts.load")
        await asyncio.sleep(0.1)
        assert not drive.enabled("contacts.load")
        drive.click("contacts.stop")
        await drive.until(lambda: drive.enabled("contacts.load"), "stopped", patience=1)


async def test_a_double_click_on_track_sends_one_event(connected, sandbox):
    async with connected() as drive:
        drive.open_tab(2)
        drive.open_page("Track one event")
        sandbox.faults.latency(0.2, path="/track-event")
        drive.write("track.user_id", "u-1")
        drive.write("track.event", "opened")
        drive.click("track.send")
        drive.click("track.send")
        await drive.until(lambda: "ok" in drive.text("track.result"), "the answer")
        assert len(sandbox.record.to("POST", "/track-event")) == 1


async def test_an_incomplete_form_is_marked_and_not_sent(connected, sandbox):
    async with connected() as drive:
        drive.open_tab(2)
        drive.click("identify.send")
        assert "user id or an e-mail" in drive.labels_in(drive.find("tabs", QWidget))
        assert not sandbox.record.to("POST", "/identify-user")


async def test_a_console_call_is_cancelled_at_once(connected, sandbox):
    async with connected() as drive:
        drive.open_tab(3)
        sandbox.faults.latency(10)
        drive.write("console.path", "contacts")
        drive.click("console.send")
        await asyncio.sleep(0.1)
        drive.click("console.cancel")
        await drive.until(lambda: drive.enabled("console.send"), "cancelled", patience=1)
        await drive.until(lambda: drive.rows("console.history") == 1, "the history")
        assert drive.column("console.history", "Status", 1) == ["failed"]


async def test_closing_in_the_middle_of_a_call_ends_everything(tmp_path, sandbox):
    async with build(Options(data_dir=tmp_path, secrets="memory")) as window:
        window.show()
        drive = Driver(window)
        drive.write("connection.base_url", sandbox.base_url)
        drive.write("connection.api_key", sandbox.key)
        sandbox.faults.latency(30)
        drive.click("connection.connect")
        await asyncio.sleep(0.2)
    ours = [task for task in asyncio.all_tasks() if "anyio" not in repr(task.get_stack())]
    assert ours == []


async def test_switching_leaves_no_row_of_the_old_environment(connected):
    async with connected() as drive:
        drive.open_tab(1)
        drive.click("contacts.load")
        await drive.until(lambda: drive.rows("contacts.table") > 0, "rows")
        from refiner_desktop.settings.settings import Environment

        drive.window.connection_tab.switch_to(Environment(name="Other"))
        await drive.until(lambda: drive.rows("contacts.table") == 0, "no rows")
        await drive.until(
            lambda: drive.text("contacts.status") == "No contacts loaded", "the status"
        )


async def test_connecting_a_new_environment_shows_nothing_of_the_old_one(connected):
    with Sandbox(contacts=7) as other:
        async with connected() as drive:
            drive.open_tab(1)
            drive.click("contacts.load")
            await drive.until(lambda: drive.text("contacts.status") == "60 contacts", "the rows")
            drive.window.connection_tab.begin_new()
            drive.open_tab(0)
            drive.write("connection.name", "Testing")
            drive.write("connection.base_url", other.base_url)
            drive.write("connection.api_key", other.key)
            drive.click("connection.connect")
            await drive.until(lambda: drive.rows("contacts.table") == 0, "no rows")
            await drive.until(lambda: "Connected" in drive.text("connection.status"), "connected")
            drive.open_tab(1)
            drive.click("contacts.load")
            await drive.until(lambda: drive.text("contacts.status") == "7 contacts", "its rows")
            switch = drive.find("environment.switch", QComboBox)
            names = [switch.itemText(at) for at in range(switch.count())]
            assert names == ["Production", "Testing", "Add an environment…"]


async def test_a_key_from_the_surroundings_connects_by_itself_and_is_kept_nowhere(
    tmp_path, sandbox, monkeypatch
):
    monkeypatch.setenv("REFINER_API_KEY", f" {sandbox.key}\n")
    options = Options(data_dir=tmp_path, secrets="memory", api_url=sandbox.base_url)
    async with build(options) as window:
        window.show()
        drive = Driver(window)
        await drive.until(lambda: "Connected" in drive.text("connection.status"), "connected")
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or sandbox.key.encode() not in path.read_bytes()
    assert sandbox.base_url not in (tmp_path / "settings.json").read_text()
