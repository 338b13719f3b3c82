"""The request editor's parts, without a window around them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTextBrowser,
    QToolButton,
    QTreeWidget,
)

from refiner_desktop.api.catalogue import CONTACTS, ENDPOINTS, IDENTIFY, REPORT
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.services.requests.opening import completed, draft_of_endpoint
from refiner_desktop.services.requests.request_tab import RequestTab
from refiner_desktop.settings.settings import Patience
from refiner_desktop.ui.tabs.console.catalogue_panel import CataloguePanel
from refiner_desktop.ui.tabs.console.choices import Choice
from refiner_desktop.ui.tabs.console.headers_page import Automatic, HeadersPage
from refiner_desktop.ui.tabs.console.method_delegate import ROLES, MethodDelegate
from refiner_desktop.ui.tabs.console.parameter_table import ValueEdit, find_nothing
from refiner_desktop.ui.tabs.console.path_edit import PathEdit
from refiner_desktop.ui.tabs.console.request_editor import RequestEditor
from refiner_desktop.ui.tabs.console.request_strip import RequestStrip
from refiner_desktop.ui.tabs.console.rows_editor import RowsEditor
from refiner_desktop.ui.theme import DARK, LIGHT


@pytest.fixture
def shown(qtbot):
    def shown(widget):
        qtbot.addWidget(widget)
        widget.resize(700, 400)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return shown


def test_an_endpoint_fills_in_around_what_was_typed_for_it():
    typed = RequestDraft(
        path="cont", query=(Row("search", "ana"), Row("mine", "1")), headers=(Row("X-A", "1"),)
    )
    draft = completed(typed, draft_of_endpoint(CONTACTS))
    assert (draft.method, draft.path) == ("GET", "contacts")
    assert Row("search", "ana") in draft.query
    assert draft.query[-1] == Row("mine", "1")
    assert draft.headers == typed.headers


def test_an_endpoint_leaves_a_body_alone_that_was_typed():
    typed = RequestDraft(body=BodyKind.JSON, text='{"id": "u-1"}')
    assert completed(typed, draft_of_endpoint(IDENTIFY)).text == '{"id": "u-1"}'
    assert '"ana@example.org"' in completed(RequestDraft(), draft_of_endpoint(IDENTIFY)).text


def test_what_was_not_edited_in_the_editor_stays_as_it_was(shown):
    editor = shown(RequestEditor())
    draft = RequestDraft(
        method="PURGE",
        path="a b?c#d",
        query=(Row("", "only a value"), Row("off", "1", on=False)),
        headers=(Row("X-Odd", " blank "),),
        without=("Accept",),
        body=BodyKind.TEXT,
        text="a\r\nb",
    )
    edits = []
    editor.edited.connect(lambda: edits.append(editor.draft))
    editor.show_draft(draft)
    assert editor.draft == draft
    editor.path.setText("e")
    assert len(edits) == 1
    assert (edits[0].path, edits[0].text, edits[0].query) == ("e", draft.text, draft.query)


def test_rows_are_edited_as_text_and_back(shown):
    rows = shown(RowsEditor("test.rows", "Rows"))
    rows.show_rows((Row("a", "1"), Row("b", "2", on=False)))
    rows.as_text.click()
    text = rows.findChild(QPlainTextEdit, "test.rows.text")
    assert text.toPlainText() == "a: 1\n# b: 2\n"
    text.setPlainText("c: 3\n# a: 1")
    assert rows.rows() == (Row("c", "3"), Row("a", "1", on=False))
    rows.as_text.click()
    assert rows.rows() == (Row("c", "3"), Row("a", "1", on=False))


def test_a_query_string_is_pasted_as_rows(shown):
    rows = shown(RowsEditor("test.rows", "Rows"))
    rows.show_rows((Row("form_uuids[]", "old"), Row("search", "ana")))
    QGuiApplication.clipboard().setText("?page=2&form_uuids[]=a&form_uuids[]=b")
    rows.table.paste()
    assert [row.value for row in rows.rows()] == ["ana", "2", "a", "b"]


def test_a_header_that_can_not_be_sent_is_marked(shown):
    page = shown(HeadersPage())
    page.show_headers((Row("not a name", "1"), Row("X-Break", "a\nb"), Row("X-Fine", "1")), ())
    page.mark_wrong()
    model = page.rows.table.model()
    marks = [model.index(row, 0).data().startswith("⚠") for row in range(3)]
    assert marks == [True, True, False]


def test_automatic_headers_are_left_out_replaced_and_brought_back(shown):
    page = shown(HeadersPage())
    added = (("Accept", "application/json"), ("Authorization", "Bearer ••••••••"))
    page.show_automatic(Automatic(added))
    tree = page.findChild(QTreeWidget, "console.automatic_headers")
    tree.topLevelItem(0).setCheckState(0, Qt.CheckState.Unchecked)
    assert page.without == ("Accept",)
    page.show_automatic(Automatic(added[1:], ("Accept",)))
    assert tree.topLevelItem(0).text(1) == "left out"  # where it was
    tree.topLevelItem(0).setCheckState(0, Qt.CheckState.Checked)
    assert page.without == ()
    tree.setCurrentItem(tree.topLevelItem(1))
    page._change.click()
    assert page.rows.rows() == (Row("Authorization", ""),)


def test_every_call_of_the_catalogue_is_described_and_found(shown):
    panel = shown(CataloguePanel())
    assert panel._list.count() == len(ENDPOINTS) == 19
    chosen = []
    panel.chosen.connect(chosen.append)
    QTest.keyClicks(panel._search, "reporting")
    said = panel._detail.toPlainText()
    assert "nps · csat · ratings" in said
    assert "without it 7 days ago" in said
    QTest.keyClick(panel._search, Qt.Key.Key_Return)
    assert chosen == [REPORT]
    panel._search.setText("no such call")
    assert panel._none.isVisible()
    assert not panel._use.isEnabled()


def test_values_of_a_parameter_are_offered_while_one_types(shown):
    edit = shown(ValueEdit(CONTACTS.parameter("order_by"), find_nothing, None))
    edit.setFocus()
    QTest.keyClicks(edit, "last")
    assert edit._choices.values == ["last_seen_at", "last_form_submission_at"]
    edit._choices.taken.emit("last_seen_at")
    assert edit.text() == "last_seen_at"


def test_parameters_and_ids_complete_in_the_path(shown):
    edit = shown(PathEdit())
    edit.find_ids = lambda parameter, typed, tell: tell([Choice("uuid-1", parameter.name)])
    edit.set_endpoint(CONTACTS)
    edit.setFocus()
    edit.setText("contacts?")
    QTest.keyClicks(edit, "form")
    assert edit._choices.values == ["form_uuid="]
    edit._choices.taken.emit("form_uuid=")
    assert edit.text() == "contacts?form_uuid="
    QTest.keyClicks(edit, "u")
    assert edit._choices.values == ["uuid-1"]
    edit._choices.taken.emit("uuid-1")
    assert edit.text() == "contacts?form_uuid=uuid-1"


def test_a_tab_says_what_is_not_saved_and_closes_by_its_cross(shown):
    strip = shown(RequestStrip())
    saved = RequestTab(id="a", draft=RequestDraft(path="x"), saved="daily/All & sundry.toml")
    strip.show_tabs([RequestTab(id="scratch"), saved], "a", {"a"})
    assert strip.titles() == ["Scratch", "↻ All && sundry •"]
    closed = []
    strip.closed.connect(closed.append)
    strip._bar.tabButton(1, strip._bar.ButtonPosition.RightSide).click()
    assert closed == ["a"]


def test_a_request_moves_by_keys_as_by_the_mouse_and_not_beyond_the_ends(shown):
    strip = shown(RequestStrip())
    strip.show_tabs([RequestTab(id="scratch"), RequestTab(id="a")], "a")
    moved = []
    strip.moved.connect(moved.append)
    for by in (-1, -1, 1):
        strip.move_front(by)
    assert moved == [["a", "scratch"], ["scratch", "a"]]


def test_a_value_switches_its_row_on(shown):
    rows = shown(RowsEditor("test.rows", "Rows"))
    rows.show_rows((Row("list", "", on=False), Row("kept", "1", on=False)))
    table = rows.table
    for place, value in enumerate(("published", "1")):
        table.setCurrentIndex(table.model().index(place, 1))
        table.edit(table.currentIndex())
        table.viewport().findChild(QLineEdit).setText(value)
        table.commit()
    assert rows.rows() == (Row("list", "published"), Row("kept", "1", on=False))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.title)
def test_a_call_that_is_searched_by_its_title_comes_first(shown, endpoint):
    panel = shown(CataloguePanel())
    panel._search.setText(endpoint.title.lower())
    assert panel._list.item(0).text().endswith(endpoint.title)


def test_a_header_that_is_always_ours_is_not_offered_to_be_changed(shown):
    page = shown(HeadersPage())
    page.show_automatic(Automatic((("Content-Length", "2"), ("Accept", "*/*"))))
    tree = page.findChild(QTreeWidget, "console.automatic_headers")
    for place, changeable in ((0, False), (1, True)):
        tree.setCurrentItem(tree.topLevelItem(place))
        assert page._change.isEnabled() is changeable


def test_many_tabs_keep_their_titles_and_are_listed(shown):
    strip = shown(RequestStrip())
    paths = [f"https://api.example.org/v1/contacts/{number}" for number in range(12)]
    tabs = [RequestTab(id=path, draft=RequestDraft(path=path)) for path in paths]
    strip.show_tabs(tabs, paths[0])
    assert strip.titles()[3] == "GET …/3"
    metrics = strip._bar.fontMetrics()
    widths = [strip._bar.tabRect(place).width() for place in range(12)]
    assert min(widths) > metrics.horizontalAdvance("GET …/3")
    strip._all.menu().aboutToShow.emit()
    chosen = []
    strip.chosen.connect(chosen.append)
    strip._all.menu().actions()[5].trigger()
    assert chosen == [paths[5]]


def test_down_goes_from_the_search_to_what_it_found(shown):
    panel = shown(CataloguePanel())
    panel.focus()
    QTest.keyClicks(panel._search, "survey")
    QTest.keyClick(panel._search, Qt.Key.Key_Down)
    assert panel._list.hasFocus()
    assert panel._list.currentRow() == 0


@pytest.fixture
def rows(shown):
    return shown(RowsEditor("test.rows", "Rows"))


def test_a_row_that_was_removed_comes_back_with_ctrl_z(rows):
    kept = (Row("a", "1"), Row("b", "2", on=False))
    rows.show_rows(kept)
    told = []
    rows.edited.connect(lambda: told.append(rows.rows()))
    rows.table.setFocus()
    rows.table.selectRow(1)
    QTest.keyClick(rows.table, Qt.Key.Key_Delete)
    assert rows.rows() == kept[:1]
    QTest.keyClick(rows.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert rows.rows() == kept
    QTest.keyClick(
        rows.table,
        Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert rows.rows() == kept[:1]
    assert told == [kept[:1], kept, kept[:1]]


def test_what_was_written_as_text_is_undone_in_the_table(rows):
    rows.show_rows((Row("a", "1"),))
    rows.as_text.setChecked(True)
    rows.findChild(QPlainTextEdit).setPlainText("b: 2")
    rows.as_text.setChecked(False)
    assert rows.rows() == (Row("b", "2"),)
    QTest.keyClick(rows.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert rows.rows() == (Row("a", "1"),)


def test_there_is_no_way_back_to_the_rows_of_another_request(rows):
    rows.show_rows((Row("a", "1"),))
    rows.show_rows((Row("b", "2"),))
    QTest.keyClick(rows.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert rows.rows() == (Row("b", "2"),)


def test_a_secret_is_dots_to_eyes_and_ears_until_it_is_to_be_shown(rows):
    rows.show_rows((Row("Authorization", "Bearer abc"), Row("Cookie", "{{session}}")))
    model = rows.table.model()
    secret, variable = model.index(0, 1), model.index(1, 1)
    assert secret.data() == "••••••••"
    assert "abc" not in secret.data(Qt.ItemDataRole.AccessibleTextRole)
    assert variable.data() == "{{session}}"
    rows.table.setCurrentIndex(secret)
    rows.table.edit(secret)
    edit = rows.table.findChild(QLineEdit)
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    assert edit.text() == "Bearer abc"
    rows.reveal.click()
    assert secret.data() == "Bearer abc"
    rows.as_text.click()
    rows.show_rows((Row("Authorization", "Bearer def"),))
    assert not rows.as_text.isChecked()
    assert model.index(0, 1).data() == "••••••••"
    assert rows.rows() == (Row("Authorization", "Bearer def"),)


def test_a_secret_is_dots_in_the_text_of_all_rows_too_and_comes_back_whole(rows):
    secret = Row("Authorization", "Bearer abc")
    rows.show_rows((Row("a", "1"), secret))
    rows.as_text.click()
    text = rows.findChild(QPlainTextEdit, "test.rows.text")
    assert text.toPlainText() == "a: 1\nAuthorization: ••••••••\n"
    text.setPlainText("# authorization: ••••••••\nb: 2")
    assert rows.rows() == (Row("authorization", "Bearer abc", on=False), Row("b", "2"))
    rows.as_text.click()
    assert rows.rows() == (Row("authorization", "Bearer abc", on=False), Row("b", "2"))
    rows.reveal.click()
    rows.as_text.click()
    assert "Bearer abc" in text.toPlainText()  # the person asked to see it


def test_parameters_in_the_path_are_told_in_the_query_and_can_be_moved_there(shown):
    editor = shown(RequestEditor())
    draft = RequestDraft(path="contacts?search=a%20b&page=2", query=(Row("list", "all"),))
    editor.show_draft(draft)
    note = editor.query.findChild(QLabel, "console.query.in_path")
    assert note.text() == "In the path: search=a b, page=2"
    assert editor._pages.tabText(0) == "Query 3"
    editor.query.move_here.click()
    rows = (Row("search", "a b"), Row("page", "2"), Row("list", "all"))
    assert (editor.draft.path, editor.draft.query) == ("contacts", rows)
    assert not note.isVisible()
    assert not editor.query.move_here.isVisible()
    editor.path.setText("contacts?{{query}}")  # a query of its own, which no row can hold
    assert not editor.query.move_here.isVisible()


def test_the_catalogue_describes_the_call_that_is_written(shown):
    panel = shown(CataloguePanel())
    editor = shown(RequestEditor())
    editor.endpoint_changed.connect(panel.show_endpoint)
    detail = panel.findChild(QTextBrowser, "console.catalogue.detail")
    editor.path.setText("contacts?page=2")
    assert "GET contacts" in detail.toPlainText()
    editor.path.setText("contacts?page=")  # the same call: who reads on is left alone
    panel.findChild(QListWidget, "console.catalogue").setCurrentRow(0)
    editor.path.setText("contacts?page=3")
    assert "GET contacts" not in detail.toPlainText()


def test_requests_of_one_title_are_told_apart_on_their_tabs_and_in_the_list(shown):
    strip = shown(RequestStrip())
    strip.resize(700, 60)
    first = RequestTab(id="a", draft=RequestDraft(path="contacts"))
    strip.show_tabs([first], "a")
    QApplication.processEvents()
    place = strip._new.geometry()
    second = RequestTab(id="b", draft=RequestDraft(path="contacts?search=maria"))
    strip.show_tabs([first, second], "b")
    QApplication.processEvents()
    assert strip.titles() == ["GET contacts", "GET contacts?search=maria"]
    strip._list_all()
    assert [each.text() for each in strip._all.menu().actions()] == strip.titles()
    assert strip._new.geometry() == place  # a second click there opens another one


def test_a_single_request_needs_no_list_of_all(shown):
    strip = shown(RequestStrip())
    tabs = [RequestTab(draft=RequestDraft(path=path)) for path in ("a", "b")]
    every = strip.findChild(QToolButton, "console.all_tabs")
    strip.show_tabs(tabs[:1], tabs[0].id)
    assert not every.isVisible()
    strip.show_tabs(tabs, tabs[0].id)
    assert every.isVisible()
    assert every.text() == "2 open"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.scheme)
def test_a_method_has_its_colour_and_both_ends_of_a_long_call_are_seen(shown, theme):
    def painted(text):
        entries.item(0).setText(text)
        return entries.grab().toImage()

    entries = shown(QListWidget())
    entries.setPalette(theme.palette())
    entries.setItemDelegate(MethodDelegate(entries))
    entries.addItem("")
    entries.resize(200, 60)
    for method, role in ROLES.items():
        image = painted(f"{method} contacts")
        wanted = QColor(getattr(theme, role))
        points = ((x, y) for x in range(image.width()) for y in range(image.height()))
        assert any(image.pixelColor(*point) == wanted for point in points), method
    long = "GET contacts?page_length=25&order_by=last_seen_at&search="
    assert painted(f"{long}ana") != painted(f"{long}bob")


def test_time_outs_of_its_own_begin_as_those_that_hold_anyway(shown):
    editor = shown(RequestEditor())
    editor.findChild(QCheckBox, "console.timeouts").click()
    assert editor.draft.patience == Patience()
