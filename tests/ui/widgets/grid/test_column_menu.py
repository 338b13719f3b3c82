"""The menu of a column and the ways to open it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QToolButton

from refiner_desktop.datasets.columns import Column, SortKey
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.summaries import ValueCount, Values
from refiner_desktop.ui.widgets.grid.column_menu import ColumnMenu
from refiner_desktop.ui.widgets.grid.column_menu_opener import ColumnMenuOpener

PLAN = Column("attributes.plan", "plan")
SEATS = Column("attributes.seats", "seats", "number")
SEEN = Column("last_seen_at", "Last seen", "date")
PLANS = Values(8, 2, 3, (ValueCount("R&D", 5), ValueCount("x" * 500, 2), ValueCount("a\tb", 1)))


@pytest.fixture
def menu(qtbot):
    window = QTableView()
    qtbot.addWidget(window)
    window.show()
    menu = ColumnMenu(window, "contacts")
    menu.told = []
    signals = ("sort_chosen", "value_chosen", "hide_requested", "values_requested")
    for name in (*signals, "summary_requested"):
        getattr(menu, name).connect(lambda got, name=name: menu.told.append((name, got)))
    menu.filter_requested.connect(lambda *got: menu.told.append(("filter_requested", *got)))
    menu.columns_requested.connect(lambda: menu.told.append(("columns_requested",)))
    yield menu
    menu.close()


def _open(menu, column, sort=()):
    menu.open_for(column, sort, QPoint(20, 20))


def _titles(menu):
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def _run(menu, title):
    next(action for action in menu.actions() if action.text() == title).trigger()


def _values(menu):
    return next(action.menu() for action in menu.actions() if action.menu())


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Sort A to Z", ("sort_chosen", (SortKey(PLAN.key),))),
        ("Sort Z to A", ("sort_chosen", (SortKey(PLAN.key, descending=True),))),
        ("Filter…", ("filter_requested", PLAN, None)),
        ("Summary…", ("summary_requested", PLAN)),
        ("Hide this column", ("hide_requested", PLAN.key)),
        ("Choose columns…", ("columns_requested",)),
    ],
)
def test_each_entry_says_what_is_wanted(menu, title, told):
    _open(menu, PLAN)
    _run(menu, title)
    assert menu.told == [told]


def test_a_column_that_does_not_sort_yet_can_join_those_that_do(menu):
    other = SortKey(SEATS.key, descending=True)
    _open(menu, PLAN, (other,))
    _run(menu, "Then sort Z to A")
    assert menu.told == [("sort_chosen", (other, SortKey(PLAN.key, descending=True)))]


def test_a_column_can_stop_sorting_and_the_others_go_on(menu):
    _open(menu, PLAN, (SortKey(PLAN.key), SortKey(SEATS.key)))
    _run(menu, "Do not sort by this")
    assert menu.told == [("sort_chosen", (SortKey(SEATS.key),))]


def test_the_menu_shows_how_the_rows_lie_and_offers_no_more_than_makes_sense(menu):
    _open(menu, SEATS, (SortKey(SEATS.key, descending=True),))
    checked = [action.text() for action in menu.actions() if action.isChecked()]
    assert checked == ["Sort largest first"]
    assert not any(title.startswith("Then") for title in _titles(menu))
    _open(menu, SEATS)
    assert "Do not sort by this" not in _titles(menu)


def test_values_are_counted_only_when_somebody_looks(menu):
    _open(menu, PLAN)
    assert menu.told == []
    _values(menu).aboutToShow.emit()
    _values(menu).aboutToShow.emit()
    assert menu.told == [("values_requested", PLAN.key)]


def test_a_frequent_value_is_one_choice_away(menu):
    _open(menu, PLAN)
    _values(menu).aboutToShow.emit()
    menu.offer_values(PLAN.key, PLANS)
    titles = _titles(_values(menu))
    assert titles[0] == "R&&D\t5"
    assert len(titles[1]) < 60
    assert titles[2:] == ["a b\t1", "(empty)\t2", "Several or another…"]
    _run(_values(menu), "R&&D\t5")
    _run(_values(menu), "(empty)\t2")
    _run(_values(menu), "Several or another…")
    assert menu.told[1:] == [
        ("value_chosen", Condition(PLAN.key, Operator.IS, ("R&D",))),
        ("value_chosen", Condition(PLAN.key, Operator.EMPTY)),
        ("filter_requested", PLAN, Condition(PLAN.key, Operator.ONE_OF)),
    ]


def test_values_that_come_for_another_column_are_not_taken(menu):
    _open(menu, PLAN)
    _values(menu).aboutToShow.emit()
    _open(menu, SEATS)
    menu.offer_values(PLAN.key, PLANS)
    assert _titles(_values(menu)) == ["Counting…"]


def test_dates_are_filtered_by_the_usual_times(menu):
    _open(menu, SEEN)
    _values(menu).aboutToShow.emit()
    _run(_values(menu), "Last 7 days")
    assert menu.told == [("value_chosen", Condition(SEEN.key, Operator.LAST_DAYS, ("7",)))]


# Ways to open it


@pytest.fixture
def table(qtbot):
    table = QTableView()
    qtbot.addWidget(table)
    model = QStandardItemModel(5, 4, table)
    model.setHorizontalHeaderLabels(["a", "b", "c", "d"])
    table.setModel(model)
    table.setTabKeyNavigation(False)
    table.resize(600, 300)
    table.opener = ColumnMenuOpener(table)
    table.asked = []
    table.opener.requested.connect(lambda section, _at: table.asked.append(section))
    table.show()
    table.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)
    return table


def _button(table):
    return table.horizontalHeader().findChild(QToolButton)


def _hover(qtbot, table, column):
    """Move the mouse over a column until its mark is there.

    A window of an earlier test that closes meanwhile takes the mouse away from this one, so one
    move may not be enough; a mouse that is there already would not move.
    """
    viewport = table.horizontalHeader().viewport()

    def moved():
        for place in (viewport.rect().bottomRight(), _middle(table, column)):
            QTest.mouseMove(viewport, place)
        return _button(table).isVisible()

    qtbot.waitUntil(moved)


def _middle(table, section):
    header = table.horizontalHeader()
    left = header.sectionViewportPosition(section)
    return QPoint(left + header.sectionSize(section) // 2, header.height() // 2)


def test_the_mark_appears_under_the_mouse_and_a_click_opens(qtbot, table):
    table.clearFocus()
    assert not _button(table).isVisible()
    _hover(qtbot, table, 2)
    assert _button(table).isVisible()
    assert _button(table).accessibleName() == "Menu of the column c"
    QTest.mouseClick(_button(table), Qt.MouseButton.LeftButton)
    assert table.asked == [2]


def test_a_right_click_anywhere_on_a_header_opens(table):
    viewport = table.horizontalHeader().viewport()
    place = _middle(table, 1)
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    assert table.asked == [1]


def test_alt_down_opens_the_menu_of_the_current_column(table):
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 3))
    assert _button(table).accessibleName() == "Menu of the column d"
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert table.asked == [3]
    assert table.currentIndex().row() == 0


def test_alt_down_opens_the_first_shown_column_where_the_current_is_hidden(table):
    table.setColumnHidden(0, True)
    table.horizontalHeader().moveSection(3, 0)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert table.asked == [3]


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_tab_goes_to_the_mark_and_keys_open_there(table, key, modifier):
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is _button(table)
    QTest.keyClick(_button(table), key, modifier)
    assert table.asked == [1]


def test_the_mark_waits_for_the_keyboard_that_is_in_the_menu_and_leaves_with_it(table, qtbot):
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_Tab)
    menu = QLineEdit(table)
    menu.setWindowFlag(Qt.WindowType.Popup)
    menu.show()
    menu.setFocus()
    assert QApplication.focusWidget() is menu
    table.opener.settle()
    menu.hide()
    assert QApplication.focusWidget() is _button(table)
    assert _button(table).isVisible()
    table.clearFocus()
    _button(table).clearFocus()
    assert not _button(table).isVisible()


def test_arrows_go_from_header_to_header_past_hidden_columns(table):
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    table.setColumnHidden(1, True)
    QTest.keyClick(table, Qt.Key.Key_Tab)
    QTest.keyClick(_button(table), Qt.Key.Key_Right)
    QTest.keyClick(_button(table), Qt.Key.Key_Return)
    QTest.keyClick(_button(table), Qt.Key.Key_Left)
    QTest.keyClick(_button(table), Qt.Key.Key_Left)
    QTest.keyClick(_button(table), Qt.Key.Key_Return)
    assert table.asked == [2, 0]
