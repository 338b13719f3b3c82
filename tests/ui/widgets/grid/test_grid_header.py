"""Sorting by clicks on headers, and what headers say about it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.services.rows.view import ColumnLook
from refiner_desktop.ui.widgets.grid.grid_header import (
    MENU_WIDTH,
    GridHeader,
    clicked_sort,
    sort_marks,
    sort_words,
)
from refiner_desktop.ui.widgets.grid.header_layout import HeaderLayout

NAME, PLAN, SEATS = SortKey("name"), SortKey("plan"), SortKey("seats")
NAME_DOWN, PLAN_DOWN = SortKey("name", True), SortKey("plan", True)


def _header(qtbot, columns=3):
    header = GridHeader()
    qtbot.addWidget(header)
    model = QStandardItemModel(1, columns, header)
    header.setModel(model)
    header.resize(600, 30)
    header.show()
    return header


def test_a_click_goes_from_up_to_down_to_unsorted():
    assert clicked_sort((), "name", add=False) == (NAME,)
    assert clicked_sort((NAME,), "name", add=False) == (NAME_DOWN,)
    assert clicked_sort((NAME_DOWN,), "name", add=False) == ()
    assert clicked_sort((NAME_DOWN,), "plan", add=False) == (PLAN,)
    assert clicked_sort((NAME_DOWN, PLAN), "plan", add=False) == (PLAN,)


def test_shift_adds_turns_and_removes_at_the_same_rank():
    assert clicked_sort((), "name", add=True) == (NAME,)
    assert clicked_sort((NAME,), "plan", add=True) == (NAME, PLAN)
    assert clicked_sort((NAME, PLAN, SEATS), "plan", add=True) == (NAME, PLAN_DOWN, SEATS)
    assert clicked_sort((NAME, PLAN_DOWN, SEATS), "plan", add=True) == (NAME, SEATS)


def test_marks_have_a_rank_when_there_are_several():
    places = {"name": 4, "plan": 2}
    assert sort_marks((NAME,), places) == {4: "▲"}
    assert sort_marks((PLAN_DOWN, SEATS, NAME), places) == {2: "▼ 1", 4: "▲ 3"}
    assert sort_words((NAME_DOWN,)) == {"name": "sorted descending"}
    assert sort_words((NAME, PLAN))["plan"] == "sorted ascending, number 2 of 2"


def test_a_click_tells_whether_shift_was_held(qtbot):
    header, told = _header(qtbot), []
    header.sort_clicked.connect(lambda section, add: told.append((section, add)))
    place = QPoint(header.sectionViewportPosition(1) + 20, 10)
    button, shift = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(header.viewport(), button, pos=place)
    QTest.mouseClick(header.viewport(), button, shift, place)
    assert told == [(1, False), (1, True)]


def test_the_mark_is_painted_at_the_right_end(qtbot):
    header = _header(qtbot)
    before = header.grab().toImage()
    header.show_marks({1: "▲ 1"})
    after = header.grab().toImage()
    right = header.sectionViewportPosition(1) + header.sectionSize(1)
    end = right - MENU_WIDTH  # which stays where it is, whatever sorts
    left = end - header.fontMetrics().horizontalAdvance("▲ 1") - 16
    differs = {
        x
        for x in range(before.width())
        for y in range(before.height())
        if before.pixel(x, y) != after.pixel(x, y)
    }
    assert differs
    assert left <= min(differs)
    assert max(differs) < end


def test_every_column_shows_that_it_has_a_menu(qtbot):
    header = _header(qtbot)
    image = header.grab().toImage()
    for section in range(header.count()):
        right = header.sectionViewportPosition(section) + header.sectionSize(section)
        place = range(right - MENU_WIDTH + 2, right - 4)
        ground = image.pixel(place[0], 4)
        assert any(image.pixel(x, y) != ground for x in place for y in range(4, 20))


# Columns as a person arranged them


COLUMNS = (Column("name", "Name"), Column("plan", "Plan"), Column("seats", "Seats", "number"))


def test_a_layout_is_read_from_the_header_and_put_on_again(qtbot):
    header = _header(qtbot)
    layout, told = HeaderLayout(header), []
    layout.changed.connect(lambda: told.append(True))
    layout.apply(COLUMNS)
    assert layout.looks == ()
    assert told == []  # nobody did this by hand
    header.moveSection(2, 0)
    header.resizeSection(1, 222)
    header.setSectionHidden(0, True)
    assert len(told) >= 3
    assert layout.looks == (
        ColumnLook("seats"),
        ColumnLook("name", False),
        ColumnLook("plan", True, 222),
    )
    looks = layout.looks
    layout.set_looks((), COLUMNS)
    assert [header.logicalIndex(at) for at in range(3)] == [0, 1, 2]
    assert not header.isSectionHidden(0)
    layout.set_looks(looks, COLUMNS)
    assert layout.looks == looks
    assert [header.logicalIndex(at) for at in range(3)] == [2, 0, 1]
    assert header.isSectionHidden(0)
    assert header.sectionSize(1) == 222


def test_a_hidden_column_has_its_width_back_when_it_is_shown(qtbot):
    header = _header(qtbot)
    layout = HeaderLayout(header)
    layout.apply(COLUMNS)
    header.resizeSection(1, 222)
    assert layout.looks[1].width == 222
    header.setSectionHidden(1, True)
    assert layout.looks[1] == ColumnLook("plan", False, 222)
    layout.set_looks([ColumnLook(look.key, True, look.width) for look in layout.looks], COLUMNS)
    assert header.sectionSize(1) == 222


def test_looks_of_columns_that_left_are_kept_for_when_they_return(qtbot):
    header = _header(qtbot)
    layout = HeaderLayout(header)
    layout.set_looks((ColumnLook("seats", True, 99), ColumnLook("gone", False)), COLUMNS)
    header.resizeSection(2, 120)
    assert ColumnLook("gone", False) in layout.looks
    assert ColumnLook("seats", True, 120) in layout.looks
