"""Texts of any length and any content in labels."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest

from refiner_desktop.ui.styling import label
from refiner_desktop.ui.widgets.labels import ElidedLabel

WORD = "x" * 6_000


@pytest.mark.parametrize("kind", ["wrap", "elide"])
def test_a_long_word_asks_for_no_more_room_than_a_short_one(qtbot, kind):
    made = label("", **{kind: True})
    qtbot.addWidget(made)
    made.setText(WORD)
    assert made.minimumSizeHint().width() < 300
    assert made.text() == WORD


@pytest.mark.parametrize("kind", ["wrap", "elide"])
def test_the_tool_tip_has_more_of_a_long_text_and_no_markup(qtbot, kind):
    made = label("<img src='x'>" + WORD, **{kind: True})
    qtbot.addWidget(made)
    assert "&lt;img" in made.toolTip()
    assert "<img" not in made.toolTip()
    assert made.textFormat() == Qt.TextFormat.PlainText


def test_a_long_address_is_copied_without_the_places_where_it_may_break(qtbot):
    address = f"{'a' * 60}@example.org"
    made = label(f"Sent to {address}\nand kept.", wrap=True)
    qtbot.addWidget(made)
    made.setSelection(8, len(address) + len(address) // 8)
    QTest.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == address
    made.setSelection(0, 0)
    made.copy()
    assert QGuiApplication.clipboard().text() == f"Sent to {address}\nand kept."


def test_what_can_be_read_whole_has_no_tool_tip_that_repeats_it(qtbot):
    made = ElidedLabel("Ana Example")
    qtbot.addWidget(made)
    tip = QHelpEvent(QEvent.Type.ToolTip, QPoint(), QPoint())
    made.resize(made.sizeHint())
    assert not made.event(tip)
    made.resize(30, 20)
    assert made.event(tip)
    made.resize(made.sizeHint())
    made.setToolTip("Seen at noon")
    assert made.event(tip)


@pytest.mark.parametrize("kind", ["wrap", "elide"])
def test_a_label_is_read_as_its_words_and_without_the_markup_of_its_tool_tip(qtbot, kind):
    made = label("", **{kind: True})
    qtbot.addWidget(made)
    made.setText(WORD)
    heard = QAccessible.queryAccessibleInterface(made)
    assert "<p>" not in heard.text(QAccessible.Text.Description)
    assert heard.text(QAccessible.Text.Name).startswith("xxx")
