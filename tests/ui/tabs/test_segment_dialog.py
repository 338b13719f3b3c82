"""The dialog that chooses a manual segment."""

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from refiner_desktop.api.models import Segment
from refiner_desktop.ui.tabs.contacts.segment_dialog import NONE_FOUND, SegmentDialog, choices_for


def test_a_search_that_finds_no_segment_says_so_until_it_is_cleared(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    choices = choices_for([Segment(uuid="s-1", name="Beta testers")], {}, adding=True)
    dialog = SegmentDialog(window, choices, 2, adding=True)
    (said,) = [each for each in dialog.findChildren(QLabel) if each.text() == NONE_FOUND]
    search = dialog.findChild(QLineEdit)
    assert not said.isVisibleTo(dialog)
    search.setText("zzz")
    assert said.isVisibleTo(dialog)
    assert dialog.segment() is None
    search.clear()
    assert not said.isVisibleTo(dialog)
    assert dialog.segment().uuid == "s-1"
