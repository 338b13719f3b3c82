"""Environments as a person meets them: the first start, switching, guards, and keys."""

import uuid
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QListWidget, QPushButton

from refiner_desktop.sandbox.server import Sandbox
from refiner_desktop.ui.widgets.environment_frame import EnvironmentFrame

pytestmark = pytest.mark.anyio

RED = "#d6453d"
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Two:
    """A window with two environments, each on a sandbox of its own."""

    drive: object
    other: Sandbox
    other_project: str


@pytest.fixture
def two(connected):
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def two():
        with Sandbox(contacts=7) as other:
            async with connected() as drive:
                await _add(drive, "Testing", other)
                drive.press(Qt.Key.Key_1, CTRL)
                await _in_use(drive, "Production")
                project = drive.window.connection_tab._environments.all[1].project
                yield Two(drive, other, project)

    return two


async def _add(drive, name, sandbox):
    drive.click("connection.add")
    drive.write("connection.name", name)
    drive.write("connection.base_url", sandbox.base_url)
    drive.write("connection.api_key", sandbox.key)
    drive.click("connection.connect")
    await _in_use(drive, name)


async def _in_use(drive, name):
    switch = drive.find("environment.switch", QComboBox)
    await drive.until(lambda: switch.currentText() == name, f"{name} in use")
    await drive.until(lambda: _status(drive).startswith("Connected"), f"{name} connected")


def _status(drive):
    return drive.text("connection.status")


def _edge(drive):
    """Return the colour of the frame around the window's content."""
    frame = drive.window.findChild(EnvironmentFrame)
    return frame.grab().toImage().pixelColor(1, 200).name()


def _listed(drive):
    lines = drive.find("connection.environments", QListWidget)
    return [lines.item(row).text().split("  ·")[0] for row in range(lines.count())]


# The first start


async def test_somebody_new_is_led_by_three_steps_and_the_form_follows(opened, sandbox):
    async with opened() as drive:
        said = drive.labels_in(drive.window.connection_tab)
        for step in ("Get a key", "Paste it", "Connect"):
            assert step in said
        assert "Integrations > Rest API" in said
        assert not drive.visible("connection.environments")
        assert not drive.visible("connection.read_only")
        assert _edge(drive) != RED  # nothing is in use that wants care
        connect = drive.find("connection.connect", QPushButton)
        assert (connect.text(), connect.property("role")) == ("Connect", "primary")
        drive.write("connection.base_url", sandbox.base_url)
        drive.write("connection.api_key", sandbox.key)
        drive.click("connection.connect")
        await drive.until(lambda: drive.visible("connection.environments"), "the list")
        assert drive.visible("connection.read_only")
        assert _edge(drive) == RED
        assert (connect.text(), connect.property("role")) == ("Connect again", "")
        drive.write("connection.name", "Live")
        assert connect.property("role") == "primary"  # there is something to be done by it
        assert "Get a key" not in drive.labels_in(drive.window.connection_tab)


async def test_without_an_account_the_built_in_sandbox_opens_and_is_gone_afterwards(opened):
    async with opened() as drive:
        drive.click("connection.try")
        await _in_use(drive, "Demo")
        await drive.until(lambda: drive.rows("contacts.table") > 0, "its contacts")
        assert _listed(drive) == ["Production", "Demo"]
        lines = drive.find("connection.environments", QListWidget)
        assert lines.item(0).text().endswith("no key yet")
    async with opened() as drive:
        assert drive.find("environment.switch", QComboBox).findText("Demo") < 0
        assert "Get a key" in drive.labels_in(drive.window.connection_tab)


async def test_a_connection_made_elsewhere_shows_in_the_form_too(opened):
    async with opened() as drive:
        drive.click("connection.try")
        await _in_use(drive, "Demo")
        said = drive.labels_in(drive.window.connection_tab)
        assert "Connect to Refiner" not in said
        key = drive.find("connection.api_key", QLineEdit)
        assert key.placeholderText().startswith("A key is set")


async def test_pasting_a_key_leaves_out_what_copying_dragged_along(opened, sandbox):
    async with opened() as drive:
        drive.write("connection.base_url", sandbox.base_url)
        QApplication.clipboard().setText(f"  Bearer {sandbox.key}\r\n")
        drive.find("connection.api_key", QLineEdit).paste()
        drive.click("connection.connect")
        await drive.until(lambda: _status(drive).startswith("Connected"), "connected")


# The list


async def test_environments_are_renamed_duplicated_moved_and_removed(two):
    async with two() as both:
        drive = both.drive
        drive.write("connection.name", "Live")
        drive.click("connection.save")
        await drive.until(lambda: _listed(drive) == ["Live", "Testing"], "renamed")
        assert "Live" in drive.window.windowTitle()
        drive.click("connection.duplicate")
        await drive.until(lambda: len(_listed(drive)) == 3, "the copy")
        assert _listed(drive)[2] == "Live copy"
        await drive.until(lambda: drive.text("connection.name") == "Live copy", "its form")
        lines = drive.find("connection.environments", QListWidget)
        QTest.keyClick(lines, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        await drive.until(lambda: _listed(drive) == ["Live", "Live copy", "Testing"], "moved")
        drive.click("connection.remove")
        said = await drive.answer("Remove")
        assert "Live copy" in said
        assert "key" in said
        await drive.until(lambda: _listed(drive) == ["Live", "Testing"], "removed")


async def test_removing_the_one_in_use_shows_the_next_one(two):
    async with two() as both:
        drive = both.drive
        drive.click("connection.remove")
        await drive.answer("Remove")
        await _in_use(drive, "Testing")
        assert _listed(drive) == ["Testing"]


async def test_a_name_that_is_taken_is_said_at_the_field(two):
    async with two() as both:
        drive = both.drive
        drive.write("connection.name", "testing")
        drive.click("connection.save")
        assert "Another environment is named testing." in drive.labels_in(
            drive.window.connection_tab
        )
        assert _listed(drive) == ["Production", "Testing"]


@pytest.mark.parametrize(
    ("choice", "kept"), [("Save", "Changed"), ("Discard", "Production"), ("Cancel", "Production")]
)
async def test_unsaved_changes_are_asked_about_before_another_one_is_shown(two, choice, kept):
    async with two() as both:
        drive = both.drive
        drive.write("connection.name", "Changed")
        drive.find("connection.environments", QListWidget).setCurrentRow(1)
        await drive.answer(choice)
        shown = "Changed" if choice == "Cancel" else "Testing"
        await drive.until(lambda: drive.text("connection.name") == shown, "the form")
        await drive.until(lambda: _listed(drive) == [kept, "Testing"], "the list")


async def test_saving_an_edit_keeps_what_was_learned_while_connecting(two):
    async with two() as both:
        drive = both.drive
        drive.press(Qt.Key.Key_2, CTRL)
        await drive.until(lambda: drive.text("connection.name") == "Testing", "the form")
        drive.write("connection.name", "Staging")  # while it connects
        await drive.until(lambda: _status(drive).startswith("Connected"), "connected")
        drive.click("connection.save")
        await drive.until(lambda: _listed(drive) == ["Production", "Staging"], "saved")
        saved = drive.window.connection_tab._environments.all[1]
        assert saved.project == both.other_project


async def test_unsaved_changes_are_asked_about_before_switching_to_the_very_one(two):
    async with two() as both:
        drive = both.drive
        drive.find("connection.environments", QListWidget).setCurrentRow(1)
        drive.write("connection.name", "Changed")
        drive.press(Qt.Key.Key_2, CTRL)
        assert "“Changed” are not saved" in await drive.answer("Cancel")
        assert drive.text("connection.name") == "Changed"


async def test_a_new_environment_that_can_not_be_reached_keeps_its_typed_key(two, sandbox):
    async with two() as both:
        drive = both.drive
        drive.click("connection.add")
        drive.write("connection.name", "Offline")
        drive.write("connection.base_url", "http://127.0.0.1:9/v1")
        drive.write("connection.api_key", sandbox.key)
        drive.click("connection.connect")
        await drive.until(lambda: "could not be reached" in _status(drive), "refused")
        assert drive.text("connection.api_key") == sandbox.key


async def test_what_is_typed_while_a_connection_is_made_stays(two, sandbox):
    async with two() as both:
        drive = both.drive
        sandbox.faults.latency(0.3)
        drive.click("connection.connect")
        await drive.answer("Connect") if drive.question() else None
        drive.write("connection.name", "Typed meanwhile")
        await drive.until(lambda: _status(drive).startswith("Connected"), "connected")
        assert drive.text("connection.name") == "Typed meanwhile"


async def test_the_environment_in_use_is_named_while_another_one_is_edited(two):
    async with two() as both:
        drive = both.drive
        drive.find("connection.environments", QListWidget).setCurrentRow(1)
        await drive.until(lambda: _status(drive).startswith("In use is Production."), "named")
        assert not drive.visible("connection.forget")


# Switching


async def test_ctrl_and_a_number_switch_and_the_colour_frames_the_window(two):
    async with two() as both:
        drive = both.drive
        before = _edge(drive)
        drive.press(Qt.Key.Key_2, CTRL)
        await _in_use(drive, "Testing")
        assert (before, _edge(drive)) == (RED, "#2f9447")


async def test_the_palette_finds_environments_by_name(two):
    async with two() as both:
        drive = both.drive
        drive.press(Qt.Key.Key_K, CTRL)
        drive.type_into_focus("switch testing")
        assert "Switch to Testing" in drive.first_action()
        assert "Ctrl+2" in drive.first_action()


async def test_nothing_of_the_old_environment_stays_under_the_new_name(two):
    async with two() as both:
        drive = both.drive
        drive.open_tab(1)
        drive.click("contacts.load")
        await drive.until(lambda: drive.text("contacts.status") == "60 contacts", "rows")
        drive.open_tab(2)
        drive.write("identify.user_id", "u-1")
        drive.click("identify.send")
        await drive.until(lambda: "contact_uuid" in drive.text("identify.result"), "identified")
        drive.open_page("Track one event")
        drive.write("track.user_id", "u-1")
        drive.write("track.event", "clicked")
        drive.click("track.send")
        await drive.until(lambda: "ok" in drive.text("track.result"), "tracked")
        drive.open_tab(3)
        drive.write("console.path", "account")
        drive.click("console.send")
        await drive.until(lambda: drive.rows("console.history") == 1, "called")
        drive.press(Qt.Key.Key_2, CTRL)
        await _in_use(drive, "Testing")
        assert drive.rows("contacts.table") == 0
        assert drive.text("contacts.status") == "No contacts loaded"
        assert drive.text("identify.result") == drive.text("track.result") == ""
        assert drive.text("identify.user_id") == ""  # a user of one is nobody in another
        await drive.until(lambda: drive.rows("console.history") == 0, "its own history")
        assert drive.text("console.response") == ""
        drive.press(Qt.Key.Key_1, CTRL)
        await drive.until(lambda: drive.rows("console.history") == 1, "the history again")
        await drive.until(lambda: drive.text("identify.user_id") == "u-1", "what was typed here")


async def test_choosing_the_environment_in_use_leaves_its_work_alone(two, sandbox):
    async with two() as both:
        drive = both.drive
        sandbox.faults.latency(0.5, path="/contacts")
        drive.open_tab(1)
        drive.click("contacts.load")
        drive.press(Qt.Key.Key_1, CTRL)
        await drive.until(lambda: drive.text("contacts.status") == "60 contacts", "the rows")
        assert drive.question() is None


async def test_running_work_is_asked_about_and_can_go_on(two, sandbox):
    async with two() as both:
        drive = both.drive
        sandbox.faults.latency(1, path="/contacts")
        drive.open_tab(1)
        drive.click("contacts.load")
        drive.press(Qt.Key.Key_2, CTRL)
        assert "Contacts are being loaded." in await drive.answer("Cancel")
        switch = drive.find("environment.switch", QComboBox)
        assert switch.currentText() == "Production"
        await drive.until(lambda: drive.text("contacts.status") == "60 contacts", "the rows")


@pytest.mark.parametrize("way", ["Ctrl+Q", "the frame"])
async def test_a_window_with_nothing_to_lose_closes_at_once(opened, way):
    async with opened() as drive:
        QApplication.instance().setQuitOnLastWindowClosed(False)
        closed = []
        drive.window.closed.connect(lambda: closed.append(True))
        await drive.until(drive.window.isActiveWindow, "a window that hears its keys")
        if way == "Ctrl+Q":
            drive.press(Qt.Key.Key_Q, CTRL)
        else:
            drive.window.close()
        assert closed
        assert not drive.window.isVisible()


async def test_closing_in_the_middle_of_work_asks_first(two, sandbox):
    async with two() as both:
        drive = both.drive
        QApplication.instance().setQuitOnLastWindowClosed(False)
        closed = []
        drive.window.closed.connect(lambda: closed.append(True))
        sandbox.faults.latency(5, path="/contacts")
        drive.open_tab(1)
        drive.click("contacts.load")
        drive.press(Qt.Key.Key_Q, CTRL)
        assert "Contacts are being loaded." in await drive.answer("Quit")
        await drive.until(lambda: bool(closed), "closed")


# Guards


async def test_a_read_only_environment_refuses_forms_bulk_and_console(two, sandbox, tmp_path):
    async with two() as both:
        drive = both.drive
        drive.click("connection.read_only")
        drive.click("connection.save")
        await drive.until(lambda: "is saved" in drive.window.messages.text(), "saved")
        marks = [each.text() for each in drive.window.findChildren(QLabel) if each.isVisible()]
        assert "Read-only" in marks
        sandbox.record.clear()
        said = drive.window.messages.text
        drive.open_tab(2)
        drive.write("identify.user_id", "u-1")
        drive.click("identify.send")
        await drive.until(lambda: "read-only" in said(), "refused")
        drive.window.messages.dismiss()
        drive.open_page("Many from a file")
        path = tmp_path / "users.csv"
        path.write_text("user_id\nu-1\n")
        drive.write("bulk.file", str(path))
        QTest.keyClick(drive.find("bulk.file", QLineEdit), Qt.Key.Key_Return)
        await drive.until(lambda: drive.rows("bulk.mapping") == 1, "the columns")
        await drive.until(lambda: drive.enabled("bulk.start"), "the file is read")
        drive.click("bulk.start")
        await drive.until(lambda: "read-only" in said(), "refused")
        drive.window.messages.dismiss()
        drive.open_tab(3)
        drive.choose("console.method", "POST")
        drive.write("console.path", "track-event")
        drive.click("console.send")
        await drive.until(lambda: "read-only" in said(), "refused")
    assert [call for call in sandbox.record.calls if call.method != "GET"] == []


async def test_in_production_a_deleting_call_of_the_console_asks_for_the_name(two, sandbox):
    async with two() as both:
        drive = both.drive
        drive.open_tab(3)
        drive.choose("console.method", "DELETE")
        drive.write("console.path", "contact?id=u-1")
        drive.click("console.send")
        said = await drive.answer("Cancel")
        assert "responses go too" in said
        assert not sandbox.record.to("DELETE", "/contact")
        await drive.until(lambda: drive.enabled("console.send"), "ready again")
        drive.click("console.send")
        await drive.answer("Send DELETE /contact", word="Production")
        await drive.until(lambda: "404" in drive.text("console.status"), "the answer")
    assert sandbox.record.to("DELETE", "/contact")


async def test_going_on_with_a_run_asks_in_production_too(connected, sandbox, tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("user_id\n" + "".join(f"u-{number}\n" for number in range(40)))
    sandbox.faults.latency(0.2, path="/identify-user")
    async with connected() as drive:
        drive.open_tab(2)
        drive.open_page("Many from a file")
        drive.write("bulk.file", str(path))
        QTest.keyClick(drive.find("bulk.file", QLineEdit), Qt.Key.Key_Return)
        await drive.until(lambda: drive.rows("bulk.mapping") == 1, "the columns")
        await drive.until(lambda: drive.enabled("bulk.start"), "the file is read")
        drive.click("bulk.start")
        await drive.answer("Start the run", word="production")
        await drive.until(lambda: drive.enabled("bulk.pause"), "it runs")
        drive.click("bulk.pause")
        await drive.until(lambda: drive.enabled("bulk.start"), "paused")
        drive.click("bulk.start")
        assert "to Production?" in await drive.answer("Cancel")
    assert len(sandbox.record.to("POST", "/identify-user")) < 40


# The key


async def test_a_key_is_copied_only_after_a_question(two, sandbox):
    async with two() as both:
        drive = both.drive
        QApplication.clipboard().setText("before")
        await drive.until(lambda: drive.enabled("connection.copy_key"), "the way to copy")
        drive.click("connection.copy_key")
        assert "Every program can read the clipboard" in await drive.answer("Cancel")
        assert QApplication.clipboard().text() == "before"
        drive.click("connection.copy_key")
        await drive.answer("Copy the key")
        await drive.until(lambda: QApplication.clipboard().text() == sandbox.key, "the key")
        QApplication.clipboard().setText("copied since then")
        drive.window.connection_tab.take_back_key()
        assert QApplication.clipboard().text() == "copied since then"


async def test_a_connection_that_is_lost_says_so_and_can_be_checked_again(two, sandbox):
    async with two() as both:
        drive = both.drive
        sandbox.faults.drop(path="/track-event")
        drive.open_tab(2)
        drive.open_page("Track one event")
        drive.write("track.user_id", "u-1")
        drive.write("track.event", "clicked")
        drive.click("track.send")
        await drive.until(lambda: _status(drive).startswith("The connection is lost"), "lost")
        sandbox.faults.clear()
        drive.open_tab(0)
        drive.click("connection.check")
        await drive.until(lambda: _status(drive).startswith("Connected"), "back")


async def test_somebody_who_connects_before_the_opening_is_done_stays_connected(opened, sandbox):
    async with opened() as drive:
        drive.write("connection.base_url", sandbox.base_url)
        drive.write("connection.api_key", sandbox.key)
        drive.click("connection.connect")
        states = []
        await drive.until(lambda: _status(drive).startswith("Connected"), "connected")
        connection = drive.window._workbench.connection
        connection.changed.connect(lambda status: states.append(status.state.name))
        await drive.until(lambda: not drive.window.tasks.running("opening"), "the opening")
        assert "OFF" not in states


async def test_a_refused_key_says_what_to_do(opened, sandbox):
    async with opened() as drive:
        drive.write("connection.base_url", sandbox.base_url)
        drive.write("connection.api_key", str(uuid.uuid4()))
        drive.click("connection.connect")
        await drive.until(lambda: "Refiner does not know this key." in _status(drive), "refused")
        assert "copy it again from Integrations > Rest API" in _status(drive)
