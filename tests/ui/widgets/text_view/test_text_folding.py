"""Folding with the mouse and the keys, and what the caret points at."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from refiner_desktop.ui.widgets.text_view import TextView
from refiner_desktop.ui.widgets.text_view.selection import Selection

ITEMS = {"items": [{"id": n, "tags": ["x", "y"]} for n in range(3)], "page": {"next": None}}
CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def view(qtbot):
    view = TextView()
    qtbot.addWidget(view)
    view.resize(600, 700)
    view.show()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    view.set_json(json.dumps(ITEMS).encode())
    return view


def shown_lines(view):
    """The lines that have a row, found as a person would: by walking down."""
    QTest.keyClick(view, Key.Key_Home, CONTROL)
    lines = [0]
    while True:
        QTest.keyClick(view, Key.Key_Down)
        line = view.document.lines.at(view.selection.caret)
        if line == lines[-1]:
            return lines
        lines.append(line)


def sign_at(view, line):
    """Where the sign for folding stands beside a line."""
    start = view.document.lines.start(line)
    for y in range(2, view.viewport().height(), 4):
        if view.offset_at(QPoint(0, y)) == start:
            x = next(x for x in range(200) if view.column_at(QPoint(x, y)) >= 0)
            return QPoint(x - 15, y)
    raise AssertionError(f"line {line} is not visible")


def click(view, position):
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=position)


def test_a_click_on_its_sign_folds_a_line_and_another_unfolds_it(view):
    every = shown_lines(view)
    click(view, sign_at(view, 2))
    assert shown_lines(view) == [0, 1, 2, *range(9, len(every))]
    click(view, sign_at(view, 2))
    assert shown_lines(view) == every


def test_a_click_on_what_stands_for_folded_lines_unfolds_them(view):
    view.set_folded(1, folded=True)
    end = view.document.lines.end(1)
    y = sign_at(view, 1).y()
    x = next(x for x in range(600) if view.offset_at(QPoint(x, y)) == end)
    click(view, QPoint(x + 40, y))
    assert not view.is_folded(1)


def test_a_click_beside_a_line_that_opens_nothing_only_points_at_it(view):
    click(view, sign_at(view, 3))
    assert view.document.lines.at(view.selection.caret) == 3
    assert len(shown_lines(view)) == view.line_count()


def test_the_picture_says_how_much_is_folded(view):
    before = view.viewport().grab().toImage()
    view.set_folded(1, folded=True)
    folded = view.viewport().grab().toImage()
    view.set_folded(1, folded=False)
    assert view.viewport().grab().toImage() == before
    assert folded != before
    note = view._fold_note(view._folds.regions.at(1))
    assert (note.words, note.tail) == ("3 items", "],")


def test_fold_all_shows_what_the_outermost_object_holds(view):
    view.fold_all()
    last = view.line_count() - 1
    assert shown_lines(view) == [0, 1, last - 3, last]
    view.set_folded(1, folded=False)
    assert view.is_folded(2)
    view.unfold_all()
    assert len(shown_lines(view)) == view.line_count()


def test_keys_fold_what_is_around_the_caret_and_unfold_it(view):
    view.go_to_line(5)
    view.fold()
    assert view.is_folded(4)
    assert view.document.lines.at(view.selection.caret) == 4
    view.fold()
    assert view.is_folded(2)
    view.unfold()
    assert not view.is_folded(2)
    assert view.is_folded(4)


def test_the_caret_passes_over_folded_lines(view):
    view.set_folded(1, folded=True)
    lines = view.document.lines
    closing = next(n for n in range(view.line_count()) if view._folds.after(1) == n)
    end = lines.end(1)
    view.select(Selection(end, end))
    QTest.keyClick(view, Key.Key_Right)
    assert view.selection.caret == lines.start(closing)
    QTest.keyClick(view, Key.Key_Left)
    assert view.selection.caret == end
    assert view.is_folded(1)


def test_going_to_a_hidden_line_shows_it(view):
    view.fold_all()
    view.go_to_line(6)
    assert not view.is_folded(1)
    assert 5 in shown_lines(view)


def test_everything_is_copied_whether_folded_or_not(view):
    view.fold_all()
    view.select_all()
    assert json.loads(view.selected_text()) == ITEMS


def test_new_content_is_not_folded(view):
    view.fold_all()
    view.set_json(b'{"a": [1]}')
    assert len(shown_lines(view)) == view.line_count()


def test_plain_text_has_nothing_to_fold_or_name(view):
    view.set_text("{\n[\n]\n}")
    assert not view.can_fold
    assert (view.path_at_cursor(), view.value_at_cursor()) == ("", "")


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [('"id": 1', "items[1].id", "1"), ('"page"', "page", '{\n    "next": null\n  }')],
)
@pytest.mark.parametrize("at_end_of_line", [False, True])
def test_the_caret_points_at_the_value_of_its_line(view, text, path, value, at_end_of_line):
    offset = view.document.data.index(text.encode())
    if at_end_of_line:
        offset = view.document.lines.end(view.document.lines.at(offset))
    view.select(Selection(offset, offset))
    assert (view.path_at_cursor(), view.value_at_cursor()) == (path, value)


def test_the_brackets_at_the_caret_are_framed(view):
    opener, closer = view.document.data.index(b"{\n      "), view.document.data.index(b"}")
    view.select(Selection(5, 5))
    plain = view.viewport().grab().toImage()
    for caret in (opener, opener + 1, closer, closer + 1):
        view.select(Selection(caret, caret))
        assert view._brackets == (opener, closer)
        assert view.viewport().grab().toImage() != plain


def test_a_large_text_can_be_folded_a_moment_after_it_is_shown(view, qtbot):
    data = json.dumps([{"id": n, "tags": ["x"]} for n in range(40_000)]).encode()
    with qtbot.waitSignal(view.content_changed):
        view.set_json(data)
    qtbot.waitUntil(lambda: view.can_fold)
    view.fold_all()
    assert view.verticalScrollBar().maximum() < 40_002
    view.go_to_line(view.line_count() - 2)
    assert view.path_at_cursor() == "[39999].tags"
    assert view.verticalScrollBar().value() > 39_000


def test_what_is_known_of_a_text_is_forgotten_with_it(view, qtbot):
    for first in (b"[1, ", b"[2, "):
        with qtbot.waitSignal(view.content_changed):
            view.set_json(first + b"[3], " * 300_000 + b"4]")
        assert not view.has_outline
    qtbot.waitUntil(lambda: view.has_outline)
    view.go_to_line(2)
    assert (view.path_at_cursor(), view.value_at_cursor()) == ("[0]", "2")


def test_a_double_click_on_a_sign_folds_and_unfolds(view):
    sign = sign_at(view, 1)
    click(view, sign)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=sign)
    assert not view.is_folded(1)
    assert view.selected_text() == ""
