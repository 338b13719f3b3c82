"""One condition: an operator that suits the column, and fields that suit the operator."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCalendarWidget,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QWidget,
)

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.conditions import Condition, Operator, operators
from refiner_desktop.datasets.summaries import ValueCount, Values
from refiner_desktop.ui.widgets.grid.condition_editor import ConditionEditor
from refiner_desktop.ui.widgets.grid.condition_words import OPERATOR_NAMES

TEXT = Column("attributes.plan", "plan")
NUMBER = Column("attributes.seats", "seats", "number")
YES_NO = Column("attributes.beta", "beta", "boolean")
DATE = Column("last_seen_at", "Last seen", "date")
COLUMNS = (TEXT, NUMBER, YES_NO, DATE)
PLANS = Values(8, 2, 3, (ValueCount("free", 5), ValueCount("pro", 2), ValueCount("Team", 1)))


@pytest.fixture
def editor(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(500, 500)
    window.show()
    editor = ConditionEditor(window, "contacts")
    editor.got = []
    editor.asked = []
    editor.applied.connect(editor.got.append)
    editor.values_requested.connect(editor.asked.append)
    yield editor
    editor.close()


def _edit(editor, column, operator=None, values=()):
    preset = Condition(column.key, operator, values) if operator else None
    editor.edit(column, COLUMNS, QPoint(50, 50), preset)


def _operator(editor):
    return editor.findChild(QComboBox, "contacts.condition.operator")


def _lines(editor):
    value = editor.findChild(QWidget, "contacts.condition.value")
    return [line for line in value.findChildren(QLineEdit) if line.isVisible()]


def _enter():
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def _said(editor):
    return [each.text() for each in editor.findChildren(QLabel) if each.isVisible()]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.kind)
def test_the_operators_are_those_of_the_columns_kind(editor, column):
    _edit(editor, column)
    offered = [Operator(_operator(editor).itemData(at)) for at in range(_operator(editor).count())]
    assert tuple(offered) == operators(column.kind)


def test_every_operator_has_a_name():
    assert set(OPERATOR_NAMES) == set(Operator)


@pytest.mark.parametrize(
    ("column", "operator", "values"),
    [
        (TEXT, Operator.IS, ("pro",)),
        (TEXT, Operator.CONTAINS, (" spaces ",)),
        (TEXT, Operator.MATCHES, ("^a|b$",)),
        (TEXT, Operator.ONE_OF, ("pro", "other")),
        (TEXT, Operator.EMPTY, ()),
        (NUMBER, Operator.IS, ("12345678901234567890",)),
        (NUMBER, Operator.AT_MOST, ("-2.5e3",)),
        (NUMBER, Operator.BETWEEN, ("1", "5")),
        (YES_NO, Operator.IS_NOT, ("false",)),
        (DATE, Operator.BEFORE, ("2026-03-04T09:15:00Z",)),
        (DATE, Operator.BETWEEN, ("2026-03-04", "2026-04-01")),
        (DATE, Operator.LAST_DAYS, ("30",)),
        (DATE, Operator.IS, ("2026-03-04",)),
        # What suited the column before it turned to text.
        (TEXT, Operator.GREATER, ("7",)),
        (TEXT, Operator.BETWEEN, ("2026-03-04", "2026-04-01")),
    ],
)
def test_a_condition_comes_back_as_it_was(editor, column, operator, values):
    _edit(editor, column, operator, values)
    _enter()
    assert editor.got == [Condition(column.key, operator, values)]
    assert editor.isHidden()


@pytest.mark.parametrize(
    ("column", "operator", "values", "said"),
    [
        (NUMBER, Operator.GREATER, ("ten",), "number"),
        (NUMBER, Operator.GREATER, ("1_000",), "number"),
        (NUMBER, Operator.GREATER, ("",), "number"),
        (NUMBER, Operator.GREATER, ("inf",), "number"),
        (NUMBER, Operator.BETWEEN, ("1", ""), "number"),
        (DATE, Operator.AFTER, ("2026-02-30",), "date"),
        (DATE, Operator.LAST_DAYS, ("0",), "above 0"),
        (TEXT, Operator.CONTAINS, ("",), "look for"),
        (TEXT, Operator.ONE_OF, (), "at least one"),
    ],
)
def test_what_cannot_be_used_is_said_and_not_applied(editor, column, operator, values, said):
    _edit(editor, column, operator, values)
    editor.apply()
    assert editor.got == []
    assert editor.isVisible()
    assert any(said in text for text in _said(editor))


def test_the_mark_goes_to_the_field_that_is_wrong_and_leaves_when_it_is_right(editor):
    _edit(editor, NUMBER, Operator.BETWEEN, ("1", "x"))
    _enter()
    first, last = _lines(editor)
    assert (first.property("wrong"), last.property("wrong")) == ("false", "true")
    assert QApplication.focusWidget() is last
    last.selectAll()
    QTest.keyClicks(last, "5")
    assert last.property("wrong") == "false"
    _enter()
    assert editor.got == [Condition(NUMBER.key, Operator.BETWEEN, ("1", "5"))]


@pytest.mark.parametrize(
    ("operator", "meant"), [(Operator.IS, Operator.EMPTY), (Operator.IS_NOT, Operator.NOT_EMPTY)]
)
def test_is_nothing_means_is_empty(editor, operator, meant):
    _edit(editor, TEXT, operator, ("",))
    _enter()
    assert editor.got == [Condition(TEXT.key, meant)]


def test_what_was_typed_stays_when_the_operator_changes(editor):
    _edit(editor, TEXT)
    QTest.keyClicks(QApplication.focusWidget(), "pro")
    combo = _operator(editor)
    combo.setCurrentIndex(combo.findText("contains"))
    editor.apply()
    assert editor.got == [Condition(TEXT.key, Operator.CONTAINS, ("pro",))]


def test_another_column_brings_its_own_operators(editor):
    _edit(editor, TEXT, Operator.CONTAINS, ("2",))
    editor.findChild(QComboBox, "contacts.condition.column").setCurrentIndex(3)
    assert editor.condition() == Condition(DATE.key, Operator.BEFORE, ("2",))


def test_a_column_is_found_by_any_part_of_its_name(editor):
    editor.edit(TEXT, COLUMNS, QPoint(50, 50), choose_column=True)
    QTest.keyClicks(QApplication.focusWidget(), "eat")
    popup = editor.findChild(QComboBox, "contacts.condition.column").completer().popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert editor.condition().key == NUMBER.key
    assert QApplication.focusWidget().accessibleName() == "Value"


def test_a_column_that_no_row_has_can_be_edited_too(editor):
    old = Column("attributes.old", "old")
    _edit(editor, old, Operator.IS, ("x",))
    _enter()
    assert editor.got == [Condition("attributes.old", Operator.IS, ("x",))]


def test_a_day_is_taken_from_the_calendar_by_keys(editor, qtbot):
    _edit(editor, DATE, Operator.BEFORE, ("2026-03-04",))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    month = editor.findChild(QCalendarWidget)
    qtbot.waitUntil(month.isVisible)
    days = month.findChild(QWidget, "qt_calendar_calendarview")
    QTest.keyClick(days, Qt.Key.Key_Right)
    QTest.keyClick(days, Qt.Key.Key_Return)
    assert not month.isVisible()
    assert _lines(editor)[0].text() == "2026-03-05"


def test_the_usual_days_are_at_hand(editor):
    _edit(editor, DATE, Operator.LAST_DAYS, ("7",))
    button = next(
        each for each in editor.findChildren(QWidget) if each.accessibleName() == "90 days"
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    editor.apply()
    assert editor.got == [Condition(DATE.key, Operator.LAST_DAYS, ("90",))]


def test_tab_goes_through_the_fields_as_they_are_seen(editor):
    _edit(editor, DATE, Operator.BETWEEN, ("2026-03-04", "2026-04-01"))
    names = []
    for _ in range(7):
        widget = QApplication.focusWidget()
        names.append(widget.accessibleName() or widget.text())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    calendar = "Choose a day from a calendar"
    assert names == ["From", calendar, "To", calendar, "Cancel", "Apply", "Column"]


# Frequent values


def _rows(editor):
    view = editor.findChild(QWidget, "contacts.condition.value").findChild(QListView)
    model = view.model()
    return [
        (model.item(row).text(), model.item(row).checkState() == Qt.CheckState.Checked)
        for row in range(model.rowCount())
        if not view.isRowHidden(row)
    ]


def test_frequent_values_are_asked_for_once_and_only_where_they_help(editor):
    _edit(editor, NUMBER, Operator.GREATER, ("1",))
    assert editor.asked == []
    _edit(editor, TEXT, Operator.ONE_OF)
    assert editor.asked == [TEXT.key]
    editor.offer_values(TEXT.key, PLANS)
    combo = _operator(editor)
    combo.setCurrentIndex(combo.findText("is"))
    combo.setCurrentIndex(combo.findText("is one of"))
    assert editor.asked == [TEXT.key]
    assert len(_rows(editor)) == 4


def test_the_list_has_counts_keeps_what_was_checked_and_offers_the_empty_cells(editor):
    _edit(editor, TEXT, Operator.ONE_OF, ("pro", "other"))
    editor.offer_values(TEXT.key, PLANS)
    assert _rows(editor) == [
        ("other", True),
        ("free", False),
        ("pro", True),
        ("Team", False),
        ("(empty)", False),
    ]
    view = editor.findChild(QWidget, "contacts.condition.value").findChild(QListView)
    read_out = view.model().item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert read_out == "pro, 2 rows"


def test_values_of_another_column_come_too_late(editor):
    _edit(editor, TEXT, Operator.ONE_OF)
    editor.offer_values(NUMBER.key, PLANS)
    assert _rows(editor) == []


def test_several_values_are_chosen_by_typing(editor):
    _edit(editor, TEXT, Operator.ONE_OF)
    editor.offer_values(TEXT.key, PLANS)
    search = QApplication.focusWidget()
    for typed in ("te", "new one"):
        QTest.keyClicks(search, typed)
        _enter()
    assert search.text() == ""
    _enter()
    assert editor.got == [Condition(TEXT.key, Operator.ONE_OF, ("new one", "Team"))]


def test_a_value_typed_whole_is_taken_before_one_that_only_contains_it(editor):
    _edit(editor, TEXT, Operator.ONE_OF)
    counts = (ValueCount("pro plus", 9), ValueCount("pro", 2))
    editor.offer_values(TEXT.key, Values(11, 0, 2, counts))
    QTest.keyClicks(QApplication.focusWidget(), "pro")
    _enter()
    _enter()
    assert editor.got[0].values == ("pro",)


def test_the_list_is_reached_and_used_by_keys(editor):
    _edit(editor, TEXT, Operator.ONE_OF)
    editor.offer_values(TEXT.key, PLANS)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    _enter()
    assert editor.got[0].values == ("pro",)


@pytest.mark.parametrize("x", [10, 100])
def test_a_click_anywhere_on_a_line_checks_it(editor, x):
    _edit(editor, TEXT, Operator.ONE_OF)
    editor.offer_values(TEXT.key, PLANS)
    view = editor.findChild(QWidget, "contacts.condition.value").findChild(QListView)
    line = view.visualRect(view.model().index(1, 0))
    place = QPoint(line.left() + x, line.center().y())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert editor.condition().values == ("pro",)


def test_a_text_is_completed_from_the_frequent_values(editor):
    _edit(editor, TEXT)
    editor.offer_values(TEXT.key, PLANS)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "TE")
    popup = field.completer().popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert editor.got == []
    assert field.text() == "Team"
    _enter()
    assert editor.got == [Condition(TEXT.key, Operator.IS, ("Team",))]


def test_what_was_typed_is_applied_though_the_list_offers_something_longer(editor):
    _edit(editor, TEXT)
    editor.offer_values(TEXT.key, PLANS)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "te")
    popup = field.completer().popup()
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert editor.got == [Condition(TEXT.key, Operator.IS, ("te",))]
    assert not popup.isVisible()


def test_an_operator_taken_from_the_open_list_leads_on_to_its_value(editor, qtbot):
    editor.edit(NUMBER, COLUMNS, QPoint(50, 50))
    operator = editor.findChild(QComboBox, "contacts.condition.operator")
    greater = operator.findText(OPERATOR_NAMES[Operator.GREATER])
    operator.showPopup()
    view = operator.view()
    view.setCurrentIndex(operator.model().index(greater, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    field = lambda: editor._field.entry()  # noqa: E731
    qtbot.waitUntil(lambda: operator.currentIndex() == greater and field().hasFocus())
    assert editor.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "30")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert editor.got == [Condition(NUMBER.key, Operator.GREATER, ("30",))]


def test_nothing_typed_is_not_carried_over_as_a_value(editor):
    editor.edit(TEXT, COLUMNS, QPoint(50, 50))
    operator = editor.findChild(QComboBox, "contacts.condition.operator")
    operator.setCurrentIndex(operator.findText(OPERATOR_NAMES[Operator.ONE_OF]))
    editor.offer_values(TEXT.key, PLANS)
    editor.apply()
    assert editor.got == []


def test_the_values_of_a_column_are_offered_with_their_rows_before_anything_is_typed(editor):
    _edit(editor, TEXT)
    editor.offer_values(TEXT.key, PLANS)
    (line,) = _lines(editor)
    QTest.keyClick(line, Qt.Key.Key_Down)
    listed = line.completer().popup()
    assert listed.isVisible()
    texts = [listed.model().index(row, 0).data() for row in range(listed.model().rowCount())]
    assert texts == ["free", "pro", "Team"]
    listed.setCurrentIndex(listed.model().index(1, 0))
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert line.text() == "pro"


def test_the_editor_stays_within_its_window(editor):
    window = editor.parentWidget()
    at = window.mapToGlobal(QPoint(window.width() - 10, 50))
    editor.edit(TEXT, COLUMNS, at)
    frame = 2  # which the platform of the tests gives to every window
    assert editor.geometry().right() <= window.geometry().right() + frame


def test_the_column_is_the_one_that_is_typed_and_never_one_that_is_not_there(editor, qtbot):
    editor.edit(TEXT, COLUMNS, QPoint(50, 50), choose_column=True)
    column = editor.findChild(QComboBox, "contacts.condition.column")
    QTest.keyClicks(QApplication.focusWidget(), "sea")
    QTest.keyClick(column.lineEdit(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not column.hasFocus())
    assert column.currentText() == "seats"
    assert editor.condition().key == NUMBER.key
    column.setFocus()
    column.lineEdit().setText("nowhere")
    QTest.keyClick(column.lineEdit(), Qt.Key.Key_Tab)
    assert column.currentText() == "seats"


def test_a_value_that_is_taken_from_what_is_typed_is_read_aloud(editor, heard):
    _edit(editor, TEXT, Operator.ONE_OF)
    editor.offer_values(TEXT.key, PLANS)
    QTest.keyClicks(QApplication.focusWidget(), "pr")
    _enter()
    QTest.keyClicks(QApplication.focusWidget(), "gold")
    _enter()
    assert heard == ["pro is checked, 1 in all", "gold is checked, 2 in all"]
    assert set(editor.condition().values) == {"pro", "gold"}
