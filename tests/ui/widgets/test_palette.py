"""Every action by a few letters."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QPushButton, QWidget

from refiner_desktop.ui.actions import ActionRegistry, needs
from refiner_desktop.ui.widgets import palette as palette_module
from refiner_desktop.ui.widgets.palette import NOTHING, CommandPalette


@pytest.fixture
def done():
    return []


@pytest.fixture
def palette(qtbot, done):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    registry = ActionRegistry(window)
    registry.add("Contacts", "Load contacts", lambda: done.append("load"), "Ctrl+R")
    registry.add("Contacts", "Export", lambda: done.append("export"))
    registry.add("Webhooks", "Start the listener", lambda: done.append("start"))
    palette = CommandPalette(registry, window)
    palette.window_under_test = window
    palette.pop_up()
    qtbot.waitExposed(window)
    return palette


def _shown(palette):
    model = palette.findChild(QListView).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _press(palette, key):
    QTest.keyClick(palette.findChild(QLineEdit), key)


def test_all_actions_are_there_at_first(palette):
    assert len(_shown(palette)) == 3


def test_letters_in_their_order_find_an_action(palette):
    QTest.keyClicks(palette.findChild(QLineEdit), "whk list")
    assert _shown(palette) == ["Webhooks: Start the listener"]


def test_enter_runs_the_chosen_action_and_closes(palette, done):
    _press(palette, Qt.Key.Key_Down)
    _press(palette, Qt.Key.Key_Return)
    assert done == ["export"]
    assert palette.isHidden()


def test_escape_leaves_without_doing_anything(palette, done):
    _press(palette, Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert done == []


def test_nothing_found_is_nothing_done(palette, done):
    QTest.keyClicks(palette.findChild(QLineEdit), "zzz")
    _press(palette, Qt.Key.Key_Return)
    assert done == []


def test_whole_words_come_before_letters_that_only_occur(palette):
    palette._registry.add("Aa", "Sorted in total", lambda: None)  # s…o…r…t, but no such word
    palette._registry.add("Aa", "Its tour", lambda: None)
    QTest.keyClicks(palette.findChild(QLineEdit), "load")
    assert _shown(palette)[0] == "Contacts: Load contacts"
    palette.findChild(QLineEdit).clear()
    QTest.keyClicks(palette.findChild(QLineEdit), "st")
    assert _shown(palette)[0] == "Webhooks: Start the listener"


def test_the_keyboard_is_back_where_it_was_when_the_palette_has_gone(palette, qtbot):
    window = palette.window_under_test
    first, second = QLineEdit(window), QLineEdit(window)
    for field in (first, second):
        field.show()
    _press(palette, Qt.Key.Key_Escape)
    second.setFocus()
    for leave in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        palette.pop_up()
        _press(palette, leave)
        assert second.hasFocus()


def test_what_ran_last_comes_first_and_is_told_to_whoever_keeps_it(palette):
    kept = []
    palette.used.connect(kept.append)
    for words in ("export", "start"):
        palette.pop_up()
        QTest.keyClicks(palette.findChild(QLineEdit), words)
        _press(palette, Qt.Key.Key_Return)
    assert kept[-1] == ("Webhooks: Start the listener", "Contacts: Export")
    palette.pop_up()
    assert _shown(palette)[:2] == list(kept[-1])
    palette.set_recent(["Contacts: Load contacts"])
    palette.pop_up()
    assert _shown(palette)[0] == "Contacts: Load contacts"


def test_what_is_impossible_comes_after_the_possible_says_why_and_does_nothing(palette, done):
    stop = QPushButton(palette.window_under_test, enabled=False)
    palette._registry.add(
        "Aa", "Load nothing", lambda: done.append("no"), obstacle=needs(stop, "Nothing runs.")
    )
    QTest.keyClicks(palette.findChild(QLineEdit), "load")
    assert _shown(palette) == ["Contacts: Load contacts", "Aa: Load nothing"]
    _press(palette, Qt.Key.Key_Down)
    spoken = palette.findChild(QListView).currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Aa: Load nothing, not possible now. Nothing runs."
    _press(palette, Qt.Key.Key_Return)
    assert (done, palette.isVisible()) == ([], True)
    _press(palette, Qt.Key.Key_Down)  # a greyed line holds nobody up
    _press(palette, Qt.Key.Key_Return)
    assert done == ["load"]


def test_letters_that_lie_far_apart_find_nothing(palette):
    QTest.keyClicks(palette.findChild(QLineEdit), "wr")
    assert _shown(palette) == []


def test_what_is_called_like_nothing_is_told_below_a_whole_search_field(palette):
    search = palette.findChild(QLineEdit)
    QTest.keyClicks(search, "zzz")
    said = next(each for each in palette.findChildren(QLabel) if each.text() == NOTHING)
    assert said.isVisible()
    assert palette.height() >= search.sizeHint().height() + said.sizeHint().height()
    search.setText("load")
    assert not said.isVisible()
    assert _shown(palette) == ["Contacts: Load contacts"]


def test_what_is_found_is_read_aloud_when_the_typing_rests_and_with_the_arrows_at_once(
    palette, monkeypatch, qtbot
):
    said = []
    monkeypatch.setattr(palette_module, "announce", lambda _about, text: said.append(text))
    QTest.keyClicks(palette.findChild(QLineEdit), "load")
    assert said == []
    qtbot.waitUntil(lambda: said == ["Contacts: Load contacts, Ctrl+R"])
    palette.pop_up()
    _press(palette, Qt.Key.Key_Down)
    assert said[1:] == ["Contacts: Export"]
    _press(palette, Qt.Key.Key_Escape)
    assert not palette._typed.isActive(), "a palette that has gone speaks"
