"""All ids, few rows: what is asked for, and what stays in place while others come and go."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt

from refiner_desktop.ui.models import delivery_model
from refiner_desktop.ui.models.delivery_model import AT_ONCE, DeliveryModel
from refiner_desktop.ui.models.record_table_model import Column
from refiner_desktop.webhooks.delivery import DeliveryRow, Gist, Kind, Verdict


def row(number, user="Ana"):
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    gist = Gist(user=user)
    return DeliveryRow(number, "h", moment, "POST", "/", Kind.OTHER, Verdict.ACCEPTED, 200, 2, gist)


@pytest.fixture
def model():
    return DeliveryModel((Column("Id", lambda row: str(row.id)), Column("User", _user)))


def _user(row):
    return row.gist.user


def _text(model, place, column=0):
    return model.data(model.index(place, column))


def test_the_first_cell_of_a_row_may_stand_for_all_of_it_where_it_is_heard():
    columns = (Column("Id", str, spoken=lambda row: f"{row.id} by {row.gist.user}"),)
    model = DeliveryModel((*columns, Column("User", _user)))
    model.set_ids([7])
    model.put([row(7)])
    role = Qt.ItemDataRole.AccessibleTextRole
    assert [model.data(model.index(0, at), role) for at in (0, 1)] == ["7 by Ana", "User: Ana"]


def test_a_row_that_is_looked_at_is_wanted_with_those_around_it_once(model, qtbot):
    model.set_ids(range(100_000, 0, -1))
    with qtbot.waitSignal(model.wanted):
        assert _text(model, 50_017) is None
    wanted = model.take_wanted()
    assert len(wanted) == AT_ONCE
    assert model.ids[50_017] in wanted
    with qtbot.assertNotEmitted(model.wanted):
        assert _text(model, 50_017) is None  # it is on its way
    model.put(row(each) for each in wanted)
    model.release(wanted)
    assert _text(model, 50_017) == str(model.ids[50_017])


def test_what_did_not_come_can_be_wanted_again(model, qtbot):
    model.set_ids([3, 2, 1])
    _text(model, 0)
    model.release(model.take_wanted())
    with qtbot.waitSignal(model.wanted):
        _text(model, 0)


def test_of_a_long_scroll_the_places_looked_at_last_are_read_first(model):
    model.set_ids(range(100_000, 0, -1))
    for place in range(0, 100_000, AT_ONCE):
        _text(model, place)
    assert model.ids[99_999] in model.take_wanted()
    assert model.take_wanted() == ()


def test_arrivals_stand_on_top_and_need_not_be_read(model, qtbot):
    model.set_ids([3, 2, 1])
    assert model.prepend([row(5), row(4), row(3)]) == 2
    with qtbot.assertNotEmitted(model.wanted):
        assert [_text(model, place) for place in range(2)] == ["5", "4"]
    assert list(model.ids) == [5, 4, 3, 2, 1]


def test_deleted_ones_leave_wherever_they_stand(model):
    model.set_ids(range(9, 0, -1))
    model.remove({9, 5, 4, 77})
    assert list(model.ids) == [8, 7, 6, 3, 2, 1]
    assert model.place(3) == 3
    assert model.place(5) is None


def test_a_newer_version_of_a_row_shows_at_its_place(model, qtbot):
    model.set_ids([2, 1])
    model.put([row(2), row(1)])
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.put([row(1, user="Bo")])
    assert changed.args[0].row() == 1
    assert _text(model, 1, 1) == "Bo"


def test_no_more_rows_are_held_than_are_looked_at_in_a_while(model, monkeypatch):
    monkeypatch.setattr(delivery_model, "MOST_HELD", 3)
    model.set_ids(range(9, 0, -1))
    model.put(row(each) for each in range(9, 0, -1))
    assert [model.row(each) is not None for each in (9, 3, 2, 1)] == [False, True, True, True]


def test_a_screen_reader_hears_the_column_and_the_text(model):
    model.set_ids([1])
    model.put([row(1)])
    heard = model.data(model.index(0, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "User: Ana"
