"""Contacts as they should be, and as they should not."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import shiboken6
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QSplitter,
    QTableView,
    QTabWidget,
    QToolButton,
)

from refiner_desktop.api.models import Response
from refiner_desktop.ui.tabs.contacts import raw_page, responses_page
from refiner_desktop.ui.tabs.contacts.contact_detail import ContactDetail
from refiner_desktop.ui.tabs.contacts.row_actions import RowActions
from refiner_desktop.ui.tabs.contacts.row_work import RowWork
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.text_view import TextView

pytestmark = pytest.mark.anyio

ANA = {
    "uuid": "ana-1",
    "email": "ana@example.org",
    "remote_id": None,
    "display_name": "Ana",
    "last_seen_at": "2026-03-04T09:15:02.000000Z",
    "segments": [{"name": "Beta", "uuid": "s-1"}, {"name": "All", "uuid": "s-2"}],
    "attributes": {"seats": 12, "plan": "pro"},
    "account": {"remote_id": "acme", "attributes": {"plan": "team"}},
}

ANSWERED = Response.read(
    {
        "uuid": "r-1",
        "form": {"uuid": "f-1", "name": "Product NPS"},
        "completed_at": "2026-03-04 09:15:02",
        "data": {"nps": 9, "why": "a\tb\nc"},
    }
)
SEEN = Response.read({"uuid": "r-2", "form": {"uuid": "f-2", "name": "CSAT"}})


class Service:
    """Answers with what it was given, when it is told to."""

    def __init__(self, answer=()):
        self.answer = answer
        self.asked = []
        self.ready = asyncio.Event()
        self.ready.set()

    async def raw(self, uuid):
        self.asked.append(f"raw {uuid}")
        await self.ready.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return b'{"uuid": "' + uuid.encode() + b'", "as": "sent"}'

    async def responses(self, uuid):
        self.asked.append(uuid)
        await self.ready.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def service():
    return Service([ANSWERED, SEEN])


@pytest.fixture
def opened(service):
    """Return a function that opens the pane in a test: it must not outlive the loop."""

    @asynccontextmanager
    async def opened():
        window = QMainWindow()
        tasks = TaskRunner(window)
        # Nothing is selected, so nothing is asked of the services of these actions.
        actions = RowActions(RowWork(window, None, None, None, None, tasks), lambda: None)
        detail = ContactDetail(actions, service.responses, service.raw, tasks)
        window.setCentralWidget(detail)
        window.show()
        yield detail
        await tasks.aclose()
        shiboken6.delete(window)

    return opened


def _rows(detail, name="contacts.detail.fields"):
    model = detail.findChild(QTableView, name).model()
    return [
        (model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())
    ]


async def _until(holds):
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


def _open(detail, title):
    pages = detail.findChild(QTabWidget)
    pages.setCurrentIndex([pages.tabText(at) for at in range(pages.count())].index(title))


def _notice(detail, name):
    """What the empty table says."""
    table = detail.findChild(QTableView, name)
    return next(each.text() for each in table.findChildren(QLabel) if each.isVisible())


async def test_fields_stand_in_groups_under_the_names_that_people_use(opened):
    async with opened() as detail:
        detail.show_contact(ANA | {"last_seen_at": None})
        assert _rows(detail) == [
            ("Contact  5", None),
            ("UUID", "ana-1"),
            ("E-mail", "ana@example.org"),
            ("User id", ""),
            ("Display name", "Ana"),
            ("Last seen", ""),
            ("Attributes  2", None),
            ("seats", "12"),
            ("plan", "pro"),
            ("Segments  2", None),
            ("Beta", "s-1"),
            ("All", "s-2"),
            ("Account  1", None),
            ("User id", "acme"),
            ("Account attributes  1", None),
            ("plan", "team"),
        ]


@pytest.mark.parametrize(
    ("contact", "line"),
    [
        ({"display_name": 123}, ("Display name", "123")),
        ({"segments": ["a", {"uuid": "u"}, None, 7]}, ("u", "u")),
        ({"segments": "a"}, ("a", "")),
        ({"account": "acme"}, ("account", "acme")),
        ({"attributes": ["x"]}, ("attributes", '["x"]')),
        ({"email": ["x"]}, ("E-mail", '["x"]')),
        ({"attributes": {"a.b": {"c": 1}}}, ("a.b", '{"c":1}')),
        ({"attributes": {"html": "<b>x</b>\n"}}, ("html", "<b>x</b>↵")),
    ],
)
async def test_an_odd_contact_is_shown_too(opened, contact, line):
    async with opened() as detail:
        detail.show_contact(contact)
        assert line in _rows(detail)


@pytest.mark.parametrize("nothing", [{}, {"attributes": [], "account": None, "segments": None}])
async def test_an_empty_contact_has_no_lines(opened, nothing):
    async with opened() as detail:
        detail.show_contact(nothing)
        assert _rows(detail) == []


async def test_the_search_looks_at_names_values_and_paths_and_stays(opened):
    async with opened() as detail:
        search = detail.findChild(QLineEdit, "contacts.detail.search")
        detail.show_contact(ANA)
        search.setText("PLAN tea")
        assert _rows(detail) == [("plan", "team")]
        search.setText("account.attr")
        assert _rows(detail) == [("plan", "team")]
        detail.show_contact(ANA | {"account": None})
        assert _rows(detail) == []
        assert "Clear the search" in _notice(detail, "contacts.detail.fields")
        search.clear()
        assert ("seats", "12") in _rows(detail)


async def test_a_value_is_copied_whole_and_as_it_came(opened):
    async with opened() as detail:
        long = "x" * 5_000 + "\n2026"
        detail.show_contact({"attributes": {"note": long, "when": "2026-03-04T09:15:02Z"}})
        table = detail.findChild(QTableView, "contacts.detail.fields")
        detail.window().activateWindow()
        table.setFocus()
        await _until(table.hasFocus)
        table.selectRow(0)
        QTest.keySequence(table, QKeySequence(QKeySequence.StandardKey.Copy))
        assert QGuiApplication.clipboard().text() == long
        table.selectAll()
        table.copy_selection()
        assert QGuiApplication.clipboard().text() == f"note\t{long}\nwhen\t2026-03-04T09:15:02Z"


async def test_a_long_name_needs_no_room(opened):
    async with opened() as detail:
        before = detail.minimumSizeHint().width()
        detail.show_contact({"display_name": "x" * 400, "email": "y" * 400, "z" * 400: "z" * 400})
        assert detail.minimumSizeHint().width() <= before


async def test_no_button_is_cut_where_the_pane_is_narrowest(opened):
    async with opened() as detail:
        detail.window().resize(300, 600)
        await asyncio.sleep(0)
        shown = [*detail.findChildren(QPushButton), *detail.findChildren(QToolButton)]
        named = {"Identify…", "Track…", "More", "Delete…"}
        cut = [each.text() for each in shown if each.width() < each.minimumSizeHint().width()]
        assert named <= {each.text() for each in shown}
        assert not named & set(cut)


async def test_a_user_id_as_long_as_a_uuid_is_read_whole_beside_nothing(opened):
    async with opened() as detail:
        detail.window().resize(332, 600)
        user_id = "1340e8b6-709e-11f1-8a2f-5ab1"
        detail.show_contact({"email": "natalia@example.org", "remote_id": user_id})
        await asyncio.sleep(0)
        subtitle = next(each for each in detail.findChildren(QLabel) if each.text() == user_id)
        assert subtitle.width() >= subtitle.sizeHint().width()


async def test_the_list_of_responses_has_room_for_its_rows_until_a_person_divides_it(
    opened, service
):
    service.answer = [SEEN] * 5
    async with opened() as detail:
        detail.window().resize(332, 600)
        detail.show_contact(ANA)
        _open(detail, "Responses")
        await _until(lambda: len(_rows(detail, "contacts.responses")) == 5)
        table = detail.findChild(QTableView, "contacts.responses")
        assert table.rowViewportPosition(4) + table.rowHeight(4) <= table.viewport().height()
        parts = detail.findChild(QSplitter)
        parts.moveSplitter(120, 1)
        divided = parts.sizes()
        detail.show_contact(ANA | {"uuid": "another"})
        assert parts.sizes() == divided


async def test_responses_are_asked_for_when_their_page_is_opened_and_not_before(opened, service):
    async with opened() as detail:
        detail.show_contact(ANA)
        await asyncio.sleep(0.02)
        assert service.asked == []
        _open(detail, "Responses")
        await _until(lambda: len(_rows(detail, "contacts.responses")) == 2)
        assert [row[0] for row in _rows(detail, "contacts.responses")] == ["Product NPS", "CSAT"]
        assert ("nps", "9") in _rows(detail, "contacts.responses.answers")
        _open(detail, "Fields")
        _open(detail, "Responses")
        detail.show_contact(ANA)
        await asyncio.sleep(0.02)
        assert service.asked == ["ana-1"]


async def test_the_responses_of_a_contact_that_was_left_are_not_shown(opened, service):
    async with opened() as detail:
        service.ready.clear()
        _open(detail, "Responses")
        detail.show_contact(ANA)
        await _until(lambda: service.asked == ["ana-1"])
        assert _notice(detail, "contacts.responses") == responses_page.WAITING
        service.ready.set()
        service.answer = []
        detail.show_contact(ANA | {"uuid": "ben-2"})
        await _until(lambda: _notice(detail, "contacts.responses") == responses_page.NOTHING)
        assert service.asked == ["ana-1", "ben-2"]


async def test_responses_that_could_not_be_read_can_be_asked_for_again(opened, service):
    async with opened() as detail:
        service.answer = OSError("gone")
        _open(detail, "Responses")
        detail.show_contact(ANA)
        await _until(lambda: _notice(detail, "contacts.responses") == responses_page.FAILED)
        service.answer = [ANSWERED]
        detail.findChild(QPushButton, "contacts.responses.refresh").click()
        await _until(lambda: len(_rows(detail, "contacts.responses")) == 1)


async def test_with_several_rows_selected_the_head_says_what_the_buttons_mean(opened):
    async with opened() as detail:
        detail.show_contact(ANA)
        detail.show_selection(3)
        texts = [each.text() for each in detail.findChildren(QLabel)]
        assert "3 contacts selected" in texts
        assert "Below: Ana" in texts
        detail.show_selection(1)
        texts = [each.text() for each in detail.findChildren(QLabel)]
        assert "Ana" in texts
        assert "ana@example.org · ana-1" in texts


async def test_a_newer_version_takes_the_place_of_the_same_contact_only(opened):
    async with opened() as detail:
        detail.show_contact(ANA)
        detail.show_newer({"uuid": "ben-2", "display_name": "Ben"})
        assert detail.uuid == "ana-1"
        detail.show_newer(ANA | {"display_name": "Ana Maria"})
        assert ("Display name", "Ana Maria") in _rows(detail)


async def test_the_json_page_shows_what_was_loaded_until_refiner_has_answered(opened, service):
    async with opened() as detail:
        service.ready.clear()
        detail.show_contact(ANA)
        text = detail.findChild(TextView, "contacts.detail.json")
        assert service.asked == []  # nobody has looked at it
        _open(detail, "JSON")
        await _until(lambda: service.asked)
        assert ANA["email"] in text.text()
        service.ready.set()
        await _until(lambda: '"as": "sent"' in text.text())


async def test_where_refiner_cannot_be_asked_the_loaded_json_stays(opened, service):
    async with opened() as detail:
        service.answer = OSError("no network")
        detail.show_contact(ANA)
        _open(detail, "JSON")
        await _until(lambda: service.asked)
        text = detail.findChild(TextView, "contacts.detail.json")
        says = lambda: [each.text() for each in detail.findChildren(QLabel)]  # noqa: E731
        await _until(lambda: raw_page.FAILED in says())
        assert ANA["email"] in text.text()
