"""The text view as a person uses it."""

import json

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from refiner_desktop.ui.theme import DARK, LIGHT
from refiner_desktop.ui.widgets.text_view import Mode, TextView

CONTACT = b'{"remote_id":"u-1042","email":"ana@example.org","nps":9}'
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
MENU = [
    "Copy", "Copy value", "Copy path", "Select all", "Fold", "Unfold", "Fold all", "Unfold all",
    "Wrap lines", "Formatted", "As it came", "Hexadecimal",
]  # fmt: skip


@pytest.fixture
def view(qtbot):
    view = TextView(placeholder="Nothing yet")
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


def context_menu_event(view):
    at = QPoint(50, 50)
    return QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))


def large_json(contacts=40_000):
    return json.dumps([{"remote_id": f"u-{n}", "nps": n % 11} for n in range(contacts)]).encode()


def point(view, text, after=0):
    """Where the character that begins `text` is painted, at the left third of it."""
    shown = view.document.data
    target = shown.index(text.encode()) + after
    for y in range(2, view.viewport().height(), 4):
        for x in range(view.viewport().width()):
            if view.offset_at(QPoint(x, y)) == target:
                return QPoint(x + 2, y + 2)
    raise AssertionError(f"{text} is not visible")


def click(view, position, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifiers, position)


def double_click(view, position):
    """Click twice; the button stays held as far as a following move is concerned."""
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=position)


def drag(view, start, end):
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(port, left, pos=start)
    QTest.mouseMove(port, end)
    QTest.mouseRelease(port, left, pos=end)


def distance(view, colour):
    """How far the nearest pixel is from a colour: glyphs are smoothed, in each font otherwise."""
    image, wanted = view.grab().toImage(), QColor(colour)
    columns = range(min(image.width(), 200))
    pixels = {image.pixel(x, y) for y in range(image.height()) for x in columns}
    return min(
        abs(pixel.red() - wanted.red())
        + abs(pixel.green() - wanted.green())
        + abs(pixel.blue() - wanted.blue())
        for pixel in map(QColor, pixels)
    )


def test_json_is_made_readable_and_its_bytes_are_kept(view):
    view.set_json(CONTACT)
    assert view.text().splitlines()[1] == '  "remote_id": "u-1042",'
    assert (view.content(), view.line_count()) == (CONTACT, 5)


def test_json_can_be_seen_as_it_came_and_back(view):
    view.set_json(CONTACT)
    view.set_mode(Mode.RAW)
    assert view.text() == CONTACT.decode()
    view.set_mode(Mode.PRETTY)
    assert view.line_count() == 5


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":',
        b"[NaN]",
        b"[" * 100_000 + b"]" * 100_000,
        b"<html>\xff\xfe</html>",
        b"\x00\x01\x7f",
        "שלום\tسلم\u202e漢字\u0301👩‍👧".encode(),
    ],
    ids=["cut", "nan", "nested", "html", "control", "scripts"],
)
@pytest.mark.parametrize("wrap", [True, False])
def test_what_is_no_json_is_shown_as_it_came(view, data, wrap):
    view.set_wrap(wrap)
    view.set_json(data)
    view.grab()
    assert view.content() == data
    assert view.text() == data.decode("utf-8", "replace")


def test_any_content_can_be_seen_as_bytes_and_back(view):
    seen = []
    view.mode_changed.connect(seen.append)
    view.set_json(CONTACT)
    view.set_mode(Mode.HEX)
    assert view.text().splitlines()[0].endswith('{"remote_id":"u-')
    assert view.content() == CONTACT
    view.grab()
    view.set_mode(Mode.PRETTY)
    assert view.line_count() == 5
    assert seen == [Mode.PRETTY, Mode.HEX, Mode.PRETTY]


def test_bytes_are_shown_as_bytes_and_the_next_json_is_readable_again(view):
    view.set_hex(bytes(range(256)))
    assert (view.mode, view.modes, view.line_count()) == (Mode.HEX, (Mode.RAW, Mode.HEX), 16)
    view.set_json(CONTACT)
    assert (view.mode, view.line_count()) == (Mode.PRETTY, 5)


def test_json_as_it_came_is_kept_for_the_next_content(view):
    view.set_json(CONTACT)
    view.set_mode(Mode.RAW)
    view.set_hex(b"\0")
    view.set_json(CONTACT)
    assert (view.mode, view.line_count()) == (Mode.RAW, 1)


def test_the_longest_hexadecimal_line_is_never_wrapped(view):
    view.resize(300, 400)
    view.set_hex(bytes(64))
    assert view.verticalScrollBar().maximum() == 0
    assert view.horizontalScrollBar().maximum() > 0


def test_one_can_go_to_a_line_and_beyond_the_last_to_the_last(view):
    view.set_text("\n".join(map(str, range(1000))))
    view.go_to_line(500)
    assert view.selected_text() == ""
    assert view.document.lines.at(view.selection.caret) == 499
    assert 0 < view.verticalScrollBar().value() < 499
    view.go_to_line(99_999)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    view.clear()
    view.go_to_line(3)


def test_one_can_go_to_a_byte(view):
    view.set_hex(bytes(10_000))
    view.go_to_byte(0x1234)
    assert view.document.lines.at(view.selection.caret) == 0x123
    assert view.document.searched_at(view.selection.caret) == 0x1234


def test_text_with_lone_surrogates_is_shown(view):
    view.set_text("a\ud800b")
    view.grab()
    assert view.content() == b"a\xed\xa0\x80b"


def test_an_empty_view_shows_its_placeholder_and_has_no_lines(view):
    empty = view.grab().toImage()
    view.set_text("x")
    assert view.grab().toImage() != empty
    view.clear()
    assert view.grab().toImage() == empty
    view.set_placeholder("Other words")
    assert view.grab().toImage() != empty
    assert (view.text(), view.content(), view.line_count()) == ("", b"", 0)


def test_large_content_is_prepared_beside_the_window(view, qtbot):
    data = large_json()
    with qtbot.waitSignal(view.content_changed):
        view.set_json(data * 2)  # no JSON, and dropped
        view.set_json(large_json(50_000))
        assert view.loading
        view.set_json(data)
        view.grab()
    assert not view.loading
    assert view.content() == data
    assert json.loads(view.text()) == json.loads(data)


def test_small_content_wins_over_large_that_is_still_prepared(view, qtbot):
    view.set_json(large_json())
    view.set_json(b"[]")
    qtbot.wait(60)
    assert view.text() == "[]"


def test_a_view_may_be_deleted_while_it_prepares(qtbot):
    view = TextView()
    view.set_json(large_json())
    with qtbot.waitSignal(view.destroyed):
        view.deleteLater()


def test_the_number_of_lines_is_told_to_assistive_technology(view):
    view.setAccessibleName("Response")
    view.set_text("one\ntwo")
    assert (view.accessibleName(), view.accessibleDescription()) == ("Response", "2 lines")


def test_a_drag_selects_and_ctrl_c_copies_just_that(view):
    view.set_text("first line\nzweite Zeile für Zoë\nlast line")
    drag(view, point(view, "line"), point(view, "Zoë"))
    assert view.selected_text() == "line\nzweite Zeile für "
    QTest.keyClick(view, Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "line\nzweite Zeile für "


def test_a_double_click_selects_a_word_and_a_third_the_line(view):
    view.set_json(CONTACT)
    double_click(view, point(view, "1042"))
    assert view.selected_text() == "u-1042"
    click(view, point(view, "1042"))
    assert view.selected_text() == '  "remote_id": "u-1042",\n'


def test_a_drag_after_a_double_click_goes_on_by_words(view):
    view.set_text("one two three four")
    double_click(view, point(view, "wo"))
    QTest.mouseMove(view.viewport(), point(view, "ree"))
    assert view.selected_text() == "two three"
    QTest.mouseMove(view.viewport(), point(view, "ne"))
    assert view.selected_text() == "one two"


def test_shift_and_a_click_extend_the_selection(view):
    view.set_text("one two three four")
    click(view, point(view, "two"))
    QTest.qWait(QApplication.doubleClickInterval() + 1)
    click(view, point(view, "four"), SHIFT)
    assert view.selected_text() == "two three "


def test_keys_move_the_caret_and_shift_selects(view):
    view.set_text("one\ntwo\nthree")
    for key in (Key.Key_Down, Key.Key_Right):
        QTest.keyClick(view, key)
    assert view.selection.caret == 5
    QTest.keyClick(view, Key.Key_End, SHIFT)
    assert view.selected_text() == "wo"
    QTest.keyClick(view, Key.Key_End, CONTROL | SHIFT)
    assert view.selected_text() == "wo\nthree"
    QTest.keyClick(view, Key.Key_Home, CONTROL)
    assert (view.selected_text(), view.selection.caret) == ("", 0)
    QTest.keyClick(view, Key.Key_A, CONTROL)
    assert view.selected_text() == view.text()


def test_down_keeps_its_column_across_a_short_line(view):
    view.set_text("a long line\nx\nanother long line")
    for _ in range(6):
        QTest.keyClick(view, Key.Key_Right)
    for _ in range(2):
        QTest.keyClick(view, Key.Key_Down)
    assert view.selection.caret == len("a long line\nx\nanothe")


def test_a_page_down_moves_caret_and_view_by_a_page(view):
    view.set_text("\n".join(map(str, range(1000))))
    page = view.verticalScrollBar().pageStep()
    QTest.keyClick(view, Key.Key_PageDown)
    QTest.keyClick(view, Key.Key_PageDown)
    assert view.document.lines.at(view.selection.caret) == 2 * (page - 1)
    assert view.verticalScrollBar().value() == 2 * (page - 1) - page + 1


def test_the_end_of_a_large_text_is_one_key_away(view, qtbot):
    with qtbot.waitSignal(view.content_changed):
        view.set_json(large_json())
    QTest.keyClick(view, Key.Key_End, CONTROL)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert view.selection.caret == len(view.document.data)


def test_the_wheel_scrolls(view):
    view.set_text("\n" * 1000)
    position = QPointF(100, 100)
    notch = QPoint(0, -120)
    wheel = QWheelEvent(
        position, position, QPoint(), notch, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), wheel)
    assert view.verticalScrollBar().value() == QApplication.wheelScrollLines()


def test_a_drag_beyond_the_edge_scrolls(view, qtbot):
    view.set_text("\n".join(map(str, range(1000))))
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(port, left, pos=QPoint(100, 50))
    QTest.mouseMove(port, QPoint(100, port.height() + 30))
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 2)
    QTest.mouseRelease(port, left, pos=QPoint(100, port.height() + 30))
    at = view.verticalScrollBar().value()
    qtbot.wait(90)
    assert view.verticalScrollBar().value() == at


def test_a_long_line_wraps_or_is_scrolled_to(view):
    view.set_text("word " * 200)
    assert view.verticalScrollBar().pageStep() > 1
    assert view.horizontalScrollBar().maximum() == 0
    last = len(view.text())
    view.set_wrap(False)
    assert view.horizontalScrollBar().maximum() > 800
    QTest.keyClick(view, Key.Key_End)
    assert view.selection.caret == last
    assert view.horizontalScrollBar().value() == view.horizontalScrollBar().maximum()


@pytest.mark.parametrize("wrap", [True, False])
@pytest.mark.parametrize("text", ['[{"name": "Ana"}, ', '[{"name": "Zoë 漢"}, '])
def test_one_line_of_megabytes_can_be_walked_through(view, qtbot, text, wrap):
    view.set_wrap(wrap)
    with qtbot.waitSignal(view.content_changed):
        view.set_json((text * 100_000).encode())
    for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
        bar.setValue(bar.maximum() // 2)
    view.grab()
    offset = view.offset_at(QPoint(300, 20 if wrap else 5))
    assert len(view.content()) // 3 < offset < len(view.content()) * 2 // 3
    view.reveal(offset)
    double_click(view, QPoint(300, 20 if wrap else 5))
    assert view.selected_text() in text * 2


def test_the_uppermost_text_stays_when_the_width_changes(view, qtbot):
    view.set_text("\n".join(f"{n} " + "word " * 60 for n in range(300)))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    top = view.document.lines.at(view.offset_at(QPoint(0, 0)))
    view.resize(380, 400)
    qtbot.waitUntil(lambda: view.width() == 380)
    assert view.document.lines.at(view.offset_at(QPoint(0, 0))) == top


def test_the_colours_follow_the_palette(view):
    view.set_json(CONTACT)
    to_light, to_dark = {}, {}
    for base, text in (("#FFFFFF", "#000000"), ("#15181E", "#FFFFFF")):
        palette = QPalette(view.palette())
        palette.setColor(QPalette.ColorRole.Base, QColor(base))
        palette.setColor(QPalette.ColorRole.Text, QColor(text))
        view.setPalette(palette)
        to_light[base] = distance(view, LIGHT.code.string)
        to_dark[base] = distance(view, DARK.code.string)
    assert to_light["#FFFFFF"] < to_light["#15181E"]
    assert to_dark["#15181E"] < to_dark["#FFFFFF"]


def test_a_font_change_keeps_the_text_in_place(view):
    view.set_text("one\n" * 500)
    view.verticalScrollBar().setValue(200)
    font = view.font()
    font.setPointSize(font.pointSize() + 6)
    view.setFont(font)
    assert view.verticalScrollBar().value() == 200
    assert view.verticalScrollBar().pageStep() < 400 // font.pointSize()


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_the_context_menu_offers_what_can_be_done(view, qtbot):
    view.set_json(CONTACT)
    QTest.keyClick(view, Key.Key_A, CONTROL)
    QApplication.sendEvent(view.viewport(), context_menu_event(view))
    menu = view.findChild(QMenu)
    entries = {action.text(): action for action in menu.actions() if action.text()}
    assert list(entries) == MENU
    assert all(action.isEnabled() for action in entries.values())
    entries["Wrap lines"].trigger()
    entries["As it came"].trigger()
    assert (view.wrap, view.mode, view.text()) == (False, Mode.RAW, CONTACT.decode())
    menu.close()


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_a_right_click_points_at_what_it_clicks(view):
    view.set_json(CONTACT)
    at = point(view, "ana@")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    entries = {action.text(): action for action in view.findChild(QMenu).actions()}
    entries["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == "email"
    entries["Copy value"].trigger()
    assert QGuiApplication.clipboard().text() == "ana@example.org"
    view.findChild(QMenu).close()


def test_much_is_copied_beside_the_window(view, qtbot):
    text = "Zoë and Ana\n" * 200_000
    with qtbot.waitSignal(view.content_changed):
        view.set_text(text)
    view.select_all()
    view.copy()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == text)


def test_an_empty_view_offers_nothing_to_copy(view):
    assert [a.text() for a in view.actions() if a.isEnabled() and a.text()] == ["Wrap lines"]


def test_a_key_that_the_view_does_not_know_is_left_to_others(view):
    key = QKeyEvent(QEvent.Type.KeyPress, Key.Key_F9, Qt.KeyboardModifier.NoModifier)
    view.keyPressEvent(key)
    assert not key.isAccepted()
