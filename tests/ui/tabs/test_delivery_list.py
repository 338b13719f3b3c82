"""What stays chosen and in sight while deliveries come, go and are read."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from refiner_desktop.ui.models.delivery_model import DeliveryModel
from refiner_desktop.ui.tabs.webhooks.delivery_list import (
    COLUMNS,
    HOOK,
    NOTE,
    PASSED_ON,
    USER,
    DeliveryList,
)
from refiner_desktop.ui.theme import theme_of
from refiner_desktop.webhooks.delivery import DeliveryRow, Gist, Kind, Origin, Verdict

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def _row(number, **more):
    verdict = more.pop("verdict", Verdict.ACCEPTED)
    gist = Gist("NPS March", f"User {number}", 9, "They completed NPS March")
    return DeliveryRow(
        number, "h", NOW, "POST", "/", Kind.SURVEY_COMPLETED, verdict, 200, 2_048, gist, **more
    )


@pytest.fixture
def deliveries(qtbot):
    deliveries = DeliveryList()
    qtbot.addWidget(deliveries)
    deliveries.resize(700, 300)
    deliveries.show()
    return deliveries


def _shown(deliveries):
    return list(deliveries.rows.ids)


def test_the_chosen_delivery_stays_chosen_when_others_come_and_go(deliveries, qtbot):
    deliveries.show_ids([7, 5])
    deliveries.selectRow(1)
    with qtbot.assertNotEmitted(deliveries.delivery_chosen):
        deliveries.show_ids([9, 7, 5])
        deliveries.show_ids([5])
        deliveries.add([_row(10), _row(11)])
    assert deliveries.chosen == 5
    assert deliveries.selected() == [5]
    assert deliveries.currentIndex().row() == 2


def test_several_selected_ones_stay_selected(deliveries):
    deliveries.show_ids([9, 7, 5, 3])
    flags = QItemSelectionModel.SelectionFlag
    for place in (0, 2):
        index = deliveries.rows.index(place, 0)
        deliveries.selectionModel().select(index, flags.Select | flags.Rows)
    deliveries.show_ids([11, 9, 5, 1])
    assert deliveries.selected() == [9, 5]


def test_the_choice_ends_with_the_delivery(deliveries, qtbot):
    deliveries.show_ids([2, 1])
    deliveries.selectRow(0)
    with qtbot.waitSignal(deliveries.delivery_chosen) as emitted:
        deliveries.show_ids([1])
    assert emitted.args == [None]
    assert deliveries.selected() == []


def test_a_deleted_delivery_hands_the_choice_to_its_neighbour(deliveries):
    deliveries.show_ids([3, 2, 1])
    deliveries.selectRow(1)
    deliveries.remove([2])
    assert deliveries.chosen in (1, 3)


def test_who_has_scrolled_down_keeps_the_same_rows_in_sight(deliveries):
    deliveries.show_ids(range(100, 0, -1))
    QApplication.processEvents()
    deliveries.verticalScrollBar().setValue(40)
    seen = deliveries.rows.ids[deliveries.rowAt(0)]
    deliveries.add([_row(101), _row(102), _row(103)])
    QApplication.processEvents()
    assert deliveries.rows.ids[deliveries.rowAt(0)] == seen


def test_who_looks_at_the_top_sees_the_newest(deliveries):
    deliveries.show_ids(range(100, 0, -1))
    QApplication.processEvents()
    deliveries.add([_row(101)])
    assert deliveries.rows.ids[deliveries.rowAt(0)] == 101


def test_columns_that_most_do_not_need_appear_with_the_first_that_does(deliveries):
    deliveries.add([_row(1)])
    assert deliveries.isColumnHidden(NOTE)
    assert deliveries.isColumnHidden(PASSED_ON)
    deliveries.add([_row(2, seen_before=True), _row(3, passed_on=0)])
    assert deliveries.rows.index(1, NOTE).data() == "seen before"
    assert deliveries.rows.index(0, PASSED_ON).data() == "failed"
    assert not deliveries.isColumnHidden(NOTE)
    assert not deliveries.isColumnHidden(PASSED_ON)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"origin": Origin.REPLAY}, "replay"),
        ({"origin": Origin.REPLAY, "edited": True}, "edited replay"),
        ({"origin": Origin.SAMPLE, "seen_before": True}, "sample"),
        ({}, ""),
    ],
)
def test_what_is_out_of_the_ordinary_is_noted(deliveries, more, said):
    deliveries.add([_row(1, **more)])
    assert deliveries.rows.index(0, NOTE).data() == said


def test_a_copied_line_is_the_line_that_is_seen(deliveries):
    cells = deliveries.as_text([_row(1)]).split("\t")
    assert cells[1:] == ["h", "Completed", "NPS March", "User 1", "9", "2.0 kB", "200"]


def test_the_row_that_takes_the_place_of_a_deleted_one_is_selected(deliveries):
    deliveries.show_ids([3, 2, 1])
    deliveries.selectRow(1)
    deliveries.remove([2])
    assert deliveries.selected() == [deliveries.chosen]


def test_the_keyboard_selects_a_row_when_it_comes_to_the_list(deliveries, qtbot):
    deliveries.clearFocus()
    deliveries.show_ids([3, 2, 1])
    with qtbot.waitSignal(deliveries.delivery_chosen):
        deliveries.setFocus(Qt.FocusReason.TabFocusReason)
    assert deliveries.selected() == [3]


def test_what_is_no_longer_selected_is_no_longer_chosen(deliveries, qtbot):
    deliveries.show_ids([3, 2, 1])
    deliveries.selectRow(1)
    with qtbot.waitSignal(deliveries.delivery_chosen) as emitted:
        deliveries.clearSelection()
    assert emitted.args == [None]
    assert deliveries.currentIndex().row() == 1


def test_another_search_begins_at_the_top(deliveries):
    deliveries.show_ids(range(100, 0, -1))
    QApplication.processEvents()
    deliveries.verticalScrollBar().setValue(40)
    deliveries.show_ids(range(90, 0, -1), from_top=True)
    assert deliveries.verticalScrollBar().value() == 0


def test_a_chosen_delivery_is_in_sight_after_another_search(deliveries):
    deliveries.show_ids([5])
    deliveries.selectRow(0)
    deliveries.show_ids(range(100, 0, -1), from_top=True)
    place = deliveries.visualRect(deliveries.rows.index(95, 0))
    assert deliveries.viewport().rect().intersects(place)


@pytest.mark.parametrize("width", [640, 690, 1_300])
def test_no_column_is_out_of_sight_and_none_too_narrow_to_be_read(deliveries, width):
    deliveries.resize(width, 300)
    deliveries.add([_row(1, seen_before=True, passed_on=200)])
    QApplication.processEvents()
    shown = [place for place in range(len(COLUMNS)) if not deliveries.isColumnHidden(place)]
    widths = [deliveries.columnWidth(place) for place in shown]
    assert sum(widths) <= deliveries.viewport().width()
    assert {USER, NOTE, PASSED_ON} < set(shown)
    assert deliveries.columnWidth(NOTE) >= 80
    assert (HOOK in shown) == (width == 1_300)


def test_what_a_filter_leaves_out_is_chosen_again_without_it(deliveries, qtbot):
    deliveries.show_ids([9, 7, 5])
    deliveries.selectRow(1)
    deliveries.show_ids([9, 5], from_top=True)
    assert deliveries.chosen is None
    deliveries.show_ids([9])
    with qtbot.waitSignal(deliveries.delivery_chosen) as chosen:
        deliveries.show_ids([9, 7, 5], from_top=True)
    assert chosen.args == [7]
    assert deliveries.selected() == [7]


def test_what_is_chosen_again_is_in_sight(deliveries):
    ids = list(range(300, 0, -1))
    deliveries.show_ids(ids)
    deliveries.selectRow(150)
    deliveries.show_ids([300], from_top=True)
    deliveries.show_ids(ids, from_top=True)
    place = deliveries.visualRect(deliveries.rows.index(150, 0))
    assert deliveries.viewport().rect().intersects(place)


def test_home_and_end_lead_to_the_newest_and_the_oldest(deliveries):
    deliveries.show_ids([9, 7, 5])
    deliveries.selectRow(1)
    for key, chosen in ((Qt.Key.Key_End, [5]), (Qt.Key.Key_Home, [9])):
        QTest.keyClick(deliveries, key)
        assert deliveries.selected() == chosen
    QTest.keyClick(deliveries, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert deliveries.selected() == [9, 7, 5]
    deliveries.show_ids([])
    QTest.keyClick(deliveries, Qt.Key.Key_End)
    assert deliveries.selected() == []


def test_what_was_chosen_meanwhile_stays_chosen(deliveries):
    deliveries.show_ids([9, 7, 5])
    deliveries.selectRow(1)
    deliveries.show_ids([9, 5])
    deliveries.selectRow(1)
    deliveries.show_ids([9, 7, 5])
    assert deliveries.selected() == [5]


def test_the_day_of_what_came_before_today_can_be_read(deliveries):
    deliveries.resize(1_300, 300)
    deliveries.add([_row(1)])
    cell = deliveries.rows.index(0, 0).data()
    assert deliveries.columnWidth(0) >= deliveries.fontMetrics().horizontalAdvance(cell) + 16


def test_a_title_that_is_too_long_for_its_column_ends_in_dots(deliveries):
    header = deliveries.horizontalHeader()
    assert header.textElideMode() == Qt.TextElideMode.ElideRight
    assert header.font().bold()  # as it is drawn, or the dots would come too late


def test_scattered_rows_leave_as_fast_as_they_come_and_the_choice_stays(deliveries):
    deliveries.show_ids(range(2_000, 0, -1))
    deliveries.selectRow(1)
    deliveries.remove(range(2, 2_001, 2))
    assert _shown(deliveries) == list(range(1_999, 0, -2))
    assert deliveries.selected() == [1_999]


def test_a_click_on_a_row_that_is_half_in_sight_does_not_scroll(deliveries, qtbot):
    deliveries.show_ids(range(100, 0, -1))
    bar, pane = deliveries.verticalScrollBar(), deliveries.viewport()
    last = QPoint(20, pane.height() - 2)
    QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=last)
    assert deliveries.selected() != []
    qtbot.wait(QApplication.doubleClickInterval() + 150)  # Qt scrolls only then
    assert bar.value() == 0
    QTest.keyClick(deliveries, Qt.Key.Key_Down)
    assert bar.value() > 0


def test_painting_needs_no_role_of_any_cell_and_shows_the_same(deliveries, monkeypatch):
    asked = []
    data = DeliveryModel.data

    def noting(model, index, role=Qt.ItemDataRole.DisplayRole):
        asked.append(role)
        return data(model, index, role)

    deliveries.add([_row(1), _row(2, verdict=Verdict.REFUSED)])
    monkeypatch.setattr(DeliveryModel, "data", noting)
    picture = deliveries.viewport().grab().toImage()
    assert asked == []  # each would have to wait for Python's lock while the listener is busy
    cell = deliveries.rows.index(0, USER)
    option = QStyleOptionViewItem()
    deliveries.itemDelegate().initStyleOption(option, cell)
    assert (option.text, option.index) == ("User 2", cell)
    danger = QColor(theme_of(deliveries.palette()).danger)
    place = deliveries.visualRect(cell)
    spots = ((x, y) for x in range(place.left(), place.right(), 1) for y in range(place.height()))
    assert any(picture.pixelColor(*spot) == danger for spot in spots)
