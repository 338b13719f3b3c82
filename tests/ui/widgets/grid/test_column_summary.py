"""What a column holds, in figures and bars that can be read out and chosen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView, QWidget

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.conditions import Condition, Operator
from refiner_desktop.datasets.summaries import Bin, Dates, Numbers, Period, ValueCount, Values
from refiner_desktop.ui.widgets.grid.column_summary import NO_VALUE, ColumnSummary
from refiner_desktop.ui.widgets.grid.summary_words import figure, share

PLAN = Column("attributes.plan", "plan")
SEATS = Column("attributes.seats", "seats", "number")
SEEN = Column("last_seen_at", "Last seen", "date")

PLANS = Values(8, 2, 3, (ValueCount("free", 5), ValueCount("pro", 2), ValueCount("<b>", 1)))
BINS = (Bin(0.0, 10.0, 5), Bin(10.0, 20.0, 0), Bin(20.0, 30.0, 1))
NUMBERS = Numbers(6, 4, 0.0, 4.5, 7.25, 30.0, BINS)


def _periods(start, step, counts):
    return tuple(
        Period(start + step * place, start + step * (place + 1), rows)
        for place, rows in enumerate(counts)
    )


FIRST = datetime(2026, 3, 2, tzinfo=UTC)
WEEKS = Dates(
    7, 0, FIRST, FIRST + timedelta(days=9), "week", _periods(FIRST, timedelta(days=7), (3, 4))
)
HOURS = Dates(
    3, 0, FIRST, FIRST + timedelta(hours=2), "hour", _periods(FIRST, timedelta(hours=1), (2, 1))
)


@pytest.fixture
def summary(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 600)
    window.show()
    summary = ColumnSummary(window, "contacts")
    summary.got = []
    summary.left = []
    summary.conditions_chosen.connect(summary.got.append)
    summary.closed.connect(lambda: summary.left.append(True))
    yield summary
    summary.close()


def _show(summary, column, figures):
    summary.open_for(column, QPoint(30, 30))
    summary.show_summary(column.key, figures)
    QApplication.processEvents()  # labels that join a layout are shown at the next turn


def _texts(summary):
    return [each.text() for each in summary.findChildren(QLabel) if each.isVisible()]


def _bars(summary):
    return next(view for view in summary.findChildren(QListView) if view.isVisible())


def _read_out(summary):
    model = _bars(summary).model()
    role = Qt.ItemDataRole.AccessibleTextRole
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def test_it_opens_before_anything_is_counted_and_says_so(summary):
    summary.open_for(PLAN, QPoint(30, 30))
    assert _texts(summary) == ["plan", "Counting…"]


def test_values_have_figures_and_lines_that_are_read_out(summary):
    _show(summary, PLAN, PLANS)
    texts = _texts(summary)
    assert texts[texts.index("With a value") + 1] == "8"
    assert texts[texts.index("Empty") + 1] == "2 (20 %)"
    assert texts[texts.index("Different values") + 1] == "3"
    assert _read_out(summary) == ["free, 5 rows", "pro, 2 rows", "<b>, 1 row", "empty, 2 rows"]


def test_numbers_have_figures_and_bars_that_are_read_out(summary):
    _show(summary, SEATS, NUMBERS)
    texts = _texts(summary)
    assert texts[texts.index("Minimum") + 1] == "0"
    assert texts[texts.index("Median") + 1] == "4.5"
    assert texts[texts.index("Mean") + 1] == "7.25"
    assert texts[texts.index("Maximum") + 1] == "30"
    assert _read_out(summary) == [
        "0 to 10: 5 rows (50 %)",
        "10 to 20: 0 rows (0 %)",
        "20 to 30: 1 row (10 %)",
    ]


def test_dates_have_bars_of_the_calendar(summary):
    _show(summary, SEEN, WEEKS)
    assert _read_out(summary) == [
        "2026-03-02 to 2026-03-09: 3 rows (42.9 %)",
        "2026-03-09 to 2026-03-16: 4 rows (57.1 %)",
    ]


@pytest.mark.parametrize(
    ("column", "figures", "place", "chosen"),
    [
        (PLAN, PLANS, 1, [(Operator.IS, ("pro",))]),
        (PLAN, PLANS, 3, [(Operator.EMPTY, ())]),
        (SEATS, NUMBERS, 0, [(Operator.AT_LEAST, ("0",)), (Operator.LESS, ("10",))]),
        (SEATS, NUMBERS, 2, [(Operator.BETWEEN, ("20", "30"))]),
        (SEEN, WEEKS, 0, [(Operator.BETWEEN, ("2026-03-02", "2026-03-08"))]),
        (
            SEEN,
            HOURS,
            1,
            [
                (
                    Operator.BETWEEN,
                    ("2026-03-02T01:00:00+00:00", "2026-03-02T01:59:59.999999+00:00"),
                )
            ],
        ),
    ],
)
def test_a_bar_becomes_a_filter_on_its_rows(summary, column, figures, place, chosen):
    _show(summary, column, figures)
    bars = _bars(summary)
    middle = bars.visualRect(bars.model().index(place, 0)).center()
    QTest.mouseClick(bars.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert summary.got == [tuple(Condition(column.key, *each) for each in chosen)]
    assert summary.isHidden()


@pytest.mark.parametrize(
    ("column", "figures", "key"),
    [(PLAN, PLANS, Qt.Key.Key_Down), (SEATS, NUMBERS, Qt.Key.Key_Right)],
)
def test_bars_are_reached_read_and_chosen_by_keys(summary, column, figures, key):
    _show(summary, column, figures)
    bars = _bars(summary)
    bars.setCurrentIndex(bars.model().index(0, 0))
    QTest.keyClick(bars, key)
    assert bars.currentIndex().row() == 1
    assert _read_out(summary)[1] in _texts(summary)
    QTest.keyClick(bars, Qt.Key.Key_Return)
    assert len(summary.got) == 1


def test_figures_of_another_column_come_too_late(summary):
    summary.open_for(PLAN, QPoint(30, 30))
    summary.show_summary(SEATS.key, NUMBERS)
    assert "Counting…" in _texts(summary)


def test_one_column_after_another_leaves_nothing_of_the_first(summary):
    _show(summary, SEATS, NUMBERS)
    _show(summary, PLAN, PLANS)
    assert "Median" not in _texts(summary)
    summary.open_for(SEEN, QPoint(30, 30))
    assert _texts(summary) == ["Last seen", "Counting…"]


def test_no_row_at_all_is_said(summary):
    _show(summary, PLAN, Values(0, 0, 0, ()))
    assert NO_VALUE in _texts(summary)


def test_a_failure_is_said(summary):
    summary.open_for(PLAN, QPoint(30, 30))
    summary.show_failure(PLAN.key, "There is not enough memory.")
    assert "There is not enough memory." in _texts(summary)


def test_who_leaves_no_longer_wants_the_count(summary):
    summary.open_for(PLAN, QPoint(30, 30))
    QTest.keyClick(summary, Qt.Key.Key_Escape)
    assert summary.left == [True]


def test_all_bars_together_fill_the_width(summary):
    bins = tuple(Bin(float(i), i + 1.0, i) for i in range(23))
    _show(summary, SEATS, Numbers(253, 0, 0.0, 1.0, 2.0, 23.0, bins))
    bars = _bars(summary)
    bars.grab()
    last = bars.visualRect(bars.model().index(22, 0))
    assert last.right() == bars.viewport().rect().right()


def test_a_bar_of_one_row_among_a_million_is_seen(summary):
    bins = (Bin(0.0, 1.0, 1_000_000), Bin(1.0, 2.0, 1), Bin(2.0, 3.0, 0))
    _show(summary, SEATS, Numbers(1_000_001, 0, 0.0, 0.0, 0.0, 3.0, bins))
    bars = _bars(summary)
    picture = bars.viewport().grab().toImage()
    bottoms = []
    for row in range(3):
        place = bars.visualRect(bars.model().index(row, 0))
        bottoms.append(picture.pixelColor(place.center().x(), place.bottom()))
    assert bottoms[0] == bottoms[1] != bottoms[2]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (1_204.0, "1,204"),
        (-0.5, "-0.5"),
        (3.14159, "3.142"),
        (1e-9, "1e-09"),
        (1e300, "1e+300"),
    ],
)
def test_a_number_is_as_short_as_it_can_be_told_apart(value, written):
    assert figure(value) == written


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_some_rows_are_never_none_and_not_all_never_all(rows, more):
    total = rows + more
    assert (share(rows, total) == "0 %") == (rows == 0)
    assert share(rows, total) != "100 %"
    assert share(total, total) == "100 %"
