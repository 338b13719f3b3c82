"""Looking through the differences of two texts."""

import json

import pytest
from PySide6.QtWidgets import QLabel, QToolButton

from refiner_desktop.ui.widgets.text_view import ComparePane

LEFT = {f"key {n}": n for n in range(200)}
RIGHT = {**LEFT, "key 20": "x", "key 150": "y", "more": 1}


@pytest.fixture
def pane(qtbot):
    pane = ComparePane()
    qtbot.addWidget(pane)
    pane.resize(900, 400)
    pane.show()
    return pane


def compare(pane, qtbot, left, right):
    with qtbot.waitSignal(pane.compared):
        pane.compare(json.dumps(left).encode(), json.dumps(right).encode())


def lines(pane):
    views = (pane.left.view, pane.right.view)
    return [view.document.lines.at(view.selection.caret) for view in views]


def words(pane):
    return [label.text() for label in pane.findChildren(QLabel)]


def test_one_steps_through_the_differences_on_both_sides(pane, qtbot):
    compare(pane, qtbot, LEFT, RIGHT)
    assert "3 differences" in words(pane)
    down, up = (next(b for b in pane.findChildren(QToolButton) if b.text() == t) for t in "↓↑")
    assert lines(pane) == [21, 21]
    down.click()
    assert lines(pane) == [151, 151]
    down.click()
    assert lines(pane) == [201, 201]
    down.click()
    assert lines(pane) == [21, 21]
    up.click()
    assert lines(pane) == [201, 201]


def test_both_sides_scroll_together(pane, qtbot):
    compare(pane, qtbot, LEFT, RIGHT)
    left, right = (side.view.verticalScrollBar() for side in (pane.left, pane.right))
    assert left.maximum() == right.maximum()
    left.setValue(77)
    assert right.value() == 77
    right.setValue(5)
    assert left.value() == 5


def test_texts_that_are_the_same_are_called_so(pane, qtbot):
    compare(pane, qtbot, LEFT, LEFT)
    assert "No difference" in words(pane)
    assert not any(
        b.isEnabled() for b in pane.findChildren(QToolButton) if b.text() in "↑↓" and b.isVisible()
    )


def test_sides_have_titles_and_keep_to_one_way_of_showing(pane, qtbot):
    pane.set_titles("before", "after")
    compare(pane, qtbot, LEFT, RIGHT)
    assert {"before", "after"} <= set(words(pane))
    assert len(pane.left.view.modes) == 1
    assert not pane.left.view.can_fold


def test_the_last_comparison_asked_for_is_shown(pane, qtbot):
    pane.compare(b"[1]", b"[2]")
    compare(pane, qtbot, LEFT, LEFT)
    assert pane.difference_count == 0
