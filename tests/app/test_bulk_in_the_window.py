"""A file of users, from its path to the last row, in the real window."""

import csv

import pytest
from bulk_driving import (
    choose_action,
    choose_from_menu,
    open_file,
    open_page,
    sent,
    start_and_agree,
    states,
)
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QTableView,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def users(tmp_path):
    path = tmp_path / "users.csv"
    lines = [f"bulk-{n},bulk{n}@example.org,pro,{n}" for n in range(40)]
    path.write_text("\n".join(["user_id,email,plan,seats", *lines, ",,lost,1"]), "utf-8")
    return path


async def test_a_file_is_mapped_checked_and_run(connected, users, sandbox):
    async with connected() as drive:
        meanings = await open_file(drive, users)
        assert meanings == ["user id", "e-mail", "trait", "trait"]
        assert drive.column("bulk.mapping", "Type", 4) == ["", "", "text", "number"]
        drive.click("bulk.check")
        await drive.until(lambda: drive.rows("bulk.findings") == 1, "the check")
        assert drive.column("bulk.findings", "Line", 1) == ["42"]
        assert not sent(sandbox)
        await start_and_agree(drive)
        await drive.until(lambda: states(drive).count("done") == 40, "the end of the run")
        assert states(drive).count("skipped") == 1
        await drive.until(lambda: "40 done" in drive.text("bulk.status"), "the result")
    assert len(sent(sandbox)) == 40


async def test_a_finding_leads_to_its_row_and_all_of_them_into_a_file(connected, users, tmp_path):
    users.write_text(users.read_text("utf-8").replace("lost,1", "lost,1\n" * 60), "utf-8")
    async with connected() as drive:
        await open_file(drive, users)
        drive.click("bulk.check")
        await drive.until(lambda: drive.rows("bulk.findings") == 60, "the check")
        findings = drive.find("bulk.findings", QTableView)
        findings.activated.emit(findings.model().index(59, 0))
        preview = drive.find("bulk.preview", QTableView)
        await drive.until(preview.hasFocus, "the row")
        row = preview.currentIndex().row()
        line = preview.model().headerData(row, Qt.Orientation.Vertical)
        assert line == drive.column("bulk.findings", "Line", 60)[-1]
        drive.click("bulk.first")
        assert preview.model().headerData(0, Qt.Orientation.Vertical) == "2"
        drive.click("bulk.step.check")
        drive.click("bulk.findings.save")
        await drive.until(lambda: drive.question() is not None, "the file dialog")
        dialog = drive.question()
        assert dialog.selectedFiles() == [str(tmp_path / "users-findings.csv")]
        dialog.accept()
        target = tmp_path / "users-findings.csv"
        await drive.until(target.exists, "the file")
        assert len(target.read_text("utf-8-sig").splitlines()) == 61
        offer = drive.find("message.offer", QPushButton)
        await drive.until(lambda: str(target) in drive.window.messages.text(), "the notice")
        assert offer.text() == "Open folder"


async def test_nothing_is_sent_when_the_person_turns_away(connected, users, sandbox):
    async with connected() as drive:
        await open_file(drive, users)
        drive.click("bulk.start")
        await drive.answer("Cancel")
        await drive.until(lambda: drive.enabled("bulk.start"), "ready again")
        assert drive.rows("bulk.rows") == 0
        assert drive.rows("bulk.runs") == 0
    assert not sent(sandbox)


async def test_a_paused_run_is_offered_after_a_restart_and_goes_on(connected, users, sandbox):
    sandbox.faults.latency(0.5, path="/identify-user")
    async with connected() as drive:
        await open_file(drive, users)
        await start_and_agree(drive)
        await drive.until(lambda: drive.enabled("bulk.pause"), "running")
        await drive.until(lambda: sent(sandbox), "the first calls")
        drive.click("bulk.pause")
        start = drive.find("bulk.start", QPushButton)
        await drive.until(lambda: start.text() == "Go on", "paused")
    sandbox.faults.clear()
    with users.open("a") as file:
        file.write("\nlate,late@example.org,pro,1")
    async with connected() as drive:
        open_page(drive)
        start = drive.find("bulk.start", QPushButton)
        await drive.until(lambda: start.text() == "Go on", "the offer")
        page = drive.window.users_tab.bulk_page
        drive.open_tab(0)
        assert drive.find("message.offer", QPushButton).text() == "Show the run"
        drive.click("message.offer")
        assert drive.visible("bulk.rows")
        await drive.until(lambda: "has changed since" in drive.labels_in(page), "the hint")
        await start_and_agree(drive)
        await drive.until(lambda: states(drive).count("done") == 40, "the end of the run")
    users_sent = sandbox.record.users("POST", "/identify-user")
    assert sorted(users_sent) == sorted(f"bulk-{n}" for n in range(40))


async def test_the_runs_of_a_demo_are_there_after_a_restart_though_its_port_is_another(
    opened, tmp_path
):
    one = tmp_path / "one.csv"
    one.write_text("user_id\nonly", "utf-8")
    for start in ("first", "second"):
        async with opened(demo=True) as drive:
            await drive.until(lambda: drive.window.furnished.is_set(), "all tabs")
            await drive.until(lambda: "received" in drive.status_bar(), "the sandbox")
            if start == "first":
                await open_file(drive, one, columns=1)
                drive.click("bulk.start")
                await drive.answer("Start the run")
            await drive.until(lambda: drive.rows("bulk.runs") == 1, f"the run, {start} start")
            await drive.until(lambda: "1 done" in drive.text("bulk.status"), "what became of it")
            open_page(drive)
            drive.click("bulk.step.run")
            await drive.until(lambda: states(drive) == ["done"], "the rows of the newest run")


async def test_a_sent_file_is_called_sent_after_a_second_start_is_turned_away(opened, tmp_path):
    one = tmp_path / "one.csv"
    one.write_text("user_id\nonly", "utf-8")
    async with opened(demo=True) as drive:
        await drive.until(lambda: drive.window.furnished.is_set(), "all tabs")
        await drive.until(lambda: "received" in drive.status_bar(), "the sandbox")
        await open_file(drive, one, columns=1)
        start = drive.find("bulk.start", QPushButton)
        start.click()
        await drive.until(lambda: drive.question() is not None, "the question")
        assert "Bulk run" not in drive.status_bar()
        QTest.keyClick(drive.question(), Qt.Key.Key_Return)
        await drive.until(lambda: "1 done" in drive.text("bulk.status"), "the run")
        start.click()
        await drive.until(lambda: drive.question() is not None, "the second question")
        QTest.keyClick(drive.question(), Qt.Key.Key_Return)
        await drive.until(lambda: "Not started" in drive.text("bulk.status"), "a word")
        drive.click("bulk.step.check")
        assert "nothing was sent" not in drive.text("bulk.status")
        assert "already: 1 done" in drive.text("bulk.status")
        assert start.property("role") != "primary"


async def test_a_cancelled_run_sends_no_more_and_can_not_be_taken_up(connected, users, sandbox):
    sandbox.faults.latency(0.5, path="/identify-user")
    async with connected() as drive:
        await open_file(drive, users)
        await start_and_agree(drive)
        await drive.until(lambda: drive.enabled("bulk.pause"), "running")
        drive.click("bulk.cancel")
        assert "skipped for good" in await drive.answer("End the run")
        await drive.until(lambda: "Cancelled" in drive.text("bulk.status"), "cancelled")
        assert drive.find("bulk.start", QPushButton).text() == "Start"
        await drive.until(lambda: states(drive).count("skipped") > 1, "the rows that waited")
    assert len(sent(sandbox)) < 40


async def test_a_mapping_without_a_user_is_refused_in_words(connected, users):
    async with connected() as drive:
        await open_file(drive, users)
        mapping = drive.find("bulk.mapping", QTableView).model()
        for row in range(4):
            assert mapping.setData(mapping.index(row, 1), "ignore")
        drive.click("bulk.start")
        assert "user id" in drive.labels_in(drive.window.users_tab.bulk_page)
        assert drive.visible("bulk.mapping")


async def test_a_file_that_is_none_is_said(connected, tmp_path):
    async with connected() as drive:
        open_page(drive)
        drive.write("bulk.file", str(tmp_path / "missing.csv"))
        QTest.keyClick(drive.find("bulk.file", QLineEdit), Qt.Key.Key_Return)
        said = drive.window.messages.text
        await drive.until(lambda: "There is no such file." in said(), "a message")


async def test_a_file_is_read_again_with_another_delimiter(connected, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("user_id;note\nu-1;a, b\nu-2;c, d\n", "utf-8")
    async with connected() as drive:
        await open_file(drive, path, columns=2)
        delimiter = drive.find("bulk.delimiter", QComboBox)
        assert delimiter.currentText() == "Semicolons"
        delimiter.setCurrentIndex(delimiter.findText("Bars"))
        await drive.until(lambda: drive.rows("bulk.mapping") == 1, "one column")
        assert drive.column("bulk.preview", "user_id;note", 1) == ["u-1;a, b"]


async def test_an_event_is_tracked_for_each_with_a_fixed_name(connected, tmp_path, sandbox):
    path = tmp_path / "events.csv"
    path.write_text("user_id\nt-1\nt-2\n", "utf-8")
    async with connected() as drive:
        await open_file(drive, path, columns=1)
        choose_action(drive, "Track an event for each")
        drive.click("bulk.start")
        assert "event" in drive.text("bulk.status")
        drive.click("bulk.step.mapping")
        choose_from_menu(drive, "bulk.fix", "Event name")
        mapping = drive.find("bulk.mapping", QTableView).model()
        assert mapping.setData(mapping.index(1, 4), "signed_up")
        await start_and_agree(drive)
        await drive.until(lambda: states(drive) == ["done", "done"], "the end of the run")
    assert set(sandbox.record.users("POST", "/track-event")) == {"t-1", "t-2"}


async def test_users_are_added_to_a_segment_chosen_by_name(connected, users, sandbox):
    async with connected() as drive:
        await open_file(drive, users)
        choose_action(drive, "Add each to a segment")
        segment = drive.find("bulk.segment", QComboBox)
        await drive.until(lambda: segment.count() > 1, "the segments")
        drive.click("bulk.start")
        assert "Choose a segment" in drive.text("bulk.status")
        segment.setCurrentIndex(1)
        await start_and_agree(drive)
        await drive.until(lambda: states(drive).count("done") == 40, "the end of the run")
    assert len(sent(sandbox, "/sync-segment")) == 40


async def test_failed_rows_are_filtered_saved_and_sent_again(
    connected, users, sandbox, tmp_path, monkeypatch
):
    sandbox.faults.status(422, path="/identify-user", times=3)
    async with connected() as drive:
        await open_file(drive, users)
        await start_and_agree(drive)
        await drive.until(lambda: states(drive).count("done") == 37, "the end of the run")
        drive.click("bulk.states.failed")
        await drive.until(lambda: states(drive) == ["failed"] * 3, "the failed ones alone")
        target = tmp_path / "again.csv"
        choose_from_menu(drive, "bulk.results", "Failed rows…")
        await drive.until(lambda: drive.question() is not None, "the file dialog")
        dialog = drive.question()
        assert isinstance(dialog, QFileDialog)
        dialog.filesSelected.emit([str(target)])
        dialog.accept()
        await drive.until(target.exists, "the file")
        with target.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["status"] for row in rows] == ["422"] * 3
        assert all(row["user_id"].startswith("bulk-") for row in rows)
        drive.click("bulk.retry")
        await drive.answer("Start the run", word="Production")
        await drive.until(lambda: "40 done" in drive.text("bulk.status"), "all of them")


async def test_a_mapping_is_saved_and_used_for_another_file(connected, users, tmp_path):
    async with connected() as drive:
        await open_file(drive, users)
        mapping = drive.find("bulk.mapping", QTableView).model()
        assert mapping.setData(mapping.index(2, 2), "tariff")
        choose_from_menu(drive, "bulk.mappings", "Save this mapping as…")
        await drive.until(lambda: drive.question() is not None, "a question")
        QTest.keyClicks(drive.question().findChild(QLineEdit), "CRM export")
        await drive.answer("Save")
        await drive.until(lambda: "is saved" in drive.window.messages.text(), "saved")
        other = tmp_path / "other.csv"
        other.write_text("plan,user_id\npro,u-1\n", "utf-8")
        await open_file(drive, other, columns=2)
        assert drive.column("bulk.mapping", "Trait", 2) == ["plan", ""]
        choose_from_menu(drive, "bulk.mappings", "CRM export")
        assert drive.column("bulk.mapping", "Trait", 2) == ["tariff", ""]


async def test_an_unknown_event_is_sent_again_only_after_a_question(connected, tmp_path, sandbox):
    path = tmp_path / "events.csv"
    path.write_text("user_id,event\nt-1,bought\nt-2,bought\n", "utf-8")
    sandbox.faults.drop(path="/track-event", times=1, processed=True)
    async with connected() as drive:
        await open_file(drive, path, columns=2)
        choose_action(drive, "Track an event for each")
        await start_and_agree(drive)
        await drive.until(lambda: sorted(states(drive)) == ["done", "sent"], "one is unknown")
        await drive.until(lambda: drive.enabled("bulk.unknown"), "the end of the run")
        page = drive.window.users_tab.bulk_page
        assert "only when you say so" in drive.labels_in(page)
        drive.click("bulk.unknown")
        said = await drive.answer("Cancel")
        assert "recorded twice" in said
        await drive.until(lambda: drive.enabled("bulk.unknown"), "ready again")
        assert len(sent(sandbox, "/track-event")) == 2
        drive.click("bulk.unknown")
        await drive.answer("Send again")
        await drive.answer("Start the run", word="Production")
        await drive.until(lambda: states(drive) == ["done", "done"], "both are done")
    assert len(sent(sandbox, "/track-event")) == 3


async def test_a_run_is_deleted_after_a_question(connected, users):
    async with connected() as drive:
        await open_file(drive, users)
        await start_and_agree(drive)
        await drive.until(lambda: "40 done" in drive.text("bulk.status"), "the end of the run")
        drive.click("bulk.delete")
        await drive.answer("Delete")
        await drive.until(lambda: drive.rows("bulk.runs") == 0, "no run")
        assert drive.rows("bulk.rows") == 0


async def test_runs_of_another_environment_are_not_shown(connected, users):
    from refiner_desktop.settings.settings import Environment

    async with connected() as drive:
        await open_file(drive, users)
        await start_and_agree(drive)
        await drive.until(lambda: "40 done" in drive.text("bulk.status"), "the end of the run")
        drive.window.connection_tab.switch_to(Environment(name="Other"))
        await drive.until(lambda: drive.rows("bulk.runs") == 0, "no run")
        assert drive.rows("bulk.rows") == 0


async def test_a_file_that_contacts_has_written_is_shown_by_its_title(connected, tmp_path):
    path = tmp_path / "rows-1.jsonl"
    path.write_text('{"remote_id": "u-1", "account": {"remote_id": "acme"}}\n', "utf-8")
    async with connected() as drive:
        open_page(drive)
        drive.window.users_tab.bulk_page.take_file(path, "1 contact from Contacts")
        await drive.until(lambda: drive.rows("bulk.mapping") == 2, "the columns")
        assert "1 contact from Contacts" in drive.text("bulk.status")


async def test_unchanged_rows_are_left_out_when_compared(connected, users, sandbox):
    async with connected() as drive:
        await open_file(drive, users)
        await start_and_agree(drive)
        await drive.until(lambda: states(drive).count("done") == 40, "the first run")
        drive.click("bulk.step.check")
        drive.click("bulk.compare")
        drive.click("bulk.check")
        page = drive.window.users_tab.bulk_page
        await drive.until(lambda: "would change nothing" in drive.labels_in(page), "the check")
        drive.click("bulk.start")
        assert len(sent(sandbox)) == 40


async def test_a_key_that_stops_working_pauses_the_run_and_says_so(connected, users, sandbox):
    sandbox.faults.latency(0.3, path="/identify-user")
    async with connected() as drive:
        await open_file(drive, users)
        await start_and_agree(drive)
        await drive.until(lambda: sent(sandbox), "the first calls")
        sandbox.regenerate_key()
        said = drive.window.messages.text
        await drive.until(lambda: "does not know this key" in said(), "a message")
        start = drive.find("bulk.start", QPushButton)
        await drive.until(lambda: start.text() == "Go on" and start.isEnabled(), "paused")
        await drive.until(lambda: "waiting" in states(drive), "rows that wait")


async def test_a_file_that_changes_after_its_check_is_not_sent(connected, users, sandbox):
    async with connected() as drive:
        await open_file(drive, users)
        drive.click("bulk.check")
        await drive.until(lambda: drive.rows("bulk.findings") == 1, "the check")
        with users.open("a") as file:
            file.write("\nlate,late@example.org,pro,1")
        await start_and_agree(drive)
        said = drive.window.messages.text
        await drive.until(lambda: "has changed" in said(), "a message")
        assert not sent(sandbox)
        await start_and_agree(drive)
        await drive.until(lambda: "41 done" in drive.text("bulk.status"), "after a new check")


async def test_a_stop_in_the_file_is_shown_and_nothing_is_sent(connected, tmp_path, sandbox):
    path = tmp_path / "users.csv"
    lines = [f"u-{n},pro" for n in range(60)]
    path.write_text("\n".join(["user_id,plan", *lines, 'u-x,"never closed']), "utf-8")
    async with connected() as drive:
        await open_file(drive, path, columns=2)
        drive.click("bulk.start")
        await drive.until(lambda: drive.rows("bulk.findings") > 0, "the finding")
        assert drive.column("bulk.findings", "Effect", 1) == ["Stops the run"]
        await drive.until(lambda: not drive.window.users_tab.tasks.labels(), "the end of the try")
        assert drive.enabled("bulk.check")
        assert not drive.enabled("bulk.start")
        assert drive.visible("bulk.findings")
    assert not sent(sandbox)


async def test_contacts_of_the_table_become_a_run_without_mapping_by_hand(connected, sandbox):
    async with connected() as drive:
        drive.open_tab(1)
        drive.click("contacts.load")
        await drive.until(lambda: drive.rows("contacts.table") == 60, "the contacts")
        table = drive.find("contacts.table", QTableView)
        for row in (2, 3, 4):
            index = table.model().index(row, 0)
            flags = QItemSelectionModel.SelectionFlag
            table.selectionModel().select(index, flags.Select | flags.Rows)
        actions = {entry.title: entry.action for entry in drive.window.registry}
        actions["Send to a bulk run…"].trigger()
        await drive.until(lambda: drive.rows("bulk.mapping") > 3, "the columns of the contacts")
        assert drive.window.users_tab.isVisible()
        count = drive.rows("bulk.mapping")
        names, meanings = (
            drive.column("bulk.mapping", title, count) for title in ("Column", "Meaning")
        )
        meant = dict(zip(names, meanings, strict=True))
        wanted = {
            "remote_id": "user id",
            "email": "e-mail",
            "attributes.plan": "trait",
            "uuid": "ignore",
        }
        assert wanted.items() <= meant.items()
        await start_and_agree(drive)
        await drive.until(lambda: states(drive) == ["done"] * 3, "the run")
