"""The body of a request in the console."""

import asyncio

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.ui.tabs.console.body_edit import LONGEST, BodyEdit
from refiner_desktop.ui.tabs.console.body_page import BodyPage

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


def test_the_brackets_at_the_cursor_are_marked_but_not_those_in_texts(edit):
    edit.setPlainText('{"a": ["]", {}]\n}')
    _cursor_at(edit, 0)
    assert _marked(edit) == ["{", "}"]
    _cursor_at(edit, 6)
    places = sorted(mark.cursor.selectionStart() for mark in edit.extraSelections())
    assert places == [6, 14]
    _cursor_at(edit, 8)  # inside of the text
    assert _marked(edit) == []


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


def test_a_long_paste_is_kept_whole_and_not_edited(page):
    QTest.keyClicks(page.edit, "[1,")
    pasted = QMimeData()
    pasted.setText("2" * LONGEST)
    page.edit.insertFromMimeData(pasted)
    draft = page.put_into(RequestDraft())
    assert draft.text == "[1," + "2" * LONGEST
    assert page._long.isVisible()
    page._clear.click()
    assert page.put_into(RequestDraft()).text == ""
    assert page.edit.isVisible()


def test_a_long_paste_lands_where_the_cursor_is_and_is_undone(page):
    page.show_draft(RequestDraft(body=BodyKind.TEXT, text="😀a\nb"))
    _cursor_at(page.edit, 3)  # behind the a: what came before it counts twice
    pasted = QMimeData()
    pasted.setText("2" * LONGEST)
    page.edit.insertFromMimeData(pasted)
    assert page.put_into(RequestDraft()).text == "😀a" + "2" * LONGEST + "\nb"
    page._undo.click()
    assert page.put_into(RequestDraft()).text == "😀a\nb"
    assert page.edit.toPlainText() == "😀a\nb"


def test_a_long_body_that_was_cleared_comes_back(page):
    draft = RequestDraft(body=BodyKind.TEXT, text="x" * (LONGEST + 1))
    page.show_draft(draft)
    assert not page._undo.isVisible()
    page._clear.click()
    page._undo.click()
    assert page.put_into(RequestDraft()) == draft
    page._clear.click()
    QTest.keyClicks(page.edit, "new")
    assert not page._undo.isVisible()


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
