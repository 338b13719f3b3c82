"""The body of a request in the console."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextDocumentLayout

from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.ui.tabs.console import long_edit, whole_text
from refiner_desktop.ui.tabs.console.body_edit import BodyEdit
from refiner_desktop.ui.tabs.console.body_page import BodyPage
from refiner_desktop.ui.tabs.console.long_edit import AT_ONCE
from refiner_desktop.ui.tabs.console.soft_lines import CUT, joined
from refiner_desktop.ui.tabs.console.whole_text import WholeText

LONG = "1,\n" * 50_000
ALPHABET = "ab\n,é😀\xa0\u2028"
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def edit(qtbot):
    made = BodyEdit()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


@pytest.fixture
def page(qtbot):
    made = BodyPage()
    qtbot.addWidget(made)
    made.show()
    return made


def _cursor_at(edit, place):
    cursor = edit.textCursor()
    cursor.setPosition(place)
    edit.setTextCursor(cursor)


def _marked(edit):
    return [mark.cursor.selectedText() for mark in edit.extraSelections()]


def test_enter_keeps_the_indentation_and_goes_deeper_behind_a_bracket(edit):
    QTest.keyClicks(edit, '{"a": [')
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, "1,")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, "2")
    assert edit.toPlainText() == '{"a": [\n  1,\n  2'


def test_enter_between_brackets_puts_the_closing_one_on_a_line_of_its_own(edit):
    edit.setPlainText("{}")
    _cursor_at(edit, 1)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, "x")
    assert edit.toPlainText() == "{\n  x\n}"


def test_a_closing_bracket_moves_back_under_the_line_that_opened_it(edit):
    edit.setPlainText('{\n  "a": 1\n  ')
    _cursor_at(edit, len(edit.toPlainText()))
    QTest.keyClicks(edit, "}")
    assert edit.toPlainText() == '{\n  "a": 1\n}'


def test_lines_are_moved_with_and_without_a_selection(edit):
    edit.setPlainText("a\nb")
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "  a\n  b"
    _cursor_at(edit, 0)
    QTest.keyClick(edit, Qt.Key.Key_BracketLeft, CTRL)
    assert edit.toPlainText() == "a\n  b"


def test_very_many_lines_are_moved_and_back(edit):
    lines = "[\n" + "1,\n" * 3_000
    edit.setPlainText(lines)
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText().count("  1,") == 3_000
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Backtab)
    assert edit.toPlainText().strip() == lines.strip()


def test_the_brackets_at_the_cursor_are_marked_but_not_those_in_texts(edit):
    edit.setPlainText('{"a": ["]", {}]\n}')
    _cursor_at(edit, 0)
    assert _marked(edit) == ["{", "}"]
    _cursor_at(edit, 6)
    places = sorted(mark.cursor.selectionStart() for mark in edit.extraSelections())
    assert places == [6, 14]
    _cursor_at(edit, 8)  # inside of the text
    assert _marked(edit) == []


def test_a_marked_bracket_can_be_read_on_its_ground(edit):
    edit.setPlainText("{}")
    mark = edit.extraSelections()[0]
    form = mark.format
    assert form.foreground().color() == edit.palette().highlightedText().color()
    assert form.foreground().color() != form.background().color()


def test_only_what_is_seen_is_coloured(edit):
    edit.setPlainText("\n".join('{"a": 1}' for _ in range(2_000)))
    edit._colour()
    document = edit.document()
    assert document.firstBlock().layout().formats()
    assert not document.lastBlock().layout().formats()
    edit.set_json(False)
    edit._colour()
    assert not document.firstBlock().layout().formats()


def test_colours_stand_right_behind_characters_that_count_twice(edit):
    edit.setPlainText('"😀" 17')
    edit._colour()
    number = edit.document().firstBlock().layout().formats()[-1]
    assert (number.start, number.length) == (5, 2)


def _paste(edit, text):
    pasted = QMimeData()
    pasted.setText(text)
    edit.insertFromMimeData(pasted)


def _text(page):
    return page.put_into(RequestDraft()).text


def test_a_long_paste_is_kept_at_once_and_edited_once_it_is_laid_out(page, qtbot):
    QTest.keyClicks(page.edit, "[1,")
    _paste(page.edit, LONG)
    assert _text(page) == "[1," + LONG
    QTest.keyClicks(page.edit, "x")  # not yet
    qtbot.waitUntil(lambda: not page.edit.isReadOnly())
    assert _text(page) == "[1," + LONG
    page.edit.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(page.edit, "]")
    assert _text(page) == "[1," + LONG + "]"


def test_a_long_paste_lands_where_the_cursor_is_and_is_undone(page):
    page.show_draft(RequestDraft(body=BodyKind.TEXT, text="😀a\nb"))
    _cursor_at(page.edit, 3)  # behind the a: what came before it counts twice
    _paste(page.edit, "2" * (AT_ONCE + 1))
    assert _text(page) == "😀a" + "2" * (AT_ONCE + 1) + "\nb"
    page._undo.click()
    assert _text(page) == "😀a\nb"
    assert page.edit.toPlainText() == "😀a\nb"


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_X])
def test_a_long_body_that_was_deleted_comes_back(page, qtbot, key):
    page.show_draft(RequestDraft(body=BodyKind.TEXT, text=LONG))
    qtbot.waitUntil(lambda: not page.edit.loading)
    assert not page._undo.isVisible()
    page.edit.selectAll()
    QTest.keyClick(page.edit, key)
    assert _text(page) == ("" if key == Qt.Key.Key_Delete else "x")
    QTest.keyClick(page.edit, Qt.Key.Key_Z, CTRL)
    assert _text(page) == LONG
    QTest.keyClick(page.edit, Qt.Key.Key_Z, CTRL)  # and forth again
    QTest.keyClicks(page.edit, "new")
    assert not page._undo.isVisible()


@pytest.mark.parametrize("text", ["0123456789a", "a\x1f\nb"])
def test_a_body_that_can_not_be_edited_is_shown_and_sent_as_it_is(page, monkeypatch, text):
    monkeypatch.setattr(whole_text, "LONGEST", 10)
    monkeypatch.setattr(long_edit, "AT_ONCE", 10)
    page.show_draft(RequestDraft(body=BodyKind.TEXT, text="a"))
    page.take_text(text)
    assert _text(page) == text
    assert page._long.isVisible()
    page._clear.click()
    assert _text(page) == ""
    assert page.edit.isVisible()


def test_a_long_line_is_laid_out_in_parts_and_copied_and_edited_as_one(page):
    line = '["' + 'a, b", "' * 2_000 + '"]'
    page.show_draft(RequestDraft(body=BodyKind.JSON, text=line))
    document = page.edit.document()
    assert document.blockCount() > 1
    assert max(len(text) for text in document.toPlainText().split("\n")) < 5_000
    page.edit.selectAll()
    assert page.edit.createMimeDataFromSelection().text() == line
    second = document.findBlockByNumber(1).position()
    _cursor_at(page.edit, second)
    QTest.keyClicks(page.edit, "1")
    QTest.keyClick(page.edit, Qt.Key.Key_Backspace)
    QTest.keyClick(page.edit, Qt.Key.Key_Backspace)  # the comma before the cut
    place = second - len(CUT) - 1
    assert _text(page) == line[:place] + line[place + 1 :]
    QTest.keyClick(page.edit, Qt.Key.Key_Delete)
    assert _text(page) == line[:place] + line[place + 2 :]


def test_the_cursor_never_stands_behind_the_mark_of_a_cut(page):
    page.show_draft(RequestDraft(body=BodyKind.TEXT, text="a" * 9_000))
    first = page.edit.document().firstBlock()
    _cursor_at(page.edit, first.length() - 1)
    QTest.keyClicks(page.edit, "x")
    assert _text(page) == "a" * 4_000 + "x" + "a" * 5_000
    QTest.keyClick(page.edit, Qt.Key.Key_Right)
    assert page.edit.textCursor().block() == first.next()


def test_a_mistake_far_behind_in_a_long_line_is_gone_to(page):
    text = "[" + "1, " * 6_000 + "tru]"
    page.show_draft(RequestDraft(body=BodyKind.JSON, text=text))
    page.go_to_mistake()
    cursor = page.edit.textCursor()
    assert cursor.block().text()[cursor.positionInBlock() :] == "tru]"


def _units(text):
    return len(text.encode("utf-16-le")) // 2


EDITS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20), st.text(ALPHABET, max_size=6)), max_size=8
)


@given(text=st.text(ALPHABET, max_size=60), edits=EDITS, undone=st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_the_text_of_a_field_is_always_the_one_that_it_shows(text, edits, undone):
    document = QTextDocument()
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    whole = WholeText(document)
    whole.load(text)
    assert whole.text == text
    for start, length, put in edits:
        there = document.toRawText()
        cursor = QTextCursor(document)
        cursor.setPosition(_units(there[:start]))
        cursor.setPosition(_units(there[: start + length]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(put)
    for _ in range(undone):
        document.undo()
    if edits:
        assert whole.text == document.toRawText().replace("\u2029", "\n")


def test_what_is_typed_without_a_kind_becomes_json(page):
    QTest.keyClicks(page.edit, "{}")
    assert page.put_into(RequestDraft()).body is BodyKind.JSON


def test_a_mistake_is_told_with_its_place_and_gone_to(page, qtbot):
    page.show_draft(RequestDraft(body=BodyKind.JSON, text='{\n  "a": tru\n}'))
    told = page.findChild(QLabel, "console.body.mistake")
    assert told.text().startswith("Line 2, column 8")
    page.go_to_mistake()
    assert page.edit.textCursor().position() == 9
    page.edit.setPlainText("{}")
    qtbot.waitUntil(lambda: told.text() == "This is valid JSON.")


def test_looking_at_another_kind_loses_nothing(page):
    draft = RequestDraft(
        body=BodyKind.JSON, text="{}", form=(Row("a", "1", on=False),), file="/tmp/x"
    )
    page.show_draft(draft)
    for kind in (BodyKind.FORM, BodyKind.FILE, BodyKind.TEXT, BodyKind.NONE, BodyKind.JSON):
        page._kind.setCurrentIndex(page._kind.findData(kind))
        assert page.put_into(RequestDraft()).body is kind
    assert page.put_into(RequestDraft()) == draft


@pytest.mark.parametrize("text", ["a\r\nb", "\u2029", "\ud800", "\0"])
def test_showing_a_text_that_the_field_would_change_changes_nothing(page, text):
    draft = RequestDraft(body=BodyKind.TEXT, text=text)
    edits = []
    page.edited.connect(lambda: edits.append(1))
    page.show_draft(draft)
    assert page.put_into(RequestDraft()) == draft
    assert edits == []


@pytest.mark.anyio
async def test_typing_is_told_at_once(page):
    edits = []
    page.edited.connect(lambda: edits.append(page.put_into(RequestDraft()).text))
    QTest.keyClicks(page.edit, "[]")
    await asyncio.sleep(0)
    assert edits == ["[", "[]"]


CUT_EDITS = st.lists(
    st.tuples(
        st.integers(0, 30_000),
        st.integers(0, 9_000) | st.integers(0, 2),
        st.sampled_from(["", "a", "é\n", "🦆", ",", CUT]),
    ),
    min_size=1,
    max_size=6,
)


@given(CUT_EDITS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_is_edited_and_undone_the_whole_text_is_that_of_the_document(done, wide):
    document = QTextDocument()
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    whole = WholeText(document)
    whole.load(("🦆" if wide else "") + "[" + "1234567," * 3_000 + "0]")
    while whole.loading:
        whole._load_piece()
    for start, length, new in done:
        there = document.toRawText()  # no character beyond the first plane is cut in two
        cursor = QTextCursor(document)
        cursor.setPosition(_units(there[:start]))
        cursor.setPosition(_units(there[: start + length]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(new)
        assert whole.text == joined(document.toPlainText())
        assert whole.part(0, document.characterCount() - 1) == whole.text
    while document.isUndoAvailable():
        document.undo()
        assert whole.text == joined(document.toPlainText())
