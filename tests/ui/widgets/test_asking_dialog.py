"""A dialog of many texts."""

from PySide6.QtWidgets import QWidget

from refiner_desktop.ui.styling import label
from refiner_desktop.ui.widgets.asking_dialog import AskingDialog


def test_no_text_is_cut_where_the_screen_has_room_for_all(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = AskingDialog(parent, "Settings", "Save")
    hints = [label("Names besides this computer's. " * 9, "muted", wrap=True) for _ in range(7)]
    for hint in hints:
        dialog.fields.addWidget(hint)
    dialog.open()
    assert dialog.height() > dialog.screen().availableSize().height() * 2 // 3
    for hint in hints:
        assert hint.height() >= hint.heightForWidth(hint.width())
    dialog.close()
