"""What is done with contacts in the real window, on a sandbox that really changes."""

import json

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QListWidget, QMenu, QTableView, QToolButton

from refiner_desktop.ui import export_target

pytestmark = pytest.mark.anyio


async def _load(drive, count=60):
    drive.open_tab(1)
    drive.write("contacts.limit", "All")
    drive.click("contacts.load")
    await drive.until(lambda: drive.enabled("contacts.load"), "the load to end")
    await drive.until(lambda: drive.rows("contacts.table") == count, "all contacts")
    await drive.until(lambda: any(drive.column("contacts.table", "E-mail", count)), "their cells")
    return drive.find("contacts.table", QTableView)


async def _select(drive, table, *rows):
    """Select whole rows, and wait until the first of them is shown."""
    drive.click_row("contacts.table", rows[0])
    for row in rows[1:]:
        flags = QItemSelectionModel.SelectionFlag
        table.selectionModel().select(table.model().index(row, 0), flags.Select | flags.Rows)
    await drive.until(lambda: _fields(drive).get("UUID"), "the detail")
    cell = drive.column("contacts.table", "E-mail", rows[0] + 1)[-1]
    await drive.until(lambda: _fields(drive).get("E-mail", "") == cell, "the right detail")


def _fields(drive):
    model = drive.find("contacts.detail.fields", QTableView).model()
    cells = [(model.index(r, 0).data(), model.index(r, 1).data()) for r in range(model.rowCount())]
    return dict(reversed(cells))


def _run(drive, title):
    """Choose an action of the menu bar."""
    actions = {entry.title: entry.action for entry in drive.window.registry}
    assert actions[title].isEnabled(), title
    actions[title].trigger()


def _said(drive):
    return drive.window.messages.text()


async def _guard(drive, *, production=False, read_only=False):
    """Change how careful the environment is, on the Connection tab."""
    for name, wanted in (
        ("connection.production", production),
        ("connection.read_only", read_only),
    ):
        if drive.find(name, QCheckBox).isChecked() != wanted:
            drive.click(name)
    drive.click("connection.save")
    await drive.until(lambda: not drive.enabled("connection.save"), "saved")
    await drive.until(lambda: "Ready" in drive.status_bar(), "all work to end")


async def test_one_contact_is_deleted_after_a_question_that_names_it(connected):
    async with connected() as drive:
        await _guard(drive)
        table = await _load(drive)
        assert not drive.enabled("contacts.delete")
        await _select(drive, table, 3)
        name = _fields(drive)["Display name"] or _fields(drive)["E-mail"]
        uuid = _fields(drive)["UUID"]
        drive.click("contacts.delete")
        said = await drive.answer("Cancel")
        assert name in said
        assert "survey responses go too, and nothing brings them back" in said
        assert drive.rows("contacts.table") == 60
        drive.click("contacts.delete")
        await drive.answer("Delete")
        await drive.until(lambda: drive.rows("contacts.table") == 59, "the row to leave")
        await drive.until(lambda: _said(drive).endswith("was deleted."), "a message")
        assert _fields(drive).get("UUID") != uuid
        await _load(drive, 59)


async def test_a_production_environment_wants_its_name(connected):
    async with connected() as drive:
        table = await _load(drive)
        await _select(drive, table, 3, 4)
        drive.click("contacts.delete")
        said = await drive.answer("Delete 2 contacts", "Production")
        assert "Delete 2 contacts from Production?" in said
        assert "nothing brings them back" in said
        await drive.until(lambda: drive.rows("contacts.table") == 58, "the rows to leave")


async def test_a_read_only_environment_says_so_and_asks_nothing(connected):
    async with connected() as drive:
        await _guard(drive, read_only=True)
        table = await _load(drive)
        await _select(drive, table, 3)
        drive.click("contacts.delete")
        await drive.until(lambda: "environment is read-only" in _said(drive), "a message")
        assert drive.question() is None
        assert drive.rows("contacts.table") == 60


async def test_responses_are_read_when_their_page_is_opened(connected):
    async with connected() as drive:
        table = await _load(drive)
        await _select(drive, table, 5)
        drive.open_page("Responses")
        responses = drive.find("contacts.responses", QTableView)
        reading = lambda: drive.window.contacts_tab.tasks.running("responses")  # noqa: E731
        for row in range(60):
            drive.click_row("contacts.table", row)
            await drive.until(lambda: not reading(), "an answer")
            if responses.model().rowCount():
                break
        answers = drive.find("contacts.responses.answers", QTableView)
        assert answers.isVisible()
        assert answers.model().rowCount() > 0


async def test_contacts_join_a_segment_and_the_table_knows(connected):
    async with connected() as drive:
        table = await _load(drive)
        await _select(drive, table, 3, 4)
        _run(drive, "Add to a segment…")
        await drive.until(lambda: drive.question() is not None, "a question")
        segments = drive.question().findChild(QListWidget)
        segments.setCurrentRow(segments.count() - 1)
        name = segments.currentItem().text().split("  ·  ")[0]
        await drive.answer("Add")
        await drive.until(lambda: bool(_said(drive)) or drive.question() is not None, "an end")
        column = lambda: drive.column("contacts.table", "Segments", 5)  # noqa: E731
        await drive.until(lambda: name in column()[3] or name in column()[4], "the segment")


async def test_a_contact_goes_to_the_console_and_is_not_sent(connected):
    async with connected() as drive:
        table = await _load(drive)
        await _select(drive, table, 3)
        uuid = _fields(drive)["UUID"]
        _run(drive, "Open in the console")
        await drive.until(lambda: drive.text("console.path") == "contact", "the console")
        query = drive.find("console.query", QTableView).model()
        assert [query.index(0, column).data() for column in (0, 1)] == ["uuid", uuid]
        assert drive.rows("console.history") == 0


async def test_a_contact_goes_to_identify(connected):
    async with connected() as drive:
        table = await _load(drive)
        row = next(
            row for row, email in enumerate(drive.column("contacts.table", "E-mail", 60)) if email
        )
        await _select(drive, table, row)
        email = _fields(drive)["E-mail"]
        _run(drive, "Identify…")
        await drive.until(lambda: drive.text("identify.email") == email, "the form")


async def test_rows_are_copied_as_json_and_a_contact_read_again_stays_shown(connected):
    async with connected() as drive:
        table = await _load(drive)
        await _select(drive, table, 3, 7)
        _run(drive, "Copy as JSON")
        await drive.until(lambda: "2 contacts are on the clipboard" in _said(drive), "a copy")
        copied = json.loads(QGuiApplication.clipboard().text())
        assert copied[0]["uuid"] == _fields(drive)["UUID"]
        await _select(drive, table, 3)
        _run(drive, "Refresh from Refiner")
        await drive.until(lambda: _said(drive).endswith("is up to date."), "a message")
        assert _fields(drive)["UUID"] == copied[0]["uuid"]


async def test_selected_rows_are_exported(connected, tmp_path, monkeypatch):
    async def chosen(*_):
        return tmp_path / "some.csv"

    monkeypatch.setattr(export_target, "choose_target", chosen)
    async with connected() as drive:
        table = await _load(drive)
        await _select(drive, table, 3, 7)
        before = drive.text("contacts.status")
        _run(drive, "Export selected…")
        await drive.answer("Choose a file…")
        await drive.until(lambda: "2 contacts are in" in _said(drive), "the export")
        assert len((tmp_path / "some.csv").read_text().splitlines()) == 3
        await drive.until(lambda: drive.text("contacts.status") == before, "the count")


async def test_the_menus_offer_what_fits_the_selection(connected):
    async with connected() as drive:
        table = await _load(drive)
        await _select(drive, table, 3, 7)
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Menu)
        more = drive.window.contacts_tab.findChild(QToolButton, "contacts.more").menu()
        offered = {each.text() for each in more.actions() if each.isEnabled()}
        assert {"Add to a segment…", "Copy as CSV", "Export selected…"} <= offered
        assert "Refresh from Refiner" not in offered
        for menu in drive.window.findChildren(QMenu):
            menu.close()


async def test_an_action_from_another_tab_brings_the_rows_that_it_is_about_to_the_front(connected):
    async with connected() as drive:
        table = await _load(drive)
        await _select(drive, table, 2)
        drive.open_tab(3)
        _run(drive, "Copy as CSV")
        await drive.until(lambda: "on the clipboard" in _said(drive), "the copy")
        assert drive.window.contacts_tab.isVisible()
