"""What a bulk run must never do behind a person's back, in the real window."""

import asyncio
from pathlib import Path

import pytest
from bulk_driving import (
    choose_action,
    mean,
    open_file,
    sent,
    start_and_agree,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QTableView

from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.database import StorageUnavailable

pytestmark = pytest.mark.anyio

TRACK = "Track an event for each"


def _write(path, count, columns="user_id,plan", cells="pro"):
    lines = [f"{path.stem}-{n},{cells}" for n in range(count)]
    path.write_text("\n".join([columns, *lines]), "utf-8")
    return path


@pytest.fixture
def events(tmp_path):
    return _write(tmp_path / "events.csv", 3, "user_id,event", "opened")


@pytest.fixture
def users(tmp_path):
    return _write(tmp_path / "users.csv", 5)


def _slow_check(drive, monkeypatch, seconds=1.0):
    """Let a check take so long, as that of a large file does."""
    bulk = drive.window.users_tab.bulk_page._bulk
    check = bulk.check

    async def slow(*given):
        await asyncio.sleep(seconds)
        return await check(*given)

    monkeypatch.setattr(bulk, "check", slow)


async def test_an_older_run_is_not_taken_up_while_another_is_under_way(
    connected, tmp_path, sandbox
):
    many = _write(tmp_path / "many.csv", 60, "user_id,event,note", "opened,x")
    few = _write(tmp_path / "few.csv", 5, "user_id,event", "opened")
    async with connected() as drive:
        sandbox.faults.status(422, path="/track-event", times=2)
        await open_file(drive, few, 2)
        choose_action(drive, TRACK)
        await start_and_agree(drive)
        await drive.until(lambda: drive.enabled("bulk.retry"), "failed rows")
        sandbox.faults.latency(1.0, path="/track-event")
        await open_file(drive, many, 3)
        await start_and_agree(drive)
        await drive.until(lambda: len(sent(sandbox, "/track-event")) > 8, "calls")
        drive.click_row("bulk.runs", 1)
        await drive.until(lambda: drive.rows("bulk.rows") == 5, "the older run")
        assert not drive.enabled("bulk.retry")
        page = drive.window.users_tab.bulk_page
        page._work.retry_failed(page._run_step.chosen())  # as a late click would
        assert "A run is under way" in drive.text("bulk.status")
        assert drive.question() is None
        sandbox.faults.clear()
        done = lambda: "60 done" in drive.column("bulk.runs", "Result", 2)[0]  # noqa: E731
        await drive.until(done, "the end of the run")
        assert drive.enabled("bulk.retry")


async def test_what_is_changed_while_start_checks_is_not_sent(
    connected, users, sandbox, monkeypatch
):
    async with connected() as drive:
        await open_file(drive, users, 2)
        _slow_check(drive, monkeypatch)
        drive.click("bulk.start")
        await asyncio.sleep(0.2)
        mean(drive, 1, "ignore")
        await drive.until(lambda: "Something was changed" in drive.text("bulk.status"), "a word")
        assert drive.question() is None
        assert not sent(sandbox)
        await start_and_agree(drive)
        await drive.until(lambda: "5 done" in drive.text("bulk.status"), "the run")


async def test_nobody_is_asked_about_the_environment_that_was_left(
    connected, users, sandbox, monkeypatch
):
    async with connected() as drive:
        await open_file(drive, users, 2)
        _slow_check(drive, monkeypatch)
        drive.click("bulk.start")
        await asyncio.sleep(0.2)
        drive.window.connection_tab.switch_to(Environment(name="Other"))
        assert "Nothing was sent yet" in await drive.answer("Switch")
        await drive.until(lambda: "Other" in drive.window.windowTitle(), "the other one")
        await asyncio.sleep(1.2)
        assert drive.question() is None
        assert drive.rows("bulk.runs") == 0
        assert not sent(sandbox)


async def test_the_bar_at_the_bottom_pauses_a_run_and_breaks_no_call_off(connected, users, sandbox):
    sandbox.faults.latency(1.0, path="/track-event")
    many = _write(users.with_name("many.csv"), 60, "user_id,event", "opened")
    async with connected() as drive:
        await open_file(drive, many, 2)
        choose_action(drive, TRACK)
        await start_and_agree(drive)
        await drive.until(lambda: len(sent(sandbox, "/track-event")) > 8, "calls")
        buttons = drive.window.statusBar().findChildren(QPushButton)
        QTest.mouseClick(
            next(each for each in buttons if each.text() == "Cancel"), Qt.MouseButton.LeftButton
        )
        start = drive.find("bulk.start", QPushButton)
        await drive.until(lambda: start.text() == "Go on", "paused")
        await drive.until(lambda: "Paused" in drive.text("bulk.status"), "the result")
        assert "unknown" not in drive.text("bulk.status")


async def test_a_file_that_was_sent_already_is_said_to_be(connected, events, sandbox):
    async with connected() as drive:
        await open_file(drive, events, 2)
        choose_action(drive, TRACK)
        drive.click("bulk.start")
        assert "already" not in await drive.answer("Start the run", word="Production")
        await drive.until(lambda: "3 done" in drive.text("bulk.status"), "the run")
        await drive.until(lambda: drive.enabled("bulk.start"), "ready again")
        drive.click("bulk.start")
        said = await drive.answer("Cancel")
        assert "This file was sent like this on" in said
        assert "recorded once more" in said
        assert len(sent(sandbox, "/track-event")) == 3


async def test_a_run_that_is_over_is_no_check_of_the_next(connected, users, sandbox):
    async with connected() as drive:
        await open_file(drive, users, 2)
        drive.click("bulk.step.check")
        drive.click("bulk.compare")
        drive.click("bulk.check")
        await drive.until(lambda: "Checked" in drive.text("bulk.status"), "the check")
        await start_and_agree(drive)
        await drive.until(lambda: "5 done" in drive.text("bulk.status"), "the run")
        await drive.until(lambda: drive.enabled("bulk.start"), "ready again")
        drive.click("bulk.start")
        await drive.until(lambda: "No row of this file" in drive.text("bulk.status"), "nothing new")
        assert len(sent(sandbox)) == 5


async def test_each_action_keeps_its_own_mapping_of_the_file(connected, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("kunde,plan\na,x\n", "utf-8")
    meanings = lambda: drive.column("bulk.mapping", "Meaning", 2)  # noqa: E731
    async with connected() as drive:
        await open_file(drive, path, 2)
        mean(drive, 0, "user id")
        chosen = meanings()
        choose_action(drive, TRACK)
        assert meanings()[0] != "user id"
        mean(drive, 0, "e-mail")
        choose_action(drive, "Identify each user")
        assert meanings() == chosen
        choose_action(drive, TRACK)
        assert meanings()[0] == "e-mail"


async def test_while_contacts_are_compared_their_count_is_not_called_rows(
    connected, users, sandbox
):
    sandbox.faults.latency(0.4, path="/contacts")
    async with connected() as drive:
        await open_file(drive, users, 2)
        drive.click("bulk.step.check")
        drive.click("bulk.compare")
        drive.click("bulk.check")
        page = drive.window.users_tab.bulk_page
        shown = []

        def look():
            shown.append(drive.labels_in(page))
            return "Checked" in drive.text("bulk.status")

        await drive.until(look, "the check")
        assert not any("60 rows read" in text for text in shown)


async def test_who_turns_away_from_ending_a_run_lets_it_go_on(connected, users, sandbox):
    sandbox.faults.latency(0.6, path="/identify-user")
    async with connected() as drive:
        await open_file(drive, users, 2)
        await start_and_agree(drive)
        await drive.until(lambda: drive.enabled("bulk.pause"), "running")
        drive.click("bulk.cancel")
        assert "5 rows left" in await drive.answer("Cancel")
        await drive.until(lambda: "5 done" in drive.text("bulk.status"), "all of them")


async def test_the_focus_goes_from_start_to_pause_and_never_to_cancel(connected, users, sandbox):
    sandbox.faults.latency(0.6, path="/identify-user")
    many = _write(users.with_name("many.csv"), 60)
    async with connected() as drive:
        await open_file(drive, many, 2)
        drive.find("bulk.start", QPushButton).setFocus()
        await start_and_agree(drive)
        pause, start = (drive.find(f"bulk.{name}", QPushButton) for name in ("pause", "start"))
        await drive.until(pause.hasFocus, "the focus on Pause")
        drive.click("bulk.pause")
        await drive.until(lambda: start.text() == "Go on", "paused")
        assert start.hasFocus()


async def test_a_letter_typed_into_a_cell_that_takes_none_changes_no_other_row(connected, tmp_path):
    path = _write(tmp_path / "users.csv", 3, "user_id,seats,source", "1,web")
    async with connected() as drive:
        await open_file(drive, path, 3)
        drive.click("bulk.step.mapping")
        table = drive.find("bulk.mapping", QTableView)
        table.setFocus()
        table.setCurrentIndex(table.model().index(0, 2))
        QTest.keyClicks(table, "so")
        assert drive.column("bulk.mapping", "Trait", 3) == ["", "seats", "source"]
        assert table.currentIndex().row() == 0


async def test_the_question_names_the_segment_and_another_tabs_file_begins_with_identify(
    connected, users, tmp_path
):
    async with connected() as drive:
        await open_file(drive, users, 2)
        choose_action(drive, "Remove each from a segment")
        segment = drive.find("bulk.segment", QComboBox)
        await drive.until(lambda: segment.count() > 1, "the segments")
        segment.setCurrentIndex(1)
        drive.click("bulk.start")
        said = await drive.answer("Cancel")
        assert f"Remove each from a segment: “{segment.currentText()}”" in said
        other = _write(tmp_path / "contacts.csv", 2, "user_id,plan,seats", "pro,1")
        drive.window.users_tab.take_contacts(other, "2 contacts")
        await drive.until(lambda: drive.rows("bulk.mapping") == 3, "the contacts")
        assert drive.find("bulk.action", QComboBox).currentText() == "Identify each user"


async def test_a_run_that_found_no_room_on_the_disk_says_that_it_did_not_begin(
    connected, users, sandbox, monkeypatch
):
    def full(journal, run, rows):
        raise StorageUnavailable(Path("refiner.db"), "database or disk is full")

    async with connected() as drive:
        await open_file(drive, users, 2)
        with monkeypatch.context() as disk:
            disk.setattr(BulkJournal, "add_rows", full)
            await start_and_agree(drive)
            said = lambda: drive.text("bulk.status")  # noqa: E731
            await drive.until(lambda: "Nothing was sent." in said(), "the sentence")
        assert drive.rows("bulk.runs") == 0
        assert not sent(sandbox)
