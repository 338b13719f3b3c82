"""The model for lists that fit in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import Qt

from refiner_desktop.ui.models.cell_text import RIGHT
from refiner_desktop.ui.models.record_table_model import (
    Column,
    RecordTableModel,
)


@dataclass(frozen=True)
class Call:
    path: str
    status: int | None = None


COLUMNS = (
    Column[Call]("Path", lambda call: call.path, tooltip=lambda call: f"GET <{call.path}>"),
    Column[Call]("Status", lambda call: str(call.status or ""), RIGHT, lambda call: call.status),
)
A, B, C, D = (Call(f"/{name}", 200 + place) for place, name in enumerate("abcd"))


@pytest.fixture
def model(qapp: object) -> RecordTableModel[Call]:
    return RecordTableModel(COLUMNS)


def test_it_keeps_to_the_rules_of_qt_with_a_limit(qapp: object, qtmodeltester: Any) -> None:
    model = RecordTableModel(COLUMNS, limit=3)
    qtmodeltester.check(model)
    model.set_rows([A, B])
    model.append([C, D])
    model.prepend([A, B])
    model.append([A, B, C, D])
    model.replace(0, D)
    model.set_rows([])


def test_records_join_at_both_ends(model: RecordTableModel[Call]) -> None:
    model.set_rows([B])
    joined: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, a, b: joined.append((a, b)))
    model.append([C, D])
    model.prepend([A])
    model.append([])
    assert model.records == (A, B, C, D)
    assert joined == [(1, 2), (0, 0)]


def test_a_limit_drops_the_records_at_the_other_end(qapp: object) -> None:
    model = RecordTableModel(COLUMNS, limit=3)
    model.set_rows([A, B, C, D])
    assert model.records == (A, B, C)
    model.append([D])
    assert model.records == (B, C, D)
    model.prepend([A])
    assert model.records == (A, B, C)
    model.prepend([D, C, B, A])
    assert model.records == (D, C, B)
    model.append([A, B, C, D])
    assert model.records == (B, C, D)


def test_roles_tell_text_alignment_and_tool_tip(model: RecordTableModel[Call]) -> None:
    model.set_rows([Call("/a\nb", 404)])
    path, status = model.index(0, 0), model.index(0, 1)
    assert path.data() == "/a↵b"
    assert status.data(Qt.ItemDataRole.TextAlignmentRole) == RIGHT
    assert status.data(Qt.ItemDataRole.AccessibleTextRole) == "Status: 404"
    assert "&lt;/a" in path.data(Qt.ItemDataRole.ToolTipRole)
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Status"


def test_a_newer_version_takes_the_records_place(model: RecordTableModel[Call]) -> None:
    model.set_rows([A, B])
    changes: list[int] = []
    model.dataChanged.connect(lambda first, _last: changes.append(first.row()))
    model.replace(1, C)
    assert model.records == (A, C)
    assert changes == [1]
