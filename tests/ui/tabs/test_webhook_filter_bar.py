"""The filter line: its menu, its mistakes, and whether the list follows."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from refiner_desktop.services.deliveries.language import EXAMPLES
from refiner_desktop.services.deliveries.language_fields import KnownHook
from refiner_desktop.ui.tabs.webhooks import filter_bar
from refiner_desktop.ui.tabs.webhooks.filter_bar import TERMS, FilterBar
from refiner_desktop.ui.widgets.marked_edit import MarkedEdit
from refiner_desktop.webhooks.delivery import Kind


@pytest.fixture
def bar(qtbot, monkeypatch):
    monkeypatch.setattr(filter_bar, "TYPING_MS", 1)
    monkeypatch.setattr(filter_bar, "MISTAKE_MS", 1)
    bar = FilterBar()
    qtbot.addWidget(bar)
    bar.set_hooks([KnownHook("h-1", "Completed surveys"), KnownHook("h-2", "Segment entries")])
    bar.show()
    return bar


def _line(bar):
    return bar.findChild(MarkedEdit, "webhooks.filter")


def _choose(bar, title, entry):
    menus = bar.findChild(QToolButton, "webhooks.filter.terms").menu().actions()
    menu = next(each.menu() for each in menus if each.text() == title)
    next(each for each in menu.actions() if each.text().startswith(entry)).trigger()


def test_every_term_of_the_menu_is_understood(bar):
    for _title, entries in TERMS:
        for _words, term in entries:
            bar.set_text(term)
            assert bar.query().mistakes == (), term


def test_a_term_of_the_menu_joins_or_replaces_what_is_there(bar):
    _line(bar).setText('"two words" verdict:accepted kind:seen')
    _choose(bar, "Verdict", "Refused")
    _choose(bar, "What happened", "Survey completed")
    _choose(bar, "Hook", "Segment entries")
    assert bar.text == (
        '"two words" kind:seen verdict:refused kind:completed hook:"Segment entries"'
    )
    found = bar.query().search
    assert found.kinds == {Kind.SURVEY_SEEN, Kind.SURVEY_COMPLETED}
    assert found.hooks == {"h-2"}


def test_one_hook_alone_takes_the_place_of_any_other_and_leaves_the_rest(bar):
    _line(bar).setText("kind:completed hook:none needle")
    bar.show_only("Segment entries")
    assert _line(bar).text() == 'kind:completed needle hook:"Segment entries"'
    assert bar.hook_terms == ['hook:"Segment entries"']
    bar.show_only("")
    assert _line(bar).text() == "kind:completed needle"


def test_a_mistake_is_underlined_and_explained_once_the_typing_pauses(bar, qtbot, heard):
    QTest.keyClicks(_line(bar), "ana kidn:x")
    problem = bar.findChild(QLabel, "webhooks.filter.problem")
    qtbot.waitUntil(problem.isVisible)
    assert _line(bar).mistake == 4
    assert heard == [bar._problem.text()]
    assert "kind" in problem.text()
    QTest.keyClick(_line(bar), Qt.Key.Key_Backspace)
    assert not problem.isVisible()


def test_escape_clears_the_line_and_leads_to_the_list(bar, qtbot):
    _line(bar).setText("ana")
    with qtbot.waitSignals([bar.left_down, bar.changed]):
        QTest.keyClick(_line(bar), Qt.Key.Key_Escape)
    assert bar.text == ""


def test_the_language_is_explained_in_the_tool_tip(bar):
    tip = _line(bar).toolTip()
    for term, _meaning in EXAMPLES:
        assert term.replace(">", "&gt;").replace('"', "&quot;") in tip


def test_the_button_counts_what_a_paused_list_does_not_show(bar, qtbot):
    follow = bar.findChild(QToolButton, "webhooks.follow")
    with qtbot.waitSignal(bar.follow_toggled) as toggled:
        follow.click()
    assert toggled.args == [False]
    bar.show_waiting(1_200)
    assert follow.text() == "Follow (1,200 new)"
    bar.show_waiting(0)
    assert follow.text() == "Follow · paused"
    follow.click()
    assert follow.text() == "Follow"


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_down_and_enter_lead_to_the_rows(bar, qtbot, key):
    _line(bar).setFocus()
    QTest.keyClicks(_line(bar), "ana")
    with qtbot.waitSignal(bar.left_down):
        QTest.keyClick(_line(bar), key)


def test_enter_stays_at_a_mistake(bar, qtbot):
    _line(bar).setText("kind:nonsense")
    with qtbot.assertNotEmitted(bar.left_down):
        QTest.keyClick(_line(bar), Qt.Key.Key_Return)


def test_the_line_is_described_to_who_hears_it_without_the_html_of_its_tool_tip(bar):
    heard = QAccessible.queryAccessibleInterface(_line(bar))
    assert heard.text(QAccessible.Text.Description).startswith("Blanks between terms")
