"""The dialog that chooses columns."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from refiner_desktop.datasets.columns import Column
from refiner_desktop.services.rows.view import ColumnLook
from refiner_desktop.ui.widgets.grid.column_chooser import NONE_FOUND, ColumnChooser
from refiner_desktop.ui.widgets.grid.column_layout import absorbed, arranged

COLUMNS = tuple(
    Column(key, title)
    for key, title in (("email", "E-mail"), ("attributes.plan", "plan"), ("uuid", "UUID"))
)
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def chooser(qtbot):
    chooser = ColumnChooser("contacts")
    qtbot.addWidget(chooser)
    chooser.show_columns(COLUMNS, ())
    chooser.told = []
    chooser.changed.connect(chooser.told.append)
    chooser.show()
    return chooser


def _keys(looks):
    return [look.key for look in looks]


def _shown(looks):
    return [look.key for look in looks if look.shown]


def _press(chooser, name):
    button = chooser.findChild(QPushButton, f"contacts.columns.{name}")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _search(chooser, text):
    chooser.findChild(QLineEdit, "contacts.columns.search").setText(text)


def test_space_hides_and_shows_the_current_column(chooser):
    chooser._list.setFocus()
    QTest.keyClick(chooser._list, Qt.Key.Key_Space)
    assert _shown(chooser.told[-1]) == ["attributes.plan", "uuid"]
    QTest.keyClick(chooser._list, Qt.Key.Key_Space)
    assert _shown(chooser.told[-1]) == ["email", "attributes.plan", "uuid"]


def test_alt_and_arrows_move_the_current_column_and_stop_at_the_ends(chooser):
    QTest.keyClick(chooser._list, Qt.Key.Key_Up, ALT)
    assert chooser.told == []
    QTest.keyClick(chooser._list, Qt.Key.Key_Down, ALT)
    assert _keys(chooser.told[-1]) == ["attributes.plan", "email", "uuid"]
    QTest.keyClick(chooser._list, Qt.Key.Key_Down, ALT)
    QTest.keyClick(chooser._list, Qt.Key.Key_Down, ALT)
    assert _keys(chooser.told[-1]) == ["attributes.plan", "uuid", "email"]
    assert len(chooser.told) == 2


def test_a_column_moves_past_those_that_the_search_hides(chooser):
    chooser.show_columns((COLUMNS[0], Column("between", "Other"), COLUMNS[2]), ())
    _search(chooser, "i")  # E-mail and UUID
    QTest.keyClick(chooser._list, Qt.Key.Key_Down, ALT)
    assert _keys(chooser.told[-1]) == ["between", "uuid", "email"]


def test_a_search_finds_titles_and_keys_and_limits_what_is_hidden(chooser):
    _search(chooser, "attributes PLAN")
    assert [item.text(0) for item in chooser._list.items() if not item.isHidden()] == ["plan"]
    _press(chooser, "none")
    assert _shown(chooser.told[-1]) == ["email", "uuid"]
    _search(chooser, "nothing like it")
    assert chooser._none.isVisible()
    _press(chooser, "none")
    assert len(chooser.told) == 1


def test_all_are_shown_and_hidden_at_once(chooser):
    _press(chooser, "none")
    assert _shown(chooser.told[-1]) == []
    _press(chooser, "all")
    assert len(_shown(chooser.told[-1])) == 3
    assert len(chooser.told) == 2


def test_as_usual_forgets_order_and_hiding(chooser):
    usual = []
    chooser.usual_wanted.connect(lambda: usual.append(True))
    chooser.show_columns(COLUMNS, (ColumnLook("uuid", False, 300),))
    assert _keys(chooser.looks) == ["uuid", "email", "attributes.plan"]
    _press(chooser, "usual")
    assert usual == [True]
    assert _keys(chooser.looks) == ["email", "attributes.plan", "uuid"]
    assert _shown(chooser.looks) == ["email", "attributes.plan", "uuid"]


def test_widths_stay_what_they_are(chooser):
    chooser.show_columns(COLUMNS, (ColumnLook("uuid", True, 300),))
    _press(chooser, "none")
    assert chooser.told[-1][0] == ColumnLook("uuid", False, 300)


def test_counts_stand_beside_the_columns_and_are_read_aloud(chooser):
    chooser.show_presence({"email": 1_204, "uuid": 2_000}, 2_000)
    item = chooser._list.items()[0]
    assert item.text(1) == "1,204 of 2,000 rows"
    said = item.data(0, Qt.ItemDataRole.AccessibleTextRole)
    assert said == "E-mail, in 1,204 of 2,000 rows"
    assert chooser.told == []


def test_enter_in_the_search_does_not_close_the_dialog(chooser):
    edit = chooser.findChild(QLineEdit, "contacts.columns.search")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert chooser.isVisible()


# The order behind it


def test_columns_without_a_look_follow_in_their_own_order():
    looks = (ColumnLook("uuid"), ColumnLook("gone"), ColumnLook("email", False))
    assert _keys(arranged(COLUMNS, looks)) == ["uuid", "email", "attributes.plan"]


def test_a_column_that_is_not_here_stays_behind_the_one_before_it():
    before = (ColumnLook("first"), ColumnLook("a"), ColumnLook("gone", False, 99), ColumnLook("b"))
    now = (ColumnLook("b"), ColumnLook("a"), ColumnLook("new"))
    assert _keys(absorbed(before, now)) == ["first", "b", "a", "gone", "new"]
    assert absorbed(before, now)[3] == ColumnLook("gone", False, 99)


def test_space_acts_on_no_column_that_the_search_hides(chooser):
    _search(chooser, "plan")
    chooser._list.setFocus()
    QTest.keyClick(chooser._list, Qt.Key.Key_Space)
    assert _shown(chooser.told[-1]) == ["email", "uuid"]


def test_a_search_ends_with_the_dialog(chooser):
    _search(chooser, "plan")
    chooser.accept()
    chooser.show_columns(COLUMNS, ())
    chooser.show()
    assert chooser.findChild(QPushButton, "contacts.columns.none").text() == "Hide all"


def test_a_search_that_finds_no_column_says_how_to_go_on_and_offers_nothing_to_press(chooser):
    _search(chooser, "zzz")
    (said,) = [each for each in chooser.findChildren(QLabel) if each.text() == NONE_FOUND]
    assert said.isVisible()
    buttons = [
        chooser.findChild(QPushButton, f"contacts.columns.{each}") for each in ("all", "none")
    ]
    assert not any(each.isEnabled() for each in buttons)
    _search(chooser, "")
    assert not said.isVisible()
    assert all(each.isEnabled() for each in buttons)
