"""A file of users, from its path to the last row, in the real window."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QTableView

pytestmark = pytest.mark.anyio


@pytest.fixture
def users(tmp_path):
    path = tmp_path / "users.csv"
    lines = [f"bulk-{n},bulk{n}@example.org,pro,{n}" for n in range(40)]
    path.write_text("\n".join(["user_id,email,plan,seats", *lines, ",,lost,1"]), "utf-8")
    return path


async def _open_file(drive, path):
    drive.open_tab(2)
    drive.open_page("Many from a file")
    drive.write("bulk.file", str(path))
    QTest.keyClick(drive.find("bulk.file", QLineEdit), Qt.Key.Key_Return)
    await drive.until(lambda: drive.rows("bulk.mapping") == 4, "the columns")
    await drive.until(lambda: drive.enabled("bulk.start"), "the file is read")
    return drive.column("bulk.mapping", "Meaning", 4)


async def _start_and_agree(drive):
    drive.click("bulk.start")
    await drive.answer("Start the run", word="Production")


def _states(drive):
    return drive.column("bulk.rows", "State", 100)


async def test_a_file_is_mapped_checked_and_run(connected, users, sandbox):
    async with connected() as drive:
        meanings = await _open_file(drive, users)
        assert meanings == ["user id", "e-mail", "trait: text", "trait: text"]
        drive.click("bulk.check")
        await drive.until(lambda: _states(drive) == ["skipped"], "the check")
        assert not sandbox.record.to("POST", "/identify-user")
        await _start_and_agree(drive)
        await drive.until(lambda: _states(drive).count("done") == 40, "the end of the run")
    assert len(sandbox.record.to("POST", "/identify-user")) == 40


async def test_nothing_is_sent_when_the_person_turns_away(connected, users, sandbox):
    async with connected() as drive:
        await _open_file(drive, users)
        drive.click("bulk.start")
        await drive.answer("Cancel")
        await drive.until(lambda: drive.enabled("bulk.start"), "ready again")
        assert drive.rows("bulk.rows") == 0
    assert not sandbox.record.to("POST", "/identify-user")


async def test_a_paused_run_is_offered_after_a_restart_and_goes_on(connected, users, sandbox):
    sandbox.faults.latency(0.2, path="/identify-user")
    async with connected() as drive:
        await _open_file(drive, users)
        await _start_and_agree(drive)
        await drive.until(lambda: drive.enabled("bulk.pause"), "running")
        await asyncio.sleep(0.3)
        drive.click("bulk.pause")
        await drive.until(lambda: drive.enabled("bulk.cancel"), "paused")
    sandbox.faults.clear()
    async with connected() as drive:
        drive.open_tab(2)
        drive.open_page("Many from a file")
        start = drive.find("bulk.start", QPushButton)
        await drive.until(lambda: start.text() == "Go on", "the offer")
        await _start_and_agree(drive)
        await drive.until(lambda: _states(drive).count("done") == 40, "the end of the run")
    users_sent = set(sandbox.record.users("POST", "/identify-user"))
    assert users_sent == {f"bulk-{n}" for n in range(40)}


async def test_a_mapping_without_a_user_is_refused_in_words(connected, users):
    async with connected() as drive:
        await _open_file(drive, users)
        mapping = drive.find("bulk.mapping", QTableView).model()
        for row in range(4):
            assert mapping.setData(mapping.index(row, 1), "ignore")
        drive.click("bulk.start")
        assert "user id" in drive.labels_in(drive.window.users_tab.bulk_page)


async def test_a_file_that_is_none_is_said(connected, tmp_path):
    async with connected() as drive:
        drive.open_tab(2)
        drive.open_page("Many from a file")
        drive.write("bulk.file", str(tmp_path / "missing.csv"))
        QTest.keyClick(drive.find("bulk.file", QLineEdit), Qt.Key.Key_Return)
        said = drive.window.messages.text
        await drive.until(lambda: "There is no such file." in said(), "a message")
