"""Rows that a person types: there is always one more, and empty ones do not count."""

import pytest
from PySide6.QtCore import Qt

from refiner_desktop.ui.models.cell_text import tool_tip
from refiner_desktop.ui.models.key_value_model import KeyValue, KeyValueModel


@pytest.fixture
def model(qapp):
    return KeyValueModel(("text", "number"))


def _type(model, row, column, value):
    assert model.setData(model.index(row, column), value)


def test_it_is_a_proper_model(model, qtmodeltester):
    model.set_rows([KeyValue("plan", "text", "pro")])
    qtmodeltester.check(model)


def test_typing_into_the_last_row_adds_another(model):
    _type(model, 0, 0, "plan")
    assert model.rowCount() == 2
    _type(model, 1, 2, "12")
    assert model.rowCount() == 3
    assert model.rows() == (KeyValue("plan", "text", ""), KeyValue("", "text", "12"))


def test_the_blank_row_is_not_counted_and_can_not_be_removed(model):
    model.remove(0)
    assert model.rowCount() == 1
    assert model.rows() == ()


def test_choosing_a_type_alone_is_not_a_row(model):
    _type(model, 0, 1, "number")
    assert model.rows() == ()


def test_a_row_is_removed(model):
    model.set_rows([KeyValue("a", "text", "1"), KeyValue("b", "text", "2")])
    model.remove(0)
    assert model.rows() == (KeyValue("b", "text", "2"),)


def test_a_problem_is_told_at_its_row_even_when_blank_rows_are_between(model):
    model.set_rows(
        [KeyValue("a", "text", "1"), KeyValue("", "text", ""), KeyValue("b", "text", "")]
    )
    model.set_problems({1: "This is wrong."})
    tips = [model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(4)]
    assert tips == [None, None, tool_tip("This is wrong."), None]
    assert "This is wrong." in model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_every_change_is_announced_once_and_no_change_is_not(model, qtbot):
    edits = []
    model.edited.connect(lambda: edits.append(1))
    _type(model, 0, 0, "plan")
    _type(model, 0, 0, "plan")
    assert len(edits) == 1


def test_without_types_there_are_two_columns(qapp):
    model = KeyValueModel()
    assert model.columnCount() == 2
    _type(model, 0, 1, "1")
    assert model.rows() == (KeyValue("", "", "1"),)


@pytest.fixture
def switchable(qapp):
    model = KeyValueModel(("text", "number"), switchable=True)
    model.set_rows([KeyValue("a", "text", "1"), KeyValue("b", "text", "2")])
    return model


def test_a_switchable_one_is_a_proper_model_too(switchable, qtmodeltester):
    switchable.switch(0)
    qtmodeltester.check(switchable)


def test_a_row_that_is_off_is_kept_and_says_so(switchable):
    index = switchable.index(0, 0)
    assert switchable.setData(index, 0, Qt.ItemDataRole.CheckStateRole)
    assert [row.on for row in switchable.rows()] == [False, True]
    assert "switched off" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_blank_row_can_be_neither_switched_nor_moved(switchable):
    switchable.switch(2)
    assert not switchable.move(2, 0)
    assert not switchable.move(0, 2)
    assert switchable.index(2, 0).data(Qt.ItemDataRole.CheckStateRole) is None


def test_moving_tells_the_views_where_the_row_went(switchable, qtbot):
    with qtbot.waitSignal(switchable.rowsMoved):
        assert switchable.move(0, 1)
    assert [row.key for row in switchable.rows()] == ["b", "a"]


def test_lines_are_counted_with_the_blank_ones_between(switchable):
    switchable.set_rows([KeyValue(), KeyValue("a", "text", "1")])
    assert switchable.line_of(0) == 2
