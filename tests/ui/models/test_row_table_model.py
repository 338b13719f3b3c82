"""The model that shows a window on rows that lie elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTableView

from refiner_desktop.datasets.columns import Column
from refiner_desktop.ui.models.block_cache import BLOCK_ROWS, MAX_BLOCKS
from refiner_desktop.ui.models.row_table_model import RowTableModel

PLAN = Column("attributes.plan", "Plan")
SEATS = Column("attributes.seats", "Seats", "number")
SEEN = Column("last_seen_at", "Last seen", "date")
BETA = Column("attributes.beta", "Beta", "boolean")


class Source:
    """Rows whose cells tell order, row and column; answers only when told to."""

    def __init__(self) -> None:
        self.model = RowTableModel(self.fetch)
        self.asked: list[tuple[int, int]] = []

    def fetch(self, first: int, count: int) -> None:
        self.asked.append((first, count))

    def answer(self, order: str = "A") -> None:
        asked, self.asked = self.asked, []
        for first, count in asked:
            keys = [column.key.removeprefix("attributes.") for column in self.model.columns]
            rows = [[f"{order}{row} {key}" for key in keys] for row in range(first, first + count)]
            self.model.put_block(self.model.generation, first, rows)

    def show(self, row: int, column: int = 0, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.model.data(self.model.index(row, column), role)


@pytest.fixture
def source(qapp: object) -> Source:
    source = Source()
    source.model.set_columns([PLAN, SEATS], 1)
    source.model.set_order(1_000, 2)
    return source


def one_cell(text: str | None, column: Column = PLAN) -> Callable[[int], Any]:
    model = RowTableModel(lambda first, count: None)
    model.set_columns([column], 1)
    model.set_order(1, 2)
    model.put_block(2, 0, [(text,)])
    return lambda role: model.data(model.index(0, 0), role)


def test_it_keeps_to_the_rules_of_qt(source: Source, qtmodeltester: Any) -> None:
    qtmodeltester.check(source.model)
    source.show(0)
    source.answer()
    source.model.set_order(1_100, 2)
    source.model.set_columns([PLAN, BETA, SEATS], 3)
    source.model.set_order(10, 4)
    source.model.set_columns([SEATS], 5)
    source.model.set_order(0, 6)


def test_a_cell_is_empty_until_its_block_arrives(source: Source) -> None:
    changes: list[tuple[int, int]] = []
    source.model.dataChanged.connect(lambda a, b: changes.append((a.row(), b.row())))
    assert source.show(450) == ""
    assert source.show(451) == ""
    assert source.asked == [(400, BLOCK_ROWS)]
    source.answer()
    assert source.show(450) == "A450 plan"
    assert source.show(450, 1) == "A450 seats"
    assert changes == [(400, 499)]
    assert source.asked == []


def test_the_last_block_is_asked_for_as_far_as_there_are_rows(source: Source) -> None:
    source.model.set_order(1_050, 3)
    source.show(1_049)
    assert source.asked == [(1_000, 50)]


def test_the_old_order_stays_on_screen_until_the_new_one_arrives(source: Source) -> None:
    source.show(0)
    source.answer("A")
    source.model.set_order(900, 3)
    assert source.show(0) == "A0 plan"
    source.model.set_order(800, 4)  # a second sort before the first one was shown
    assert source.show(0) == "A0 plan"
    source.answer("B")
    assert source.show(0) == "B0 plan"
    assert source.show(250) == ""


def test_a_block_of_an_earlier_generation_is_refused(source: Source) -> None:
    source.show(0)
    source.model.set_order(1_000, 3)
    source.model.put_block(2, 0, [("late", "late")] * BLOCK_ROWS)
    assert source.show(0) == ""


def test_a_sort_keeps_scroll_position_and_rows(source: Source) -> None:
    resets: list[str] = []
    source.model.modelReset.connect(lambda: resets.append("reset"))
    source.model.set_order(700, 3)
    source.model.set_order(1_200, 4)
    assert source.model.rowCount() == 1_200
    assert resets == []


def test_rows_join_at_the_end_while_loading(source: Source) -> None:
    source.model.set_order(50, 3)
    source.show(0)
    source.answer()
    joined: list[tuple[int, int]] = []
    source.model.rowsInserted.connect(lambda _parent, a, b: joined.append((a, b)))
    source.model.set_order(90, 4)
    assert joined == [(50, 89)]
    assert source.show(10) == "A10 plan"  # of before, while the longer block is asked for
    assert source.asked == [(0, 90)]
    source.answer()
    assert source.show(89) == "A89 plan"
    assert source.asked == []


def test_a_short_answer_is_not_asked_for_again_and_again(source: Source) -> None:
    source.show(0)
    source.asked.clear()
    source.model.put_block(2, 0, [("only", "one")])
    assert source.show(0) == "only"
    assert source.show(1) == ""
    assert source.asked == []


def test_a_released_block_is_asked_for_again(source: Source) -> None:
    source.show(0)
    source.show(0)
    assert len(source.asked) == 1
    source.model.release(source.model.generation, 0)
    source.show(0)
    assert len(source.asked) == 2


def test_only_so_many_blocks_are_held(source: Source) -> None:
    source.model.set_order((MAX_BLOCKS + 2) * BLOCK_ROWS, 3)
    for block in range(MAX_BLOCKS + 1):
        source.show(block * BLOCK_ROWS)
        source.answer()
    source.show(BLOCK_ROWS)  # still here
    assert source.asked == []
    source.show(0)  # the one that was not looked at for longest
    assert source.asked == [(0, BLOCK_ROWS)]


def test_columns_join_without_a_reset_and_cells_stay(source: Source) -> None:
    source.show(0)
    source.answer()
    resets: list[str] = []
    joined: list[tuple[int, int]] = []
    source.model.modelReset.connect(lambda: resets.append("reset"))
    source.model.columnsInserted.connect(lambda _parent, a, b: joined.append((a, b)))
    source.model.set_columns([SEEN, PLAN, BETA, SEATS], 3)
    assert source.show(0, 1) == "A0 plan"
    assert source.show(0, 2) == ""
    assert source.show(0, 3) == "A0 seats"
    assert joined == [(0, 0), (2, 2)]
    assert resets == []
    source.answer("B")
    assert source.show(0, 2) == "B0 beta"


def test_a_new_kind_alone_keeps_every_block(source: Source) -> None:
    source.show(0)
    source.answer()
    source.model.set_columns([PLAN, Column(SEATS.key, SEATS.title, "text")], 2)
    assert source.show(0, 1) == "A0 seats"
    assert source.asked == []
    assert not source.show(0, 1, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_columns_that_leave_take_their_cells_along(source: Source) -> None:
    source.show(0)
    source.answer()
    source.model.set_columns([SEATS], 3)
    assert source.model.columnCount() == 1
    assert source.show(0, 0) == "A0 seats"


def test_a_view_asks_for_the_rows_it_shows_only(source: Source, qtbot: Any) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    source.model.set_order(1_000_000, 3)
    view.setModel(source.model)
    view.resize(400, 300)
    view.show()
    view.grab()
    source.answer()
    view.scrollToBottom()
    view.grab()
    assert source.asked == [(999_900, BLOCK_ROWS)]


def test_numbers_stand_to_the_right(source: Source) -> None:
    role = Qt.ItemDataRole.TextAlignmentRole
    assert source.show(0, 1, role) & Qt.AlignmentFlag.AlignRight
    assert source.show(0, 0, role) & Qt.AlignmentFlag.AlignLeft


def test_values_are_shown_as_people_read_them(qapp: object) -> None:
    display = Qt.ItemDataRole.DisplayRole
    assert one_cell("true", BETA)(display) == "Yes"
    assert one_cell("F", BETA)(display) == "No"
    assert one_cell("12.50", SEATS)(display) == "12.50"
    assert one_cell(None)(display) == ""
    assert one_cell("a\r\nb\nc\0d")(display) == "a↵b↵c␀d"
    assert one_cell("x" * 5_000)(display) == "x" * 200 + "…"
    assert one_cell("not a date", SEEN)(display) == "not a date"
    assert "2026" not in one_cell("0001-01-01T00:00:00Z", SEEN)(display)


def test_a_day_is_the_same_day_in_every_time_zone(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        assert one_cell("2026-03-04", SEEN)(Qt.ItemDataRole.DisplayRole) == "2026-03-04"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_texts_for_tool_tip_and_screen_reader(qapp: object) -> None:
    cell = one_cell("<b>bold</b>" + "x" * 5_000)
    tip = cell(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "&lt;b&gt;bold" in tip
    assert 2_000 < len(tip) < 2_500
    assert one_cell("pro")(Qt.ItemDataRole.AccessibleTextRole) == "Plan: pro"
    assert one_cell(None)(Qt.ItemDataRole.AccessibleTextRole) == "Plan: empty"
    assert one_cell(None)(Qt.ItemDataRole.ToolTipRole) is None


def test_header_says_title_and_key(source: Source) -> None:
    across = Qt.Orientation.Horizontal
    assert source.model.headerData(0, across) == "Plan"
    assert "attributes.plan" in source.model.headerData(0, across, Qt.ItemDataRole.ToolTipRole)
    assert source.model.headerData(7, across) is None
    assert source.model.headerData(4, Qt.Orientation.Vertical) == 5


def test_a_header_is_heard_with_how_it_sorts(source: Source) -> None:
    across, role = Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole
    changed: list[tuple[int, int]] = []
    source.model.headerDataChanged.connect(lambda _across, a, b: changed.append((a, b)))
    source.model.show_sort({SEATS.key: "sorted descending"})
    assert changed == [(0, 1)]
    assert source.model.headerData(0, across, role) == "Plan"
    assert source.model.headerData(1, across, role) == "Seats, sorted descending"
    assert source.model.headerData(1, across) == "Seats"


def test_a_text_that_is_here_is_read_without_asking_for_any(source: Source) -> None:
    assert source.model.text(450, PLAN.key) is None
    assert source.model.text(-1, PLAN.key) is None
    assert source.asked == []
    source.show(450)
    source.answer()
    assert source.model.text(450, PLAN.key) == "A450 plan"
    source.model.set_order(1_000, 3)
    assert source.model.text(450, PLAN.key) == "A450 plan"  # still on the screen
    assert source.model.text(450, "unknown") is None


def test_an_index_that_is_not_its_own_has_no_data(source: Source) -> None:
    assert source.model.data(QModelIndex()) is None
    assert source.model.rowCount(source.model.index(0, 0)) == 0
