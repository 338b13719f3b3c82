"""Contacts copied, exported and shown, in the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from refiner_desktop.sandbox.server import Sandbox

pytestmark = pytest.mark.anyio

MANY = 2_500


async def _load(drive, count):
    drive.open_tab(1)
    drive.write("contacts.limit", "All")
    drive.click("contacts.load")
    status = lambda: drive.text("contacts.status")  # noqa: E731
    await drive.until(lambda: status().startswith(f"{count:,} contacts"), "all contacts")
    return drive.find("contacts.table", QTableView)


def _clipboard():
    return [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]


@pytest.fixture
def sandbox():
    with Sandbox(contacts=MANY) as sandbox:
        yield sandbox


async def test_all_rows_are_copied_also_those_never_seen(connected):
    async with connected() as drive:
        table = await _load(drive, MANY)
        table.horizontalHeader().moveSection(table.horizontalHeader().visualIndex(1), 0)
        table.setColumnHidden(2, True)
        table.setFocus()
        table.selectAll()
        QGuiApplication.clipboard().clear()
        QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        said = drive.window.messages.text
        await drive.until(lambda: said() == f"{MANY:,} contacts are on the clipboard.", "a message")
        rows = _clipboard()
        assert len(rows) == MANY
        assert {len(row) for row in rows} == {table.model().columnCount() - 1}
        assert all(any(row) for row in rows)
        assert [row[0] for row in rows[:5]] == drive.column("contacts.table", "User id", 5)
        assert [row[1] for row in rows[:5]] == drive.column("contacts.table", "E-mail", 5)


async def test_only_the_selected_rows_are_copied(connected):
    async with connected() as drive:
        table = await _load(drive, MANY)
        for row in (0, 2_000, 2_001):
            table.selectionModel().select(
                table.model().index(row, 0),
                table.selectionModel().SelectionFlag.Select
                | table.selectionModel().SelectionFlag.Rows,
            )
        QGuiApplication.clipboard().clear()
        table.copy_selection()
        await drive.until(lambda: len(_clipboard()) == 3, "three rows")
        table.scrollTo(table.model().index(2_001, 0))
        ids = lambda: [table.model().index(row, 1).data() for row in (0, 2_000, 2_001)]  # noqa: E731
        await drive.until(lambda: ids()[2] == _clipboard()[2][1], "the same rows")


async def test_the_count_is_back_after_an_export(connected, tmp_path, monkeypatch):
    async def chosen(*_):
        return tmp_path / "contacts.csv"

    monkeypatch.setattr("refiner_desktop.ui.tabs.contacts_tab.choose_target", chosen)
    async with connected() as drive:
        await _load(drive, MANY)
        before = drive.text("contacts.status")
        drive.click("contacts.export")
        await drive.until(lambda: "contacts.csv" in drive.window.messages.text(), "the export")
        assert drive.text("contacts.status") == before


async def test_a_name_of_one_long_word_leaves_the_table_its_room(connected):
    async with connected() as drive:
        table = await _load(drive, MANY)
        before = table.width()
        drive.window.contacts_tab._detail.show_contact({"display_name": "x" * 400})
        await drive.until(lambda: drive.enabled("contacts.load"), "laid out")
        QGuiApplication.processEvents()
        assert table.width() == before


async def test_identify_takes_over_a_contact_and_nothing_of_the_one_before(opened):
    async with opened() as drive:
        drive.write("identify.account_id", "acme")
        attributes = {"seats": 12, "beta": True, "tags": ["a"], "plan": None, "city": "Graz"}
        drive.window.users_tab.fill_identify({"remote_id": 7, "attributes": attributes})
        page = drive.window.users_tab.identify_page
        assert page.draft().payload() == {"id": "7", "seats": 12, "beta": True, "city": "Graz"}
        drive.window.users_tab.fill_identify({"email": "a@example.org", "attributes": "odd"})
        assert page.draft().payload() == {"email": "a@example.org"}
