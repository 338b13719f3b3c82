"""The rows of a run, the runs of before, and what a restart brings back, in the real window."""

import pytest
from bulk_driving import (
    choose_action,
    choose_from_menu,
    mean,
    open_file,
    open_page,
    sent,
    start_and_agree,
    states,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QTableView

from refiner_desktop.ui.tabs.users.bulk.row_dialog import RowDialog

pytestmark = pytest.mark.anyio


@pytest.fixture
def users(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("user_id,email,plan\nu-1,u1@example.org,pro\n,bad,free\nu-3\n", "utf-8")
    return path


async def _opened_row(drive, row):
    await drive.until(lambda: drive.question() is None, "no other dialog")
    table = drive.find("bulk.rows", QTableView)
    table.setCurrentIndex(table.model().index(row, 1))
    QTest.keyClick(table, Qt.Key.Key_Return)
    title = f"Line {row + 2} of the file"

    def shown():
        dialog = drive.question()
        return isinstance(dialog, RowDialog) and dialog.windowTitle() == title

    await drive.until(shown, "the row")
    return drive.question()


async def test_a_row_opens_whole_and_leads_to_its_user(connected, users):
    async with connected() as drive:
        await open_file(drive, users, 3)
        await start_and_agree(drive)
        await drive.until(lambda: states(drive) == ["done", "skipped", "skipped"], "the run")
        assert drive.column("bulk.rows", "User", 3) == ["u-1", "bad", ""]
        page = drive.window.users_tab.bulk_page
        wanted, drafts = [], []
        page.contact_wanted.connect(lambda *user: wanted.append(user))
        page.form_wanted.connect(drafts.append)
        dialog = await _opened_row(drive, 0)
        assert "Line 2 of the file" in drive.labels_in(dialog)
        dialog.findChild(QPushButton, "bulk.row.contact").click()
        assert wanted == [("u-1", "u1@example.org")]
        dialog = await _opened_row(drive, 0)
        dialog.findChild(QPushButton, "bulk.row.form").click()
        assert drafts[0].payload() == {"id": "u-1", "email": "u1@example.org", "plan": "pro"}
        dialog = await _opened_row(drive, 2)
        assert "This row has 1 cell" in drive.labels_in(dialog)
        assert not dialog.findChild(QPushButton, "bulk.row.contact").isEnabled()
        dialog.reject()


async def test_a_new_file_leaves_nothing_of_the_old_run(connected, users, tmp_path):
    async with connected() as drive:
        await open_file(drive, users, 3)
        await start_and_agree(drive)
        await drive.until(lambda: "1 done" in drive.text("bulk.status"), "the run")
        assert "Earlier run" not in drive.text("bulk.status")
        other = tmp_path / "other.csv"
        other.write_text("user_id\nu-9\n", "utf-8")
        await open_file(drive, other, 1)
        step = drive.window.users_tab.bulk_page._steps
        assert "1 done" not in drive.labels_in(step)
        drive.click("bulk.step.run")
        assert drive.rows("bulk.rows") == 0
        drive.click_row("bulk.runs", 0)
        await drive.until(lambda: drive.rows("bulk.rows") == 3, "its rows")
        assert "Earlier run" in drive.text("bulk.status")
        assert "Earlier: 1 done" in drive.labels_in(step)


async def test_the_file_and_its_mapping_come_back_and_nothing_is_sent(connected, users, sandbox):
    async with connected() as drive:
        await open_file(drive, users, 3)
        choose_action(drive, "Track an event for each")
        choose_from_menu(drive, "bulk.fix", "Event name")
        mapping = drive.find("bulk.mapping", QTableView).model()
        assert mapping.setData(mapping.index(3, 4), "signed_up")
        mean(drive, 1, "ignore")
    async with connected() as drive:
        open_page(drive)
        await drive.until(lambda: drive.rows("bulk.mapping") == 4, "the file")
        assert drive.find("bulk.file", QLineEdit).text() == str(users)
        assert drive.find("bulk.action", QComboBox).currentText() == "Track an event for each"
        assert drive.column("bulk.mapping", "Meaning", 2) == ["user id", "ignore"]
        assert drive.column("bulk.mapping", "First values", 4)[3] == "signed_up"
        assert "of last time" in drive.text("bulk.status")
    assert not sent(sandbox, "/track-event")


async def test_a_file_that_is_gone_is_not_missed_after_a_restart(connected, users):
    async with connected() as drive:
        await open_file(drive, users, 3)
    users.unlink()
    async with connected() as drive:
        open_page(drive)
        await drive.until(lambda: not drive.window.users_tab.tasks.running("bulk file"), "ready")
        assert drive.rows("bulk.mapping") == 0
        assert "no such file" not in drive.window.messages.text()


async def test_unreadable_values_are_left_out_where_a_person_says_so(connected, tmp_path, sandbox):
    path = tmp_path / "seats.csv"
    path.write_text("user_id,seats\nu-1,3\nu-2,many\n", "utf-8")
    async with connected() as drive:
        await open_file(drive, path, 2)
        mapping = drive.find("bulk.mapping", QTableView).model()
        assert mapping.setData(mapping.index(1, 3), "number")
        drive.click("bulk.step.mapping")
        drive.find("bulk.leave_out", QCheckBox).click()
        await start_and_agree(drive)
        await drive.until(lambda: states(drive) == ["done", "done"], "the run")
        assert "“many” is left out" in drive.column("bulk.rows", "Reason", 2)[1]
    assert sorted(sandbox.record.users("POST", "/identify-user")) == ["u-1", "u-2"]


async def test_a_segment_run_is_named_by_its_segment(connected, users):
    async with connected() as drive:
        await open_file(drive, users, 3)
        choose_action(drive, "Add each to a segment")
        segment = drive.find("bulk.segment", QComboBox)
        await drive.until(lambda: segment.count() > 1, "the segments")
        segment.setCurrentIndex(1)
        await start_and_agree(drive)
        await drive.until(lambda: "1 done" in drive.text("bulk.status"), "the run")
        name = f"“{segment.currentText()}”"
        assert drive.column("bulk.runs", "Action", 1) == [f"add to {name}"]
        assert name in drive.labels_in(drive.window.users_tab.bulk_page._run_step)


async def test_ticking_the_comparison_forgets_the_check_at_the_bottom_too(connected, users):
    async with connected() as drive:
        await open_file(drive, users, 3)
        drive.click("bulk.check")
        await drive.until(lambda: "Press Start" in drive.text("bulk.status"), "the check")
        drive.click("bulk.compare")
        assert "Press Check" in drive.text("bulk.status")


async def test_a_copy_of_a_file_that_was_sent_is_said_to_be_sent_already(
    connected, users, tmp_path
):
    async with connected() as drive:
        await open_file(drive, users, 3)
        await start_and_agree(drive)
        await drive.until(lambda: "1 done" in drive.text("bulk.status"), "the run")
        copy = tmp_path / "copy.csv"
        copy.write_bytes(users.read_bytes())
        await open_file(drive, copy, 3)
        await drive.until(lambda: "copy.csv" in drive.text("bulk.status"), "the copy")
        drive.click("bulk.start")
        assert "already" in await drive.answer("Cancel")
