"""Rows that are read and rows that arrive, in any order."""

from datetime import UTC, datetime

import pytest

from refiner_desktop.ui.tabs.webhooks.delivery_list import PASSED_ON, DeliveryList
from refiner_desktop.ui.tabs.webhooks.passed_on import PassedOn
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow
from refiner_desktop.webhooks.forwarder import Forwarded


@pytest.fixture
def passed_on():
    return PassedOn()


@pytest.fixture
def deliveries(qtbot, passed_on):
    deliveries = DeliveryList(passed_on)
    qtbot.addWidget(deliveries)
    return deliveries


def _row(number):
    return DeliveryRow.of(Delivery("h", datetime.now(UTC), "POST", "/", (), b"{}", id=number))


def _ids(deliveries):
    return [row.id for row in deliveries._rows.records]


ROWS = [_row(number) for number in range(10)]
NEWEST_FIRST = ROWS[::-1]


def test_what_is_read_and_arrives_is_there_once(deliveries):
    deliveries.show_rows(NEWEST_FIRST[2:], filtered=False)
    deliveries.add(ROWS[6:9])
    assert _ids(deliveries) == [*range(8, -1, -1)]


def test_what_arrives_while_older_rows_are_read_stays(deliveries):
    deliveries.add(ROWS[8:])
    deliveries.show_rows(NEWEST_FIRST[2:], filtered=False)
    assert _ids(deliveries) == [*range(9, -1, -1)]


def test_a_filter_shows_only_what_was_read(deliveries):
    deliveries.add(ROWS)
    deliveries.show_rows([ROWS[7], ROWS[5]], filtered=True)
    assert _ids(deliveries) == [7, 5]


@pytest.mark.parametrize(
    "read", [[ROWS[9], ROWS[7], ROWS[5]], [ROWS[5]], [ROWS[7], ROWS[5], ROWS[2]]]
)
def test_the_chosen_delivery_stays_chosen_when_others_come_and_go(deliveries, read, qtbot):
    deliveries.show_rows([ROWS[7], ROWS[5]], filtered=True)
    deliveries.selectRow(1)
    with qtbot.assertNotEmitted(deliveries.delivery_chosen):
        deliveries.show_rows(read, filtered=True)
    assert _ids(deliveries)[deliveries.currentIndex().row()] == 5
    assert deliveries.selectedIndexes()


def test_the_choice_ends_with_the_delivery(deliveries, qtbot):
    deliveries.add(ROWS)
    deliveries.selectRow(0)
    with qtbot.waitSignal(deliveries.delivery_chosen) as emitted:
        deliveries.clear()
    assert emitted.args == [None]


def test_where_nothing_is_passed_on_there_is_no_column_for_it(deliveries, passed_on):
    deliveries.add(ROWS)
    assert deliveries.isColumnHidden(PASSED_ON)
    passed_on.note(ROWS[9], Forwarded(204, 0.1))
    deliveries.show_passed_on(9)
    assert not deliveries.isColumnHidden(PASSED_ON)
    assert deliveries.model().index(0, PASSED_ON).data() == "204"


def test_a_chosen_row_that_is_read_again_stays_chosen_and_another_is_let_go(deliveries, qtbot):
    chosen = []
    deliveries.delivery_chosen.connect(chosen.append)
    deliveries.show_rows(NEWEST_FIRST, filtered=False)
    deliveries.selectRow(2)
    deliveries.renew()
    deliveries.add([_row(10)])
    deliveries.show_rows(NEWEST_FIRST[2:], filtered=False)
    assert (_ids(deliveries), chosen) == ([10, *range(7, -1, -1)], [7])
    assert deliveries.currentIndex().row() == 1
    deliveries.renew()
    deliveries.show_rows([], filtered=False)
    assert (_ids(deliveries), chosen) == ([], [7, None])
