"""What the service is asked for, as it is typed."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from refiner_desktop.ui.tabs.contacts.choice_row import ChoiceRow
from refiner_desktop.ui.widgets.uuid_picker import WrongChoice


@pytest.fixture
def row(qtbot):
    row = ChoiceRow()
    qtbot.addWidget(row)
    row.show()
    return row


def type_limit(row, text):
    edit = row.findChild(QComboBox, "contacts.limit").lineEdit()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    assert edit.text() == text


@pytest.mark.parametrize(
    ("typed", "limit"),
    [("10", 10), ("1", 1), ("1,000", 1000), ("2.500.000", 2_500_000), ("all", None), ("a", ...)]
    + [(wrong, ...) for wrong in ("10.5", "2,5", "-3", "0", "1,00", "1e3", "ten")],
)
def test_a_limit_is_what_was_typed_or_nothing(row, typed, limit):
    type_limit(row, typed)
    if limit is ...:
        with pytest.raises(WrongChoice):
            row.choice()
    else:
        assert row.choice().limit == limit


def test_no_limit_at_all_is_asked_about(row):
    row.findChild(QComboBox, "contacts.limit").setEditText("")
    with pytest.raises(WrongChoice):
        row.choice()
