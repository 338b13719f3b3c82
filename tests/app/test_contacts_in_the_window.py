"""Contacts loaded, sorted, filtered, copied, exported and shown, in the real window."""

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QTabBar, QTableView, QWidget

from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.sandbox.server import Sandbox
from refiner_desktop.services.requests.draft import Row
from refiner_desktop.services.rows.view import FilterChip, RowFilter

pytestmark = pytest.mark.anyio

MANY = 2_500
SHIFT = Qt.KeyboardModifier.ShiftModifier


async def _load(drive, count):
    drive.open_tab(1)
    drive.write("contacts.limit", "All")
    drive.click("contacts.load")
    status = lambda: drive.text("contacts.status")  # noqa: E731
    await drive.until(lambda: status().startswith(f"{count:,} contacts"), "all contacts")
    await _settled(drive)
    return drive.find("contacts.table", QTableView)


async def _reload(drive, count):
    drive.click("contacts.load")
    await drive.until(lambda: not drive.enabled("contacts.load"), "it loads")
    await drive.until(lambda: drive.enabled("contacts.load"), "it has loaded")
    await drive.until(lambda: not _grid(drive).busy, "the rows")
    await drive.until(lambda: f"{count:,} contacts" in drive.text("contacts.status"), "the count")


def _grid(drive):
    return drive.window.contacts_tab._grid


def _bar(drive):
    return drive.window.contacts_tab._bar


def _clipboard():
    return [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]


def _place(table, title):
    model = table.model()
    across = Qt.Orientation.Horizontal
    titles = [model.headerData(at, across) for at in range(model.columnCount())]
    return titles.index(title)


def _click_header(table, title, modifiers=Qt.KeyboardModifier.NoModifier):
    header, column = table.horizontalHeader(), _place(table, title)
    table.scrollTo(table.model().index(0, column))
    place = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def _rows(drive, *titles, count=60):
    columns = [drive.column("contacts.table", title, count) for title in titles]
    return list(zip(*columns, strict=True))


async def _settled(drive):
    """Wait until the rows of the last wish are on the screen, cells and all."""
    model = _grid(drive).table.model()

    def settled():
        model.index(0, 0).data()
        return not (_grid(drive).busy or model._asked)

    await drive.until(settled, "the rows")


@pytest.fixture
def many():
    with Sandbox(contacts=MANY) as sandbox:
        yield sandbox


@pytest.fixture
def connected_to_many(many, connected):
    return partial(connected, many)


# Copying and exporting


async def test_all_rows_are_copied_also_those_never_seen(connected_to_many):
    async with connected_to_many() as drive:
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


async def test_only_the_selected_rows_are_copied(connected_to_many):
    async with connected_to_many() as drive:
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

    monkeypatch.setattr("refiner_desktop.ui.export_target.choose_target", chosen)
    async with connected() as drive:
        await _load(drive, 60)
        before = drive.text("contacts.status")
        drive.click("contacts.export")
        await drive.answer("Choose a file…")
        await drive.until(lambda: "contacts.csv" in drive.window.messages.text(), "the export")
        assert drive.text("contacts.status") == before
        assert len((tmp_path / "contacts.csv").read_text().splitlines()) >= 61


# Sorting and filtering


async def test_clicks_on_a_header_sort_up_and_down_and_not_at_all(connected):
    async with connected() as drive:
        table = await _load(drive, 60)
        before = _rows(drive, "E-mail")
        _click_header(table, "E-mail")
        await _settled(drive)
        up = [cell for (cell,) in _rows(drive, "E-mail")]
        filled = [cell for cell in up if cell]
        assert filled == sorted(filled, key=str.casefold)
        assert not any(up[len(filled) :])
        _click_header(table, "E-mail")
        await _settled(drive)
        down = [cell for (cell,) in _rows(drive, "E-mail")]
        assert down[: len(filled)] == filled[::-1]
        _click_header(table, "E-mail")
        await _settled(drive)
        assert _rows(drive, "E-mail") == before


async def test_shift_sorts_by_a_second_column_and_the_marks_say_so(connected):
    async with connected() as drive:
        table = await _load(drive, 60)
        _click_header(table, "plan")
        await _settled(drive)
        _click_header(table, "E-mail", SHIFT)
        await _settled(drive)
        _click_header(table, "E-mail", SHIFT)
        await _settled(drive)
        assert _grid(drive).sort == (SortKey("attributes.plan"), SortKey("email", True))
        rows = [row for row in _rows(drive, "plan", "E-mail") if all(row)]
        plans = [plan.casefold() for plan, _ in rows]
        assert plans == sorted(plans)
        for plan in set(plans):
            mails = [mail for its, mail in rows if its.casefold() == plan]
            assert mails == sorted(mails, reverse=True)
        said = table.model().headerData(
            _place(table, "E-mail"), Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole
        )
        assert said == "E-mail, sorted descending, number 2 of 2"


async def test_words_are_looked_for_in_visible_columns_only(connected):
    async with connected() as drive:
        await _load(drive, 60)
        mails = drive.column("contacts.table", "E-mail", 60)
        word = next(mail for mail in mails if mail).partition("@")[0]
        drive.write("contacts.filter", word)
        await drive.until(lambda: "of 60 contacts" in drive.text("contacts.status"), "fewer")
        assert drive.text("contacts.mark") == "1 filter"
        for key in ("email", "attributes.email", "display_name", "attributes.name"):
            _grid(drive).hide_column(key)
        await drive.until(lambda: drive.text("contacts.status").startswith("0 of 60"), "none")
        assert "No contact passes the filters" in drive.labels_in(_grid(drive))


async def test_a_filter_that_cannot_be_used_keeps_the_last_good_rows(connected):
    async with connected() as drive:
        await _load(drive, 60)
        _grid(drive).set_filter(RowFilter(expert="email IS NOT NULL"))
        await drive.until(lambda: drive.rows("contacts.table") < 60, "fewer rows")
        good = drive.rows("contacts.table")
        refused = []
        _grid(drive).refused.connect(refused.append)
        broken = Condition("email", Operator.MATCHES, ("(",))
        _grid(drive).set_filter(RowFilter(chips=(FilterChip(broken),)))
        await drive.until(lambda: refused and not _grid(drive).busy, "it is refused")
        assert refused[-1].key == "email"
        assert drive.rows("contacts.table") == good
        await _reload(drive, 60)
        assert drive.rows("contacts.table") == good


# Columns


async def test_all_columns_hidden_says_how_they_come_back(connected):
    async with connected() as drive:
        await _load(drive, 60)
        drive.click("contacts.columns")
        await drive.until(lambda: drive.question() is not None, "the columns")
        drive.click("contacts.columns.none")
        drive.click("contacts.columns.done")
        assert "All columns are hidden" in drive.labels_in(_grid(drive))
        assert "columns hidden" in drive.text("contacts.mark")
        drive.click("contacts.columns")
        drive.click("contacts.columns.usual")
        drive.click("contacts.columns.done")
        assert "All columns are hidden" not in drive.labels_in(_grid(drive))
        assert not drive.visible("contacts.mark")


async def test_the_chooser_says_how_many_rows_have_a_column(connected):
    async with connected() as drive:
        await _load(drive, 60)
        drive.click("contacts.columns")
        chooser = drive.window.contacts_tab._tools._chooser
        counts = lambda: {item.text(0): item.text(1) for item in chooser._list.items()}  # noqa: E731
        await drive.until(lambda: counts().get("UUID") == "60 of 60 rows", "the counts")
        filled = sum(bool(cell) for cell in drive.column("contacts.table", "E-mail", 60))
        assert counts()["E-mail"] == f"{filled} of 60 rows"
        drive.click("contacts.columns.done")


# A reload


async def test_a_reload_keeps_sort_filter_columns_widths_and_the_chosen_contact(connected):
    async with connected() as drive:
        table = await _load(drive, 60)
        header = table.horizontalHeader()
        _click_header(table, "E-mail")
        _grid(drive).hide_column("remote_id")
        header.resizeSection(_place(table, "Display name"), 321)
        header.moveSection(header.visualIndex(_place(table, "Segments")), 0)
        drive.write("contacts.filter", "all users")
        await drive.until(lambda: _grid(drive).filtered, "the filter")
        await _settled(drive)
        drive.click_row("contacts.table", 7)
        before = _rows(drive, "E-mail", "UUID")
        told = []
        _grid(drive).chosen.connect(told.append)
        await _reload(drive, 60)
        await _settled(drive)
        assert _rows(drive, "E-mail", "UUID") == before
        assert header.isSectionHidden(_place(table, "User id"))
        assert header.sectionSize(_place(table, "Display name")) == 321
        assert header.visualIndex(_place(table, "Segments")) == 0
        assert table.currentIndex().row() == 7
        assert table.selected_runs() == [(7, 7)]
        assert -1 not in told  # the detail did not go away meanwhile


async def test_a_chosen_contact_that_is_gone_after_a_reload_is_chosen_no_more(connected, sandbox):
    async with connected() as drive:
        table = await _load(drive, 60)
        drive.click_row("contacts.table", 3)
        await drive.until(lambda: drive.enabled("contacts.delete"), "the contact")
        drive.write("contacts.search", "nobody is called so")
        drive.click("contacts.load")
        await drive.until(lambda: drive.text("contacts.status") == "0 contacts", "nobody")
        assert not table.currentIndex().isValid()
        assert "No contact chosen" in drive.texts_in("contacts.detail")
        assert "Refiner has no contacts for this" in drive.labels_in(_grid(drive))


async def test_the_chosen_contacts_follow_a_sort(connected):
    async with connected() as drive:
        table = await _load(drive, 60)
        drive.click_row("contacts.table", 2)
        flags = table.selectionModel().SelectionFlag
        table.selectionModel().select(table.model().index(9, 0), flags.Select | flags.Rows)
        chosen = {table.model().text(row, "uuid") for row in (2, 9)}
        current = table.model().text(2, "uuid")
        _grid(drive).set_sort([SortKey("uuid")])
        await _settled(drive)
        rows = [row for first, last in table.selected_runs() for row in range(first, last + 1)]
        assert {table.model().text(row, "uuid") for row in rows} == chosen
        assert table.model().text(table.currentIndex().row(), "uuid") == current


async def test_a_table_with_all_rows_selected_stays_quick(connected_to_many):
    async with connected_to_many() as drive:
        table = await _load(drive, MANY)
        asked = []
        table.model().flags = lambda index: asked.append(index) or Qt.ItemFlag.ItemIsEnabled
        table.selectAll()
        table.grab()
        assert len(asked) < MANY  # Qt's header would ask for every row, section by section


async def test_stopped_before_anything_came_the_table_says_how_to_begin(connected, sandbox):
    async with connected() as drive:
        drive.open_tab(1)
        sandbox.faults.latency(5, path="/contacts")
        drive.click("contacts.load")
        said = lambda: drive.labels_in(_grid(drive))  # noqa: E731
        await drive.until(lambda: "first contacts are on their way" in said(), "waiting")
        drive.click("contacts.stop")
        await drive.until(lambda: drive.enabled("contacts.load"), "stopped")
        assert "press “Load contacts”" in said()
        sandbox.faults.clear()


# Choices, progress, resume


async def test_a_segment_is_found_by_letters_and_by_its_uuid(connected, sandbox):
    async with connected() as drive:
        await _load(drive, 60)
        segment = sandbox.world.segments.named("Promoters")
        drive.write("contacts.segment", "promo")
        drive.click("contacts.load")
        await drive.until(lambda: 0 < drive.rows("contacts.table") < 60, "its members")
        await drive.until(lambda: drive.enabled("contacts.load"), "loaded")
        members = drive.rows("contacts.table")
        drive.write("contacts.segment", "")
        await _load(drive, 60)
        drive.write("contacts.segment", str(segment.uuid).upper())
        drive.click("contacts.load")
        await drive.until(lambda: drive.rows("contacts.table") == members, "the same members")


async def test_a_survey_that_does_not_exist_is_said_and_nothing_is_asked_for(connected, sandbox):
    async with connected() as drive:
        drive.open_tab(1)
        calls = len(sandbox.record.calls)
        drive.write("contacts.survey", "no such survey")
        drive.click("contacts.load")
        assert "There is no survey “no such survey”" in drive.text("contacts.status")
        assert drive.enabled("contacts.load")
        assert len(sandbox.record.calls) == calls


async def test_a_load_asked_for_while_a_connection_opens_is_not_lost(connected):
    async with connected() as drive:
        tab = drive.window.contacts_tab
        await drive.until(lambda: not tab.tasks.running("environment"), "settled")
        for _ in range(2):  # the second waits for the first to end
            tab._project_uuid = ""
            tab._on_connection_changed(tab._connection.status)
        tab.load()  # in the same turn of the loop, as a person who is quick or the demo
        await drive.until(lambda: drive.text("contacts.status") == "60 contacts", "contacts")
        assert drive.rows("contacts.table") == 60


async def test_a_load_that_breaks_off_keeps_its_rows_and_is_resumed(connected_to_many, many):
    async with connected_to_many() as drive:
        drive.open_tab(1)
        drive.write("contacts.limit", "All")
        many.faults.latency(0.2, path="/contacts")
        drive.click("contacts.load")
        await drive.until(lambda: drive.rows("contacts.table") > 0, "the first page")
        assert " a second" in drive.text("contacts.status")
        drive.click("contacts.stop")
        await drive.until(lambda: drive.visible("contacts.resume"), "an offer to go on")
        many.faults.clear()
        kept = drive.rows("contacts.table")
        assert 0 < kept < MANY
        drive.click("contacts.resume")
        await drive.until(lambda: drive.text("contacts.status") == f"{MANY:,} contacts", "all")
        assert not drive.visible("contacts.resume")


async def test_surveys_that_could_not_be_read_are_read_with_the_next_load(connected, sandbox):
    sandbox.faults.html(path="/forms")
    async with connected() as drive:
        said = drive.window.messages.text
        await drive.until(lambda: "instead of Refiner" in said(), "what went wrong")
        sandbox.faults.clear()
        await _load(drive, 60)
        survey = sandbox.world.surveys[0].name
        drive.write("contacts.survey", survey)
        drive.click("contacts.load")
        await drive.until(lambda: drive.enabled("contacts.load"), "loaded")
        assert "There is no survey" not in drive.text("contacts.status")


async def test_filter_and_export_say_that_only_a_part_is_loaded_and_load_the_rest(connected):
    async with connected() as drive:
        drive.open_tab(1)
        drive.write("contacts.limit", "20")
        drive.click("contacts.load")
        status = lambda: drive.text("contacts.status")  # noqa: E731
        await drive.until(lambda: status() == "20 loaded · 40 more in Refiner", "a part")
        drive.write("contacts.filter", "nobody at all")
        wanted = "0 of the 20 loaded · 40 more in Refiner"
        await drive.until(lambda: status() == wanted, "the part that was looked through")
        drive.write("contacts.filter", "")
        await drive.until(lambda: drive.rows("contacts.table") == 20, "the rows again")
        drive.click("contacts.export")
        await drive.until(lambda: drive.question() is not None, "the question")
        assert "40 more contacts are in Refiner" in drive.labels_in(drive.question())
        drive.question().findChild(QPushButton, "export.rest").click()
        await drive.until(lambda: status() == "60 contacts", "all of them")
        assert not drive.visible("contacts.rest")


async def test_the_rows_are_there_and_sorted_while_more_come(connected_to_many, many):
    async with connected_to_many() as drive:
        drive.open_tab(1)
        drive.write("contacts.limit", "All")
        many.faults.latency(0.3, path="/contacts")
        drive.click("contacts.load")
        await drive.until(lambda: drive.rows("contacts.table") > 0, "the first page")
        _grid(drive).set_sort([SortKey("email")])
        drive.write("contacts.filter", "example")
        await drive.until(lambda: "pass the filters" in drive.text("contacts.status"), "the count")
        assert not drive.enabled("contacts.load")
        await _settled(drive)
        mails = [mail for mail in drive.column("contacts.table", "E-mail", 20) if mail]
        assert mails == sorted(mails, key=str.casefold)
        assert all("example" in mail for mail in mails)
        many.faults.clear()
        await drive.until(lambda: drive.enabled("contacts.load"), "the end")


# Keys


async def test_the_table_is_used_by_keys_alone(connected):
    async with connected() as drive:
        table = await _load(drive, 60)
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(table, Qt.Key.Key_Space)
        assert table.currentIndex().row() == 1
        assert (1, 1) in table.selected_runs() or table.selected_runs() == [(0, 1)]
        QTest.keyClick(table, Qt.Key.Key_Menu)
        menu = next(each for each in _grid(drive).findChildren(QMenu) if each.isVisible())
        assert "Delete…" in [action.text() for action in menu.actions()]
        menu.close()
        QTest.keyClick(table, Qt.Key.Key_Return)
        focused = QApplication.focusWidget()
        assert drive.window.contacts_tab._detail.isAncestorOf(focused)
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.focusWidget().objectName() == "contacts.filter"


async def test_a_letter_in_the_table_fetches_nothing(connected_to_many):
    async with connected_to_many() as drive:
        table = await _load(drive, MANY)
        await _settled(drive)
        asked = []
        table.model()._fetch = lambda *span: asked.append(span)
        table.setFocus()
        QTest.keyClicks(table, "zz")
        assert asked == []


async def test_cells_are_named_for_those_who_hear_them(connected):
    async with connected() as drive:
        table = await _load(drive, 60)
        await _settled(drive)
        index = table.model().index(0, _place(table, "UUID"))
        said = index.data(Qt.ItemDataRole.AccessibleTextRole)
        assert said == f"UUID: {index.data()}"


# Detail and other tabs


async def test_a_name_of_one_long_word_leaves_the_table_its_room(connected):
    async with connected() as drive:
        table = await _load(drive, 60)
        before = table.width()
        drive.window.contacts_tab._detail.show_contact({"display_name": "x" * 400})
        await drive.until(lambda: drive.enabled("contacts.load"), "laid out")
        QGuiApplication.processEvents()
        assert table.width() == before


async def test_a_contact_is_opened_in_the_console_and_not_sent(connected, sandbox):
    async with connected() as drive:
        table = await _load(drive, 60)
        await _settled(drive)
        drive.click_row("contacts.table", 4)
        uuid = table.model().text(4, "uuid")
        calls = len(sandbox.record.calls)
        drive.window.contacts_tab._actions.open_in_console.trigger()
        await drive.until(lambda: drive.visible("console.path"), "the console")
        editor = drive.window.console_tab._editor
        await drive.until(lambda: editor.draft.path == "contact", "the call")
        assert editor.draft.query == (Row("uuid", uuid),)
        assert len(sandbox.record.calls) == calls


async def test_a_request_that_was_typed_in_the_console_stays_in_its_tab(connected):
    async with connected() as drive:
        await _load(drive, 60)
        drive.open_tab(3)
        drive.write("console.path", "forms")
        drive.open_tab(1)
        drive.click_row("contacts.table", 4)
        drive.window.contacts_tab._actions.open_in_console.trigger()
        editor = drive.window.console_tab._editor
        await drive.until(lambda: editor.draft.path == "contact", "the call")
        strip = drive.find("console.tabs", QTabBar)
        titles = [strip.tabText(place) for place in range(strip.count())]
        assert titles == ["GET forms", "GET contact"]


async def test_identify_takes_over_a_contact_and_nothing_of_the_one_before(opened):
    async with opened() as drive:
        drive.write("identify.account_id", "acme")
        attributes = {"seats": 12, "beta": True, "tags": ["a"], "plan": None, "city": "Graz"}
        drive.window.users_tab.fill_identify({"remote_id": 7, "attributes": attributes})
        page = drive.window.users_tab.identify_page
        assert page.draft().payload() == {"id": "7", "seats": 12, "beta": True, "city": "Graz"}
        drive.window.users_tab.fill_identify({"email": "a@example.org", "attributes": "odd"})
        assert page.draft().payload() == {"email": "a@example.org"}


async def test_a_contact_that_the_filters_hide_says_so_and_leads_to_its_row(connected):
    async with connected() as drive:
        drive.open_tab(1)
        drive.click("contacts.load")
        await drive.until(lambda: drive.rows("contacts.table") > 10, "rows")
        emails = lambda: [*filter(None, drive.column("contacts.table", "E-mail", 10))]  # noqa: E731
        await drive.until(emails, "addresses")
        email = emails()[0]
        drive.write("contacts.filter", "nobody is called this")
        await drive.until(lambda: drive.rows("contacts.table") == 0, "no rows")
        drive.window.contacts_tab.show_user("", email)
        detail = drive.find("contacts.detail", QWidget)
        await drive.until(lambda: "The filters hide this contact" in drive.labels_in(detail), "why")
        assert not drive.enabled("contacts.delete")
        drive.click("contacts.bring")
        await drive.until(lambda: drive.enabled("contacts.delete"), "the row")
        assert email in drive.labels_in(detail)
        await drive.until(lambda: "filters hide" not in drive.labels_in(detail), "no excuse")
        assert drive.text("contacts.filter") == ""
