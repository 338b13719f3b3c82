"""An SQL condition that is completed, checked and marked while it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from refiner_desktop.datasets.errors import FilterInvalid
from refiner_desktop.datasets.expert import ExpertReader
from refiner_desktop.datasets.sql_names import SqlName, folded_name, quoted
from refiner_desktop.ui.widgets.grid.expert_line import ExpertLine
from refiner_desktop.ui.widgets.grid.expert_words import Word, matching, word_at

NAMES = (
    SqlName("email", "email", "text", "email"),
    SqlName("last_seen", "last_seen", "date", "last_seen_at"),
    SqlName("plan", "plan", "text", "attributes.plan"),
    SqlName("Plan name", '"Plan name"', "text", "attributes.Plan name"),
    SqlName('odd "one"', '"odd ""one"""', "text", 'attributes.odd "one"'),
    SqlName("brand", "brand", "text", "attributes.brand"),
    SqlName("seats", "seats", "number", "attributes.seats"),
)


@pytest.fixture(scope="module")
def check():
    reader = ExpertReader()
    names = {folded_name(name.name): name for name in NAMES}

    def check(text):
        try:
            reader.read(text, names)
        except FilterInvalid as exc:
            return exc
        return None

    yield check
    reader.close()


@pytest.fixture
def line(qtbot, check):
    line = ExpertLine("contacts")
    qtbot.addWidget(line)
    line.resize(600, 60)
    line.set_names(NAMES)
    line.told = []
    line.checked = []
    line.changed.connect(lambda: line.told.append(line.condition()))
    line.check_requested.connect(line.checked.append)
    line.check_requested.connect(lambda text: line.show_check(text, check(text)))
    line.show()
    line.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.isActiveWindow)
    yield line
    line.check_requested.disconnect()


def _edit(line):
    return line.findChild(QLineEdit, "contacts.expert")


def _popup(line):
    return _edit(line)._list


def _type(line, text):
    QTest.keyClicks(_edit(line), text)


def _offered(line):
    popup = _popup(line)
    if not popup.isVisible():
        return []
    model = popup.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _said(line):
    return line.findChild(QLabel).text()


# Which word is typed


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("pl", Word(0, 2, "pl")),
        ("seats > 1 and pl", Word(14, 16, "pl")),
        ("plan = 'pl", None),
        ("plan = 'it''s pl", None),
        ("plan = 'x' or pl", Word(14, 16, "pl")),
        ('"Plan na', Word(0, 8, "Plan na")),
        ('"odd ""o', Word(0, 8, 'odd "o')),
        ('"odd ""one"""', None),
        ('"Plan name" ', None),
        ("seats > 12", None),
        ("seats -- pl", None),
        ("größe", Word(0, 5, "größe")),
        ("", None),
    ],
)
def test_the_word_before_the_cursor_is_found(text, word):
    assert word_at(text, len(text)) == word


def test_a_word_is_completed_from_its_middle_to_its_end():
    assert word_at("seats > 1", 3) == Word(0, 5, "sea")
    assert word_at('x = "Plan name"', 8) == Word(4, 15, "Pla")


@given(st.text(alphabet="ab1_'\"-/*. \n", max_size=20), st.integers(0, 20))
def test_any_text_has_a_word_that_holds_the_cursor_or_none(text, cursor):
    word = word_at(text, cursor)
    if word is not None:
        assert 0 <= word.start < cursor <= word.end <= len(text)


@given(st.text(max_size=10), st.text(max_size=10))
def test_a_quoted_name_is_one_word_while_it_is_open(name, before):
    text = f"{before.replace(chr(39), '').replace(chr(34), '')} ".replace("-", "").replace("/", "")
    typed = text + quoted(name)[:-1]
    if not name.endswith('"'):
        assert word_at(typed, len(typed)) == Word(len(text), len(typed), name)


def test_names_are_found_by_the_beginning_of_any_word_the_whole_name_first():
    assert [name.name for name in matching(NAMES, "s")] == ["seats", "last_seen"]
    assert [name.name for name in matching(NAMES, "SEEN")] == ["last_seen"]
    assert [name.name for name in matching(NAMES, "and")] == []
    assert len(matching(NAMES, "")) == len(NAMES)


# Completion


def test_names_are_offered_while_one_is_typed_and_tab_takes_the_first(line):
    _type(line, "pl")
    assert _offered(line) == ["plan", '"Plan name"']
    QTest.keyClick(_popup(line), Qt.Key.Key_Tab)
    assert _edit(line).text() == "plan"
    assert QApplication.focusWidget() is _edit(line)
    assert _offered(line) == []


def test_a_name_that_needs_quotes_gets_them(line):
    _type(line, "pl")
    QTest.keyClick(_popup(line), Qt.Key.Key_Down)
    QTest.keyClick(_popup(line), Qt.Key.Key_Return)
    _type(line, " = 'x'")
    assert _edit(line).text() == "\"Plan name\" = 'x'"


def test_a_quoted_name_is_completed_inside_its_quotes(line):
    _type(line, '"odd')
    assert _offered(line) == ['"odd ""one"""']
    QTest.keyClick(_popup(line), Qt.Key.Key_Tab)
    assert _edit(line).text() == '"odd ""one"""'


@pytest.mark.parametrize("text", ["plan = 'pl", "plan = 'x' and", "seats = 1", "seats"])
def test_nothing_is_offered_where_there_is_nothing_to_complete(line, text):
    _type(line, text)
    assert _offered(line) == []


def test_all_columns_are_listed_on_request(line):
    QTest.keyClick(_edit(line), Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert len(_offered(line)) == len(NAMES)
    QTest.keyClick(_popup(line), Qt.Key.Key_Escape)
    assert _offered(line) == []
    assert _edit(line).text() == ""


def test_a_completion_can_be_undone(line):
    _type(line, "pl")
    QTest.keyClick(_popup(line), Qt.Key.Key_Tab)
    _edit(line).undo()
    assert _edit(line).text() == "pl"


# Checking


def test_a_right_condition_holds_after_a_pause(line, qtbot):
    _type(line, "seats > 3")
    assert line.told == []
    qtbot.waitUntil(lambda: line.told == ["seats > 3"])
    assert line.checked == ["seats > 3"]
    assert _edit(line).property("wrong") == "false"


def test_enter_does_not_wait_for_the_pause(line):
    _type(line, "seats > 3 ")
    QTest.keyClick(_edit(line), Qt.Key.Key_Return)
    assert line.told == ["seats > 3 "]


def test_a_mistake_is_marked_with_its_place_and_the_last_right_condition_stays(line, heard):
    line.set_condition("seats > 3")
    _edit(line).setText("seats > 3 AND sets < 4")
    QTest.keyClick(_edit(line), Qt.Key.Key_Return)
    assert _said(line).startswith("Character 15: There is no column sets.")
    assert "last condition that was right" in _said(line)
    assert _edit(line).property("wrong") == "true"
    assert _edit(line).accessibleDescription() == _said(line)
    assert heard == [_said(line)]
    assert line.condition() == "seats > 3"
    assert line.told == []


def test_a_mistake_is_not_marked_while_somebody_types(line, qtbot):
    _edit(line).setText("seats >")
    qtbot.waitUntil(lambda: line.checked == ["seats >"])
    assert _edit(line).property("wrong") == "false"
    qtbot.waitUntil(lambda: _edit(line).property("wrong") == "true")
    _type(line, " ")
    assert _edit(line).property("wrong") == "false"


def test_a_mark_does_not_move_what_is_below(line):
    before = line.sizeHint().height()
    _edit(line).setText("sets > 3")
    QTest.keyClick(_edit(line), Qt.Key.Key_Return)
    assert _edit(line).property("wrong") == "true"
    assert line.sizeHint().height() == before


def test_the_answer_to_an_earlier_text_is_too_late(line):
    line.blockSignals(True)
    _edit(line).setText("seats > 3")
    line.show_check("seats > 30", None)
    line.show_check("seats > ", FilterInvalid("Wrong."))
    assert line.condition() == ""
    assert _edit(line).property("wrong") == "false"


def test_to_empty_the_line_is_a_condition_too(line):
    line.set_condition("seats > 3")
    _edit(line).clear()
    assert line.told == [""]


def test_what_only_the_rows_find_out_is_marked_too(line):
    line.set_condition("seats > 3")
    line.show_problem(FilterInvalid("Could not convert.", position=None))
    assert _said(line).startswith("Could not convert.")
    line.show_problem(None)
    assert _edit(line).property("wrong") == "false"


def test_rows_that_follow_an_older_condition_do_not_take_a_mark_away(line):
    line.set_condition("seats > 3")
    _edit(line).setText("sets > 3")
    QTest.keyClick(_edit(line), Qt.Key.Key_Return)
    line.show_problem(None)
    assert _edit(line).property("wrong") == "true"


@pytest.mark.parametrize("position", [0, 3, 10, 10_000])
def test_a_mistake_anywhere_can_be_painted(line, position):
    line.set_condition("seats > 3 and " * 40)
    before = line.grab().toImage()
    line.show_problem(FilterInvalid("Wrong.", position=position))
    assert line.grab().toImage() != before
