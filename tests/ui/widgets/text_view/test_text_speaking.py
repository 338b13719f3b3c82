"""What someone hears who goes through a text by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from refiner_desktop.ui.widgets.text_view import TextView, canvas
from refiner_desktop.ui.widgets.text_view.lines import Lines
from refiner_desktop.ui.widgets.text_view.navigation import Motion
from refiner_desktop.ui.widgets.text_view.speaking import MOST_BYTES, spoken

LINES = Lines('{\n  "name": "Zoë Hughes",\n\n}'.encode())


@pytest.mark.parametrize(
    ("caret", "motion", "heard"),
    [
        (0, Motion.DOWN, "{"),
        (4, Motion.UP, '"name": "Zoë Hughes",'),
        (12, Motion.WORD_RIGHT, '"'),
        (13, Motion.WORD_LEFT, "Zoë"),
        (15, Motion.RIGHT, "ë"),
        (1, Motion.LINE_END, "end of line"),
        (LINES.start(2), Motion.DOWN, "empty line"),
    ],
)
def test_where_the_caret_came_to_is_read(caret, motion, heard):
    assert spoken(LINES, caret, motion) == heard


def test_of_a_line_of_megabytes_the_beginning_is_read():
    assert len(spoken(Lines("ö".encode() * 1_000_000), 0, Motion.DOWN)) == MOST_BYTES // 2


def test_each_key_that_moves_the_caret_is_heard(qtbot, monkeypatch):
    said = []
    monkeypatch.setattr(canvas, "announce", lambda _about, text: said.append(text))
    view = TextView()
    qtbot.addWidget(view)
    QTest.keyClick(view, Qt.Key.Key_Down)
    view.set_text("one\ntwo")
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert said == ["two", "w"]
