"""An address in a narrow field."""

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from refiner_desktop.ui.tabs.webhooks.elided_edit import ElidedEdit


@pytest.mark.parametrize(("text", "dots"), [("short", False), ("http://127.0.0.1:44947/h", True)])
def test_what_has_no_room_ends_in_dots_and_what_has_is_drawn_as_ever(qtbot, text, dots):
    parent = QWidget()
    qtbot.addWidget(parent)
    images = []
    for kind in (QLineEdit, ElidedEdit):
        edit = kind(parent)
        edit.resize(90, 30)
        edit.setText(text)
        edit.setCursorPosition(0)
        images.append(edit.grab().toImage())
    assert (images[0] != images[1]) == dots
