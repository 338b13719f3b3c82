"""Small helpers of the look."""

from PySide6.QtGui import QFont

from refiner_desktop.ui.styling import code_font
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.number_field import number_field


def test_code_is_as_large_as_the_other_text(qapp):
    usual = qapp.font()
    larger = QFont(usual)
    larger.setPointSizeF(usual.pointSizeF() * 1.5)
    qapp.setFont(larger)
    try:
        assert code_font().pointSizeF() == larger.pointSizeF()
    finally:
        qapp.setFont(usual)


def test_a_number_begins_where_a_text_does(qtbot):
    field = number_field("a.number", 1, 100, " MB")
    qtbot.addWidget(field)
    assert field.lineEdit().textMargins().left() == SPACE - 1
