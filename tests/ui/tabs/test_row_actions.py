"""What can be done with selected rows, on a sandbox that is changed for real."""

import asyncio
import csv
import gc
import io
import json
from contextlib import asynccontextmanager

import httpx
import pytest
import shiboken6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QPushButton,
    QTableView,
    QWidget,
)

from refiner_desktop.api.errors import ReadOnly, Refused
from refiner_desktop.app.collector import rare_rounds
from refiner_desktop.datasets.columns import Column
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.contacts.actions import ContactActions
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.handover import Handover
from refiner_desktop.services.contacts.mass_action import ActionProgress, ActionResult, Outcome
from refiner_desktop.services.contacts.targets import Target
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.keys import Keys
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.settings.secrets import MemoryStore
from refiner_desktop.settings.settings import Environment, SettingsStore
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.tabs.contacts import contact_copy, row_work
from refiner_desktop.ui.tabs.contacts.action_result_dialog import ActionResultDialog
from refiner_desktop.ui.tabs.contacts.contact_words import question_of_deleting
from refiner_desktop.ui.tabs.contacts.row_actions import RowActions, button_of
from refiner_desktop.ui.tabs.contacts.row_work import RowWork
from refiner_desktop.ui.tabs.contacts.selected_contacts import contacts_of
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.grid.selected_rows import Cell, SelectedRows

pytestmark = pytest.mark.anyio

EMAIL, USER_ID = Column("email", "E-mail"), Column("remote_id", "User id")


class Room:
    """A window with the actions on rows of a sandbox, and all that they say."""

    def __init__(self, sandbox, connection, folder):
        self.sandbox = sandbox
        self.connection = connection
        self.contacts = ContactsService(connection)
        self.actions_service = ContactActions(connection, self.contacts)
        self.window = QMainWindow()
        self.tasks = TaskRunner(self.window)
        handover = Handover(self.contacts, folder)
        self.work = RowWork(
            self.window, self.contacts, self.actions_service, handover, connection, self.tasks
        )
        self.rows = None
        self.actions = RowActions(self.work, lambda: self.rows)
        self.said, self.failed = [], []
        self.handed_over = []
        self.work.bulk_requested.connect(lambda *file: self.handed_over.append(file))
        self.work.announced.connect(self.said.append)
        self.work.warned.connect(lambda problem: self.said.append(str(problem)))
        self.tasks.failed.connect(self.failed.append)

    async def order(self):
        return await self.contacts.order(RowFilter(), (), None)

    async def select(self, *runs, columns=(EMAIL, USER_ID), cell=None):
        order = await self.order()
        self.rows = SelectedRows(order, runs, columns, Cell(*cell) if cell else None)
        self.actions.show_selection()
        return await contacts_of(self.rows, self.contacts)

    async def until(self, holds):
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.005)

    async def done(self):
        names = (row_work.ASK, row_work.ACT, row_work.COPY, row_work.REFRESH)
        await self.until(lambda: not any(map(self.tasks.running, names)))

    async def copied(self, action):
        self.said.clear()
        action.trigger()
        await self.until(lambda: self.said)
        return QGuiApplication.clipboard().text()

    async def question(self):
        found = lambda: [x for x in self.window.findChildren(QDialog) if x.isVisible()]  # noqa: E731
        await self.until(found)
        return found()[0]

    async def answer(self, button, word=""):
        """Answer the question that is open, and return what it said."""
        question = await self.question()
        said = "\n".join(each.text() for each in question.findChildren(QLabel))
        if word:
            question.findChild(QLineEdit).setText(word)
        buttons = {each.text(): each for each in question.findChildren(QPushButton)}
        buttons[button].click()
        await asyncio.sleep(0)
        return said


@pytest.fixture
def opened(sandbox, tmp_path):
    """Return a function that opens a room in a test: it must not outlive the loop."""

    @asynccontextmanager
    async def opened():
        gc.collect()  # the loop of an earlier test has timers, which belong to this thread
        settings = SettingsStore(tmp_path / "settings.json")
        connection = ConnectionService(settings, Keys(MemoryStore(), Mask()))
        await connection.connect(_environment(sandbox), Secret(sandbox.key))
        room = Room(sandbox, connection, tmp_path / "handover")
        room.window.show()
        try:
            with rare_rounds():  # as in the application
                await room.contacts.load(ContactChoice(), lambda progress: None)
                yield room
        finally:
            await room.tasks.aclose()
            await room.contacts.aclose()
            await connection.aclose()
            shiboken6.delete(room.window)  # here; the collector might do it on another thread

    return opened


def _environment(sandbox, **options):
    return Environment(name="Sandbox", base_url=sandbox.base_url, **options)


async def _become(room, **options):
    """Connect again, to an environment that is guarded in another way."""
    await room.connection.connect(_environment(room.sandbox, **options), Secret(room.sandbox.key))


# Copying


async def test_rows_are_copied_as_json_like_the_api_sends_them(opened):
    async with opened() as room:
        contacts = await room.select((2, 3), (7, 7))
        assert json.loads(await room.copied(room.actions.copy_rows[3])) == contacts
        assert room.said == ["3 contacts are on the clipboard."]
        (contact,) = await room.select((5, 5))
        text = await room.copied(room.actions.copy_rows[3])
        assert json.loads(text) == contact
        assert "\n  " in text


async def test_rows_are_copied_as_csv_with_titles_and_the_columns_that_are_shown(opened):
    async with opened() as room:
        contacts = await room.select((0, 4))
        rows = list(csv.reader(io.StringIO(await room.copied(room.actions.copy_rows[1]))))
        assert rows[0] == ["E-mail", "User id"]
        assert rows[1:] == [[c["email"] or "", c["remote_id"] or ""] for c in contacts]


async def test_rows_are_copied_as_a_markdown_table(opened):
    async with opened() as room:
        (contact,) = await room.select((1, 1), columns=(EMAIL,))
        lines = (await room.copied(room.actions.copy_rows[2])).splitlines()
        assert lines == ["| E-mail |", "| --- |", f"| {contact['email'] or ''} |"]


async def test_every_cell_of_a_copy_is_what_the_table_has(opened):
    async with opened() as room:
        columns = await room.contacts.columns()
        await room.select((0, 59), columns=columns)
        text = await room.copied(room.actions.copy_rows[0])
        window = await room.contacts.window(await room.order(), 0, 60, columns)
        assert text.split("\n") == ["\t".join(cell or "" for cell in cells) for cells in window]


AWKWARD = 'a|b\t"c",\r\nd<i>\\ =1'


@pytest.mark.parametrize(
    ("layout", "line"),
    [
        (contact_copy.TABS, 'a|b "c",  d<i>\\ =1'),
        (contact_copy.CSV, '"a|b\t""c"",\r\nd<i>\\ =1"'),
        (contact_copy.MARKDOWN, '| a\\|b\t"c",<br>d\\<i>\\\\ =1 |'),
    ],
)
def test_no_value_breaks_its_row(layout, line):
    contact = {"attributes": {"x.y": AWKWARD}}
    assert layout.row(contact, [Column("attributes.x.y", "x.y")]) == line


def test_a_copied_csv_runs_nothing_in_a_spreadsheet():
    contact = {"attributes": {"x": "=HYPERLINK(1)"}}
    assert contact_copy.CSV.row(contact, [Column("attributes.x", "x")]) == "'=HYPERLINK(1)"


async def test_the_current_cell_is_copied_as_it_is(opened):
    async with opened() as room:
        (contact,) = await room.select((3, 3), cell=(3, EMAIL))
        assert await room.copied(room.actions.copy_cell) == contact["email"]
        assert room.said == ["E-mail is on the clipboard."]


async def test_a_clipboard_is_not_made_to_hold_more_than_it_should(opened, monkeypatch):
    async with opened() as room:
        monkeypatch.setattr(contact_copy, "LARGEST_COPY", 100)
        QGuiApplication.clipboard().setText("before")
        await room.select((0, 59))
        assert await room.copied(room.actions.copy_rows[3]) == "before"
        assert "too much for a clipboard" in room.said[0]


async def test_rows_that_are_gone_are_not_copied(opened):
    async with opened() as room:
        (contact,) = await room.select((4, 4))
        await room.contacts.remove([contact["uuid"]])
        room.actions.copy_rows[0].trigger()
        await room.until(lambda: room.failed)


# Which actions fit


async def test_actions_are_grey_unless_they_fit_the_selection(opened):
    async with opened() as room:
        registry = ActionRegistry(room.window)
        room.actions.register(registry, room.window)
        known = {entry.title: entry.action for entry in registry}
        delete = button_of(room.actions.delete)
        delete.setParent(room.window)

        def offered():
            named = {title for title, action in known.items() if action.isEnabled()}
            menu = room.actions.menu(room.window)
            assert {
                each.text() for each in menu.actions() if each.text() and each.isEnabled()
            } == named
            assert delete.isEnabled() == ("Delete…" in named)
            return named

        room.actions.show_selection()
        assert offered() == set()
        await room.select((0, 3))
        several = offered()
        assert {"Delete…", "Copy as CSV", "Add to a segment…", "Export selected…"} <= several
        assert not {"Identify…", "Track…", "Refresh from Refiner", "Copy the cell"} & several
        await room.select((0, 0), cell=(0, EMAIL))
        assert offered() == set(known)


# Handing on


async def test_identify_and_track_hand_the_contact_on(opened):
    async with opened() as room:
        handed = []
        room.work.identify_requested.connect(handed.append)
        room.work.track_requested.connect(handed.append)
        place = await _place(room, lambda contact: contact["email"])
        (contact,) = await room.select((place, place))
        room.actions.identify.trigger()
        await room.until(lambda: len(handed) == 1)
        room.actions.track.trigger()
        await room.until(lambda: len(handed) == 2)
        assert handed == [contact, contact]


async def test_an_anonymous_contact_cannot_be_identified_and_that_is_said(opened):
    async with opened() as room:
        place = await _place(room, lambda c: not c["email"] and not c["remote_id"])
        await room.select((place, place))
        room.actions.identify.trigger()
        await room.until(lambda: room.said)
        assert "neither a user id nor an e-mail address" in room.said[0]


async def _place(room, fits):
    contacts = await room.contacts.contacts_at(await room.order(), range(60))
    return next(place for place, contact in enumerate(contacts) if fits(contact))


async def test_the_console_gets_a_call_by_uuid_that_only_reads(opened):
    async with opened() as room:
        requests = []
        room.work.console_requested.connect(requests.append)
        (contact,) = await room.select((6, 6))
        room.actions.open_in_console.trigger()
        await room.until(lambda: requests)
        (request,) = requests
        assert (request.method, request.path) == ("GET", "contact")
        assert request.query == (("uuid", contact["uuid"]),)


# Refreshing


async def test_a_contact_is_read_again(opened):
    async with opened() as room:
        refreshed = []
        room.work.refreshed.connect(refreshed.append)
        (contact,) = await room.select((6, 6))
        room.actions.refresh.trigger()
        await room.until(lambda: room.said)
        assert [each["uuid"] for each in refreshed] == [contact["uuid"]]
        assert room.said[0].endswith("is up to date.")


async def test_a_contact_that_is_gone_leaves_the_rows(opened):
    async with opened() as room:
        (contact,) = await room.select((6, 6))
        async with httpx.AsyncClient(base_url=room.sandbox.base_url) as client:
            await client.delete(
                "contact",
                params={"uuid": contact["uuid"]},
                headers={"Authorization": f"Bearer {room.sandbox.key}"},
            )
        room.actions.refresh.trigger()
        await room.until(lambda: room.said)
        assert room.said[0].endswith("is no longer in Refiner; the row was removed.")
        assert contact["uuid"] not in await _uuids(room)


async def _uuids(room):
    contacts = await room.contacts.contacts_at(await room.order(), range(len(await room.order())))
    return [contact["uuid"] for contact in contacts]


# Deleting


async def test_deleting_names_the_contacts_and_what_else_goes(opened):
    async with opened() as room:
        contacts = await room.select((0, 6))
        room.actions.delete.trigger()
        said = await room.answer("Cancel")
        await room.done()
        assert "Delete 7 contacts?" in said
        for contact in contacts[:5]:
            assert (contact["display_name"] or contact["email"] or contact["remote_id"]) in said
        assert "…and 2 more" in said
        assert "survey responses go too, and nothing brings them back" in said
        assert len(await _uuids(room)) == 60


async def test_deleted_contacts_are_gone_here_and_there(opened):
    async with opened() as room:
        changed = []
        room.work.rows_changed.connect(lambda: changed.append(True))
        contacts = await room.select((0, 2))
        room.actions.delete.trigger()
        await room.answer("Delete")
        await room.until(lambda: room.said)
        assert room.said == ["3 contacts were deleted."]
        assert changed
        gone = {contact["uuid"] for contact in contacts}
        assert not gone & set(await _uuids(room))
        await room.contacts.load(ContactChoice(), lambda progress: None)
        left = await _uuids(room)
        assert len(left) == 57
        assert not gone & set(left)


async def test_in_production_the_name_of_the_environment_is_typed(opened):
    async with opened() as room:
        await _become(room, production=True)
        (contact,) = await room.select((2, 2))
        room.actions.delete.trigger()
        question = await room.question()
        buttons = {each.text(): each for each in question.findChildren(QPushButton)}
        assert not buttons["Delete 1 contact"].isEnabled()
        said = await room.answer("Delete 1 contact", "Sandbox")
        assert "from Sandbox?" in said
        assert (contact["display_name"] or contact["email"]) in said
        assert "nothing brings them back" in said
        await room.until(lambda: room.said)
        assert contact["uuid"] not in await _uuids(room)


@pytest.mark.parametrize("verb", ["delete", "add_to_segment", "remove_from_segment"])
async def test_read_only_is_said_before_anything_is_asked(opened, verb):
    async with opened() as room:
        await _become(room, read_only=True)
        await room.select((0, 2))
        getattr(room.actions, verb).trigger()
        await room.until(lambda: room.failed)
        assert isinstance(room.failed[0], ReadOnly)
        assert not room.window.findChildren(QDialog)
        assert len(await _uuids(room)) == 60


def test_namesakes_are_told_apart_and_the_nameless_have_their_uuid():
    namesake = Target("u-1", "7", "ana@example.org", "Ana")
    assert question_of_deleting([namesake])[0] == "Delete Ana (ana@example.org)?"
    assert "Anonymous contact u-2" in question_of_deleting([Target("u-2")])[0]
    assert question_of_deleting([Target("u", "7", "a@b.c", "a@b.c")])[0] == "Delete a@b.c?"


# Segments


async def _manual(room):
    return sorted(each.name for each in await room.contacts.segments() if each.is_manual)


def _segments(contact, among):
    return [each["name"] for each in contact["segments"] if each["name"] in among]


async def test_contacts_join_a_manual_segment_and_leave_it(opened):
    async with opened() as room:
        manual = await _manual(room)
        place = await _place(room, lambda c: c["email"] and not _segments(c, manual))
        (contact,) = await room.select((place, place))
        room.actions.add_to_segment.trigger()
        await room.answer("Add", manual[-1])
        await room.until(lambda: room.said)
        assert room.said[0].endswith(f"was added to {manual[-1]}.")
        (joined,) = await room.select((place, place))
        assert _segments(joined, manual) == [manual[-1]]
        room.said.clear()
        room.actions.remove_from_segment.trigger()
        await room.answer("Remove")
        await room.until(lambda: room.said)
        (left,) = await room.select((place, place))
        assert left["uuid"] == contact["uuid"]
        assert _segments(left, manual) == []


async def test_only_manual_segments_are_offered(opened):
    async with opened() as room:
        await room.select((0, 59))
        room.actions.add_to_segment.trigger()
        segments = (await room.question()).findChild(QListWidget)
        offered = {segments.item(row).text() for row in range(segments.count())}
        assert {name.split("  ·  ")[0] for name in offered} == set(await _manual(room))
        assert any(" of 60" in name for name in offered)
        await room.answer("Cancel")
        await room.done()


async def test_removing_from_a_segment_wants_a_member(opened):
    async with opened() as room:
        manual = await _manual(room)
        place = await _place(room, lambda c: not _segments(c, manual))
        await room.select((place, place))
        room.actions.remove_from_segment.trigger()
        await room.until(lambda: room.said)
        assert "None of these contacts is in a manual segment" in room.said[0]


# What failed, what was stopped


class Slow:
    """Deletes one contact and then takes for ever."""

    name_to_type = ""

    def __init__(self):
        self.begun = asyncio.Event()

    async def targets(self, order):
        return [Target(str(number)) for number in order.ids]

    async def delete(self, targets, on_progress):
        on_progress(ActionProgress(1, 0, len(targets)))
        self.begun.set()
        await asyncio.Event().wait()


async def test_a_second_action_waits_for_the_first_and_a_stopped_one_says_how_far_it_came(opened):
    async with opened() as room:
        await room.select((0, 3))
        room.work._actions = slow = Slow()
        room.actions.delete.trigger()
        await room.answer("Delete")
        await slow.begun.wait()
        assert list(room.tasks.labels().values()) == ["Deleting 4 contacts"]
        room.actions.delete.trigger()
        assert room.said == [str(row_work.BUSY)]
        room.tasks.cancel(row_work.ACT)
        await room.done()
        assert room.said[1] == "Stopped: 1 of 4 deleted. All others were left alone."


def test_failures_come_first_and_everything_can_be_copied(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    outcomes = (
        Outcome(Target("u-1", name="Ana")),
        Outcome(Target("u-2", email="ben@example.org"), Refused("tab\there")),
        Outcome(Target("u-3", name="<b>Cleo</b>")),
    )
    dialog = ActionResultDialog(parent, ActionResult(outcomes), "deleted")
    model = dialog.findChild(QTableView, "contacts.results").model()
    first = [model.index(row, 0).data() for row in range(3)]
    assert first == ["ben@example.org", "Ana", "<b>Cleo</b>"]
    assert "1 of 3 contacts could not be deleted." in [
        x.text() for x in dialog.findChildren(QLabel)
    ]
    dialog.copy()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert [line[0] for line in lines] == ["Contact", *first]
    assert {len(line) for line in lines} == {4}
    assert "tab here" in lines[1][2]
    assert lines[1][3] == "u-2"


async def test_selected_contacts_go_to_a_bulk_run_as_a_file_of_all_that_is_known(opened):
    async with opened() as room:
        chosen = await room.select((0, 1), (4, 4))
        room.actions.send_to_bulk.trigger()
        await room.until(lambda: room.handed_over)
        ((path, title),) = room.handed_over
        assert title == "3 contacts"
        handed_over = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert [each["remote_id"] for each in handed_over] == [each["remote_id"] for each in chosen]
        assert handed_over[0]["attributes"] == {
            key: value for key, value in chosen[0]["attributes"].items() if value is not None
        }
