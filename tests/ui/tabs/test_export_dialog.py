"""What is asked before an export, and what is said after it."""

import asyncio
import csv
import gc
import json
from contextlib import asynccontextmanager

import msgspec
import pytest
import shiboken6
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QMainWindow, QPushButton, QRadioButton

from refiner_desktop.app.collector import rare_rounds
from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.contacts import ContactSet
from refiner_desktop.datasets.exports import formats
from refiner_desktop.datasets.exports.formats import FORMATS
from refiner_desktop.datasets.exports.writing import Written
from refiner_desktop.ui import export_target
from refiner_desktop.ui.tabs.contacts import contact_export
from refiner_desktop.ui.tabs.contacts.contact_export import ContactExport
from refiner_desktop.ui.tabs.contacts.export_dialog import (
    HINTS,
    ExportChoice,
    ExportDialog,
    ExportOffer,
)
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.grid.selected_rows import SelectedRows

pytestmark = pytest.mark.anyio

COLUMNS = (Column("email", "E-mail"), Column("attributes.seats", "seats"))
CONTACTS = [
    {"uuid": f"u-{n}", "email": f"{n}@example.org", "attributes": {"seats": n}} for n in range(9)
]


class Contacts:
    """The rows of a service, without the service."""

    def __init__(self):
        self.rows = ContactSet()
        self.rows.append(msgspec.json.encode({"items": CONTACTS}))
        self.cut_cells = 0
        self.blocked = None

    async def columns(self):
        return self.rows.columns()

    async def export(self, order, file_format, columns, path, on_progress, *, separator):
        if self.blocked:
            await self.blocked.wait()
        written = self.rows.export(order, file_format, columns, path, on_progress)
        return Written(written.rows, self.cut_cells)


class Room:
    def __init__(self, contacts, asked_for):
        self.window = QMainWindow()
        self.tasks = TaskRunner(self.window)
        self.contacts = contacts
        self.export = ContactExport(self.window, contacts, self.tasks)
        self.said, self.progress, self.asked_for = [], [], asked_for
        self.export.filed.connect(lambda text, _path: self.said.append(text))
        self.export.warned.connect(lambda problem: self.said.append(str(problem)))
        self.export.progressed.connect(self.progress.append)

    def rows(self, *runs):
        return SelectedRows(self.contacts.rows.query(), runs, COLUMNS)

    async def dialog(self):
        found = lambda: [x for x in self.window.findChildren(QDialog) if x.isVisible()]  # noqa: E731
        await until(found)
        return found()[0]

    async def press(self, text):
        dialog = await self.dialog()
        next(x for x in dialog.findChildren(QPushButton) if x.text() == text).click()
        await asyncio.sleep(0)


async def until(holds):
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.005)


@pytest.fixture
def opened(monkeypatch):
    @asynccontextmanager
    async def opened(path):
        gc.collect()  # the loop of an earlier test has timers, which belong to this thread
        asked_for = []

        async def chosen(_parent, _title, name, filters):
            asked_for.append((name, filters))
            return path

        monkeypatch.setattr(export_target, "choose_target", chosen)
        room = Room(Contacts(), asked_for)
        room.window.show()
        try:
            with rare_rounds():
                yield room
        finally:
            await room.tasks.aclose()
            room.contacts.rows.close()
            shiboken6.delete(room.window)

    return opened


@pytest.fixture
def parent(qtbot):
    parent = QMainWindow()
    qtbot.addWidget(parent)
    return parent


def _radio(dialog, start):
    return next(x for x in dialog.findChildren(QRadioButton) if x.text().startswith(start))


def test_the_dialog_says_how_much_there_is_and_what_each_format_is_like(parent):
    dialog = ExportDialog(parent, ExportOffer(12_040, 3, 9, 31), ExportChoice())
    texts = {each.text() for each in dialog.findChildren(QRadioButton)}
    assert texts == {
        "All rows that are shown (12,040)",
        "Selected rows (3)",
        "Columns that are shown (9)",
        "All columns (31)",
    }
    for at, each in enumerate(FORMATS):
        dialog.findChild(QComboBox).setCurrentIndex(at)
        assert HINTS[each] in {text.text() for text in dialog.findChildren(QLabel)}
        assert dialog.choice().file_format is each


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("selected", [True, False])
@pytest.mark.parametrize("every", [True, False])
def test_the_dialog_opens_with_what_was_chosen_last(parent, file_format, selected, every):
    choice = ExportChoice(file_format, selected, every)
    assert ExportDialog(parent, ExportOffer(9, 3, 2, 5), choice).choice() == choice


def test_what_there_is_none_of_cannot_be_chosen(parent):
    dialog = ExportDialog(parent, ExportOffer(9, 0, 0, 5), ExportChoice(selected_only=True))
    assert dialog.choice() == ExportChoice(selected_only=False, all_columns=True)
    assert not _radio(dialog, "Selected").isEnabled()


async def test_all_rows_are_written_with_the_columns_that_are_shown(opened, tmp_path):
    path = tmp_path / "all.csv"
    async with opened(path) as room:
        room.export.begin(room.rows((0, 8)), None, 0, prefer=False)
        await room.press("Choose a file…")
        await until(lambda: room.said)
        assert room.said == [f"9 contacts are in {path}."]
        assert room.progress[-1] == "9 of 9 written"
        assert room.asked_for == [("contacts.csv", "CSV (*.csv)")]
    with path.open(newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["E-mail", "seats"]
    assert len(lines) == 10


async def test_selected_rows_are_written_whole_and_the_format_is_remembered(opened, tmp_path):
    path = tmp_path / "some.json"
    async with opened(path) as room:
        selected = room.rows((2, 3), (7, 7))
        room.export.begin(room.rows((0, 8)), selected, 0, prefer=True)
        dialog = await room.dialog()
        assert dialog.choice().selected_only
        dialog.findChild(QComboBox).setCurrentIndex(FORMATS.index(formats.JSON))
        _radio(dialog, "All columns").setChecked(True)
        await room.press("Choose a file…")
        await until(lambda: room.said)
        assert [each["uuid"] for each in json.loads(path.read_bytes())] == ["u-2", "u-3", "u-7"]
        room.export.begin(room.rows((0, 8)), None, 0, prefer=False)
        dialog = await room.dialog()
        assert dialog.choice() == ExportChoice(formats.JSON, all_columns=True)
        await room.press("Cancel")


async def test_cut_cells_and_rows_that_left_are_said(opened, tmp_path):
    async with opened(tmp_path / "a.csv") as room:
        room.contacts.cut_cells = 2
        rows = room.rows((0, 8))
        room.contacts.rows.remove(["u-3"])
        room.export.begin(rows, None, 0, prefer=False)
        await room.press("Choose a file…")
        await until(lambda: room.said)
        assert "8 contacts are in" in room.said[0]
        assert "1 had left the table meanwhile." in room.said[0]
        assert "2 cells were too long for this format and cut." in room.said[0]


@pytest.mark.parametrize(("answer", "kept"), [("Cancel", True), ("Replace", False)])
async def test_a_file_is_not_replaced_unasked_when_its_ending_is_ours(
    opened, tmp_path, answer, kept
):
    there = tmp_path / "list.csv"
    there.write_text("mine")
    async with opened(tmp_path / "list") as room:
        room.export.begin(room.rows((0, 8)), None, 0, prefer=False)
        await room.press("Choose a file…")
        await until(
            lambda: not any(isinstance(x, ExportDialog) for x in _open(room)) and _open(room)
        )
        await room.press(answer)
        await until(lambda: not room.tasks.running("ask about export"))
        await until(lambda: not room.tasks.running("export"))
        assert (there.read_text() == "mine") == kept


def _open(room):
    return [each for each in room.window.findChildren(QDialog) if each.isVisible()]


async def test_a_second_export_does_not_stop_the_first(opened, tmp_path):
    path = tmp_path / "first.csv"
    async with opened(path) as room:
        room.contacts.blocked = asyncio.Event()
        room.export.begin(room.rows((0, 8)), None, 0, prefer=False)
        await room.press("Choose a file…")
        await until(lambda: room.tasks.running("export"))
        assert list(room.tasks.labels().values()) == ["Exporting 9 contacts"]
        room.export.begin(room.rows((0, 8)), None, 0, prefer=False)
        assert room.said == [str(contact_export.BUSY)]
        room.contacts.blocked.set()
        await until(path.exists)
        await until(lambda: len(room.said) == 2)
