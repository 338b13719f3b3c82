"""Layouts that stay and views that come back by name, in the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QTableView, QToolButton

from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.sandbox.server import Sandbox

pytestmark = pytest.mark.anyio

CTRL = Qt.KeyboardModifier.ControlModifier


def _grid(drive):
    return drive.window.contacts_tab._grid


def _views(drive):
    return drive.window.contacts_tab._views


async def _load(drive, count):
    drive.open_tab(1)
    await drive.until(lambda: drive.enabled("contacts.load"), "ready")
    drive.click("contacts.load")
    await drive.until(lambda: drive.text("contacts.status") == f"{count:,} contacts", "contacts")
    return drive.find("contacts.table", QTableView)


async def _connect(drive, sandbox, name=""):
    if name:
        drive.click("connection.add")
        drive.write("connection.name", name)
    drive.write("connection.base_url", sandbox.base_url)
    drive.write("connection.api_key", sandbox.key)
    drive.click("connection.connect")
    await _connected(drive, name)


async def _connected(drive, name):
    switch = drive.find("environment.switch", QComboBox)
    if name:
        await drive.until(lambda: switch.currentText() == name, name)
    status = lambda: drive.text("connection.status")  # noqa: E731
    await drive.until(lambda: status().startswith("Connected"), "connected")


def _place(table, title):
    model = table.model()
    across = Qt.Orientation.Horizontal
    return [model.headerData(at, across) for at in range(model.columnCount())].index(title)


async def _arrange(drive, table):
    """Give the table a layout that nobody else has."""
    header = table.horizontalHeader()
    _grid(drive).hide_column("remote_id")
    header.moveSection(header.visualIndex(_place(table, "Segments")), 0)
    header.resizeSection(_place(table, "Display name"), 321)
    drive.click_header("contacts.table", "E-mail")
    await drive.until(lambda: not drive.window.contacts_tab.tasks.running("order"), "sorted")
    await _written(drive)


async def _written(drive):
    memory = drive.window.contacts_tab._memory
    tasks = drive.window.contacts_tab.tasks
    await drive.until(lambda: not memory._settling.isActive(), "the pause")
    await drive.until(lambda: not tasks.running("remember layout"), "written")


def _is_arranged(drive, table):
    header = table.horizontalHeader()
    return (
        header.isSectionHidden(_place(table, "User id"))
        and header.visualIndex(_place(table, "Segments")) == 0
        and header.sectionSize(_place(table, "Display name")) == 321
        and _grid(drive).sort == (SortKey("email"),)
    )


def _is_usual(drive, table):
    header = table.horizontalHeader()
    return (
        not header.hiddenSectionCount()
        and header.visualIndex(_place(table, "E-mail")) == 0
        and header.sectionSize(_place(table, "Display name")) not in (321, 333, 222)
        and _grid(drive).sort == ()
    )


async def test_the_layout_is_there_again_after_a_restart(opened, sandbox):
    async with opened() as drive:
        await _connect(drive, sandbox)
        await _arrange(drive, await _load(drive, 60))
    async with opened() as drive:
        await _connect(drive, sandbox)
        table = await _load(drive, 60)
        assert _is_arranged(drive, table)
        mails = [mail for mail in drive.column("contacts.table", "E-mail", 60) if mail]
        assert mails == sorted(mails, key=str.casefold)
        assert drive.text("contacts.mark") == "1 column hidden"


async def test_what_was_arranged_just_before_the_end_is_there_again_too(opened, sandbox):
    async with opened() as drive:
        await _connect(drive, sandbox)
        table = await _load(drive, 60)
        await _written(drive)
        table.horizontalHeader().resizeSection(_place(table, "Display name"), 333)
    async with opened() as drive:
        await _connect(drive, sandbox)
        table = await _load(drive, 60)
        assert table.horizontalHeader().sectionSize(_place(table, "Display name")) == 333


async def test_every_environment_has_its_own_layout(opened, sandbox):
    with Sandbox(contacts=40) as other:
        async with opened() as drive:
            await _connect(drive, sandbox)
            await _connect(drive, other, "Testing")
            drive.press(Qt.Key.Key_1, CTRL)
            await _connected(drive, "Production")
            table = await _load(drive, 60)
            await _arrange(drive, table)
            drive.write("contacts.filter", "example")
            drive.press(Qt.Key.Key_2, CTRL)
            await _connected(drive, "Testing")
            await _load(drive, 40)
            assert _is_usual(drive, table)
            assert drive.text("contacts.filter") == ""
            drive.press(Qt.Key.Key_1, CTRL)
            await _connected(drive, "Production")
            await _load(drive, 60)
            assert _is_arranged(drive, table)


async def test_what_was_arranged_a_moment_before_a_switch_is_kept(opened, sandbox):
    with Sandbox(contacts=40) as other:
        async with opened() as drive:
            await _connect(drive, sandbox)
            await _connect(drive, other, "Testing")
            table = await _load(drive, 40)
            table.horizontalHeader().resizeSection(_place(table, "Display name"), 222)
            drive.press(Qt.Key.Key_1, CTRL)  # before the pause is over
            await _connected(drive, "Production")
            drive.press(Qt.Key.Key_2, CTRL)
            await _connected(drive, "Testing")
            await _load(drive, 40)
            assert table.horizontalHeader().sectionSize(_place(table, "Display name")) == 222


async def test_a_saved_view_brings_everything_back(opened, sandbox):
    async with opened() as drive:
        await _connect(drive, sandbox)
        table = await _load(drive, 60)
        drive.write("contacts.segment", "Promoters")
        drive.click("contacts.load")
        await drive.until(lambda: 0 < drive.rows("contacts.table") < 60, "its members")
        await drive.until(lambda: drive.enabled("contacts.load"), "all of them")
        members = drive.rows("contacts.table")
        await _arrange(drive, table)
        drive.write("contacts.filter", "e")
        await drive.until(lambda: drive.text("contacts.mark").endswith("1 filter"), "filtered")
        await _save_as(drive, "Happy people")
        drive.write("contacts.filter", "")
        drive.write("contacts.segment", "")
        _grid(drive).rearrange(())
        _grid(drive).set_sort(())
        await _load(drive, 60)
        assert _is_usual(drive, table)
        _views(drive).open_view("Happy people")
        await drive.until(lambda: drive.text("contacts.filter") == "e", "the filter")
        loaded = lambda: drive.window.contacts_tab._contacts.count == members  # noqa: E731
        await drive.until(loaded, "its contacts")
        await drive.until(lambda: drive.enabled("contacts.load"), "all of them")
        assert _is_arranged(drive, table)
        segment = drive.find("contacts.segment", QComboBox)
        assert segment.currentText() == "Promoters"
        title = drive.find("contacts.views", QToolButton).text
        await drive.until(lambda: title() == "Happy people", "nothing is changed")
        _grid(drive).hide_column("display_name")
        assert title() == "Happy people (changed)"


async def test_views_are_renamed_replaced_and_deleted_after_a_question(opened, sandbox):
    async with opened() as drive:
        await _connect(drive, sandbox)
        await _load(drive, 60)
        await _save_as(drive, "First")
        await _save_as(drive, "Second")
        _views(drive).rename()
        await drive.until(lambda: drive.question() is not None, "the name")
        field = drive.question().findChild(QLineEdit)
        field.setText("First")
        assert "already" in drive.labels_in(drive.question())
        field.setText("Third")
        await drive.answer("Rename")
        await drive.until(lambda: _views(drive)._names == ("First", "Third"), "renamed")
        assert "Third" in drive.text("contacts.views")
        assert not any(word in drive.window.messages.text() for word in ("failed", "wrong"))
        await _save_as(drive, "First", replace=True)
        assert _views(drive).name == "First"
        _views(drive).delete()
        said = await drive.answer("Delete")
        assert "Delete the view “First”?" in said
        await drive.until(lambda: _views(drive)._names == ("Third",), "deleted")
        assert _views(drive).name == ""


async def _save_as(drive, name, *, replace=False):
    _views(drive).save_as()
    await drive.until(lambda: drive.question() is not None, "the name")
    drive.question().findChild(QLineEdit).setText(name)
    await drive.answer("Save")
    if replace:
        assert "is saved already" in await drive.answer("Replace")
    await drive.until(lambda: _views(drive).name == name, "saved")
    await drive.until(lambda: not drive.window.contacts_tab.tasks.running("view"), "the end")
