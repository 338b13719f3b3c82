"""What a person filters by, put together by mouse and by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QToolButton

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.services.rows.view import FilterChip, RowFilter
from refiner_desktop.ui.widgets.grid.chips import KEYS
from refiner_desktop.ui.widgets.grid.condition_words import column_of, sentence
from refiner_desktop.ui.widgets.grid.filter_bar import FilterBar

EMAIL = Column("email", "E-mail")
SEATS = Column("attributes.seats", "seats", "number")
PLAN = Column("attributes.plan", "plan")
BETA = Column("attributes.beta", "beta", "boolean")
SEEN = Column("last_seen_at", "Last seen", "date")
SEGMENTS = Column("segments", "Segments")

MORE_SEATS = Condition(SEATS.key, Operator.GREATER, ("10",))
PAID = Condition(PLAN.key, Operator.ONE_OF, ("pro", "free"))


@pytest.fixture
def bar(qtbot):
    bar = FilterBar("contacts")
    qtbot.addWidget(bar)
    bar.resize(900, 200)
    bar.set_columns((EMAIL, SEATS, PLAN, BETA, SEEN, SEGMENTS))
    bar.show()
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    return bar


@pytest.fixture
def told(bar):
    told = []
    bar.changed.connect(lambda: told.append(bar.filter()))
    return told


def _words(bar):
    return bar.findChild(QLineEdit, "contacts.filter")


def _chips(bar):
    return bar.findChild(object, "contacts.chips")


def _parts(bar, start):
    return [
        part
        for part in (*bar.findChildren(QCheckBox), *bar.findChildren(QPushButton))
        if part.isVisible() and part.accessibleName().startswith(start)
    ]


def _press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def _two(bar):
    bar.set_filter(RowFilter(chips=(FilterChip(MORE_SEATS), FilterChip(PAID))))


@pytest.mark.parametrize(
    ("condition", "column", "said"),
    [
        (MORE_SEATS, SEATS, "seats > 10"),
        (PAID, PLAN, "plan is pro or free"),
        (Condition(PLAN.key, Operator.ONE_OF, tuple("abcde")), PLAN, "plan is a, b, c or 2 more"),
        (Condition(PLAN.key, Operator.ONE_OF, tuple("abc")), PLAN, "plan is a, b or c"),
        (Condition(PLAN.key, Operator.ONE_OF, ("a", "")), PLAN, "plan is a or empty"),
        (Condition(PLAN.key, Operator.IS, ("a or b",)), PLAN, "plan is “a or b”"),
        (Condition(PLAN.key, Operator.CONTAINS, (" x",)), PLAN, "plan contains “ x”"),
        (Condition(SEEN.key, Operator.LAST_DAYS, ("7",)), SEEN, "Last seen in the last 7 days"),
        (Condition(SEEN.key, Operator.LAST_DAYS, ("1",)), SEEN, "Last seen in the last day"),
        (
            Condition(SEEN.key, Operator.BEFORE, ("2026-03-04",)),
            SEEN,
            "Last seen before 2026-03-04",
        ),
        (Condition(SEATS.key, Operator.BETWEEN, ("1", "5")), SEATS, "seats between 1 and 5"),
        (Condition(BETA.key, Operator.IS, ("T",)), BETA, "beta is yes"),
        (Condition(BETA.key, Operator.IS_NOT, ("false",)), BETA, "beta is not no"),
        (Condition(EMAIL.key, Operator.NOT_EMPTY), EMAIL, "E-mail is not empty"),
        (Condition(SEGMENTS.key, Operator.IS, ("Beta",)), SEGMENTS, "Segments include Beta"),
        (Condition(PLAN.key, Operator.MATCHES, ("^a",)), PLAN, "plan matches ^a"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition, column, said):
    assert sentence(condition, column) == said


def test_a_saved_condition_with_too_few_values_has_a_sentence_too():
    for operator in Operator:
        assert sentence(Condition(SEATS.key, operator), SEATS).startswith("seats ")


def test_a_column_that_no_row_has_is_named_by_its_key():
    assert column_of("attributes.old plan", {}).title == "old plan"


def test_typing_tells_once_after_a_pause(bar, told, qtbot):
    QTest.keyClicks(_words(bar), "ana graz")
    assert told == []
    qtbot.waitUntil(lambda: told == [RowFilter(words="ana graz")])


def test_enter_does_not_wait_for_the_pause(bar, told):
    QTest.keyClicks(_words(bar), "ana")
    QTest.keyClick(_words(bar), Qt.Key.Key_Return)
    assert told == [RowFilter(words="ana")]


def test_a_filter_that_is_set_comes_back_and_tells_nothing(bar, told, qtbot):
    wanted = RowFilter(
        words="ana", chips=(FilterChip(MORE_SEATS), FilterChip(PAID, on=False)), expert="seats > 3"
    )
    bar.set_filter(wanted)
    qtbot.wait(150)
    assert bar.filter() == wanted
    assert told == []
    bar.set_filter(RowFilter())
    assert bar.filter() == RowFilter()


def test_without_a_chip_no_room_is_taken(bar):
    before = bar.sizeHint().height()
    _two(bar)
    assert bar.sizeHint().height() > before
    bar.set_filter(RowFilter())
    assert bar.sizeHint().height() == before
    assert not _chips(bar).isVisible()


def test_a_hundred_chips_leave_the_rows_their_room(bar):
    bar.set_filter(RowFilter(chips=(FilterChip(MORE_SEATS),) * 100))
    assert _chips(bar).height() < 150


def test_every_part_of_a_chip_has_a_name(bar):
    _two(bar)
    names = {part.accessibleName() for part in _parts(bar, "")}
    assert names >= {
        "Use the filter: seats > 10",
        "Edit the filter: seats > 10",
        "Remove the filter: seats > 10",
        "Use the filter: plan is pro or free",
    }


def test_a_chip_is_switched_off_and_not_forgotten(bar, told):
    _two(bar)
    _parts(bar, "Use the filter: seats")[0].click()
    assert told[-1].conditions == (PAID,)
    assert told[-1].chips[0] == FilterChip(MORE_SEATS, on=False)


def test_a_chip_is_removed_by_its_cross(bar, told):
    _two(bar)
    QTest.mouseClick(_parts(bar, "Remove the filter: seats")[0], Qt.MouseButton.LeftButton)
    assert told == [RowFilter(chips=(FilterChip(PAID),))]


def test_all_chips_are_removed_at_once(bar, told):
    _two(bar)
    bar.findChild(QPushButton, "contacts.chips.clear").click()
    assert told == [RowFilter()]


def test_keys_go_through_the_chips_and_change_them(bar, told):
    _two(bar)
    _parts(bar, "Edit the filter: seats")[0].setFocus()
    _press(Qt.Key.Key_Right)
    assert QApplication.focusWidget().accessibleName() == "Edit the filter: plan is pro or free"
    _press(Qt.Key.Key_Space)
    assert told[-1].chips == (FilterChip(MORE_SEATS), FilterChip(PAID, on=False))
    _press(Qt.Key.Key_Delete)
    assert told[-1].chips == (FilterChip(MORE_SEATS),)
    assert QApplication.focusWidget().accessibleName() == "Edit the filter: seats > 10"
    _press(Qt.Key.Key_Delete)
    assert told[-1] == RowFilter()
    assert QApplication.focusWidget() is _words(bar)


def test_tab_reaches_every_part_of_the_chips_in_their_order(bar):
    _two(bar)
    _parts(bar, "Use the filter: seats")[0].setFocus()
    names = []
    for _ in range(7):
        names.append(QApplication.focusWidget().accessibleName())
        _press(Qt.Key.Key_Tab)
    assert names == [
        "Use the filter: seats > 10",
        "Edit the filter: seats > 10",
        "Remove the filter: seats > 10",
        "Use the filter: plan is pro or free",
        "Edit the filter: plan is pro or free",
        "Remove the filter: plan is pro or free",
        "Remove all filters on columns",
    ]


def test_tab_leaves_the_chips_for_what_stands_below_them(bar):
    bar.set_filter(RowFilter(chips=(FilterChip(MORE_SEATS),), expert="seats > 3"))
    _parts(bar, "Remove the filter: seats")[0].setFocus()
    _press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget().objectName() == "contacts.expert"


def test_enter_on_a_chip_edits_it_in_its_place(bar, told):
    _two(bar)
    _parts(bar, "Edit the filter: seats")[0].setFocus()
    _press(Qt.Key.Key_Return)
    value = QApplication.focusWidget()
    assert value.text() == "10"
    QTest.keyClicks(value, "25")
    _press(Qt.Key.Key_Return)
    changed = Condition(SEATS.key, Operator.GREATER, ("25",))
    assert told == [RowFilter(chips=(FilterChip(changed), FilterChip(PAID)))]


def test_a_filter_is_added_by_keys_alone(bar, told):
    button = bar.findChild(QPushButton, "contacts.add_filter")
    button.setFocus()
    _press(Qt.Key.Key_Space)
    column = QApplication.focusWidget()
    QTest.keyClicks(column, "beta")
    _press(Qt.Key.Key_Return)
    while "Value" not in QApplication.focusWidget().accessibleName():
        _press(Qt.Key.Key_Tab)
    _press(Qt.Key.Key_Return)
    assert told == [RowFilter(chips=(FilterChip(Condition(BETA.key, Operator.IS, ("true",))),))]


def test_escape_leaves_the_filter_as_it_was(bar, told):
    _two(bar)
    _parts(bar, "Edit the filter: seats")[0].click()
    QTest.keyClicks(QApplication.focusWidget(), "25")
    _press(Qt.Key.Key_Escape)
    assert told == []
    assert bar.filter().conditions == (MORE_SEATS, PAID)


def test_a_frequent_value_takes_the_place_of_another_of_its_column(bar, told):
    _two(bar)
    bar.take_value(Condition(PLAN.key, Operator.IS, ("team",)))
    assert bar.filter().conditions == (
        MORE_SEATS,
        Condition(PLAN.key, Operator.IS, ("team",)),
    )
    assert len(told) == 1


def test_the_conditions_of_a_bar_are_added_once(bar, told):
    bar.take_conditions((MORE_SEATS,))
    bar.take_conditions((MORE_SEATS,))
    assert told == [RowFilter(chips=(FilterChip(MORE_SEATS),))]


def test_a_mistake_marks_the_chips_of_its_column_that_are_on(bar):
    wrong = Condition(EMAIL.key, Operator.MATCHES, ("(",))
    bar.set_filter(RowFilter(chips=(FilterChip(wrong), FilterChip(wrong, on=False))))
    bar.show_problem(FilterInvalid("This is no regular expression.", key=EMAIL.key))
    edits = _parts(bar, "Edit the filter")
    assert [edit.property("state") for edit in edits] == ["wrong", "off"]
    assert "no regular expression" in edits[0].accessibleDescription()
    said = [label.text() for label in bar.findChildren(QLabel) if label.isVisible()]
    assert "E-mail: This is no regular expression." in said
    bar.show_problem(None)
    assert edits[0].property("state") == "on"
    assert edits[0].accessibleDescription() == KEYS, "not the markup of the tool tip"


def test_a_filter_on_a_column_that_no_row_has_says_so(bar):
    bar.set_filter(RowFilter(chips=(FilterChip(Condition("attributes.old", Operator.EMPTY)),)))
    edit = _parts(bar, "Edit the filter: old is empty")[0]
    assert "No loaded row has this column." in edit.accessibleDescription()


def test_the_filter_without_a_column_keeps_all_else(bar):
    bar.set_filter(RowFilter(words="ana", chips=(FilterChip(MORE_SEATS), FilterChip(PAID))))
    expected = RowFilter(words="ana", chips=(FilterChip(MORE_SEATS),))
    assert bar.filter_without(PLAN.key) == expected


def test_the_sql_condition_is_folded_away_until_it_is_wanted(bar):
    expert = bar.findChild(QLineEdit, "contacts.expert")
    assert not expert.isVisible()
    bar.focus_sql()
    assert expert.isVisible()
    assert QApplication.focusWidget() is expert
    bar.set_filter(RowFilter())
    assert not expert.isVisible()
    bar.set_filter(RowFilter(expert="seats > 3"))
    assert expert.isVisible()


def test_folding_the_sql_condition_away_switches_it_off_and_keeps_its_text(bar, told):
    bar.set_filter(RowFilter(expert="seats > 3"))
    sql = bar.findChild(QToolButton, "contacts.sql")
    sql.click()
    assert told == [RowFilter()]
    sql.click()
    assert told[-1] == RowFilter(expert="seats > 3")


def test_markup_and_ampersands_in_a_value_stay_text(bar):
    value = "<b>R&D</b>"
    bar.set_filter(RowFilter(chips=(FilterChip(Condition(PLAN.key, Operator.IS, (value,))),)))
    edit = _parts(bar, "Edit the filter")[0]
    assert edit.text() == "plan is <b>R&&D</b>"
    assert "&lt;b&gt;" in edit.toolTip()


def test_a_long_value_makes_no_wide_window(bar):
    before = bar.minimumSizeHint().width()
    long = Condition(PLAN.key, Operator.IS, ("x" * 100_000,))
    bar.set_filter(RowFilter(chips=(FilterChip(long),)))
    assert bar.minimumSizeHint().width() <= before
    assert len(_parts(bar, "Edit the filter")[0].text()) < 100
