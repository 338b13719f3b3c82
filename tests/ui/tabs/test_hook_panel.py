"""The panel of hooks: what to choose in Refiner, and where deliveries go on to."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)

from refiner_desktop.services.deliveries.language import written
from refiner_desktop.ui.tabs.webhooks.hook_panel import HookPanel, HookView
from refiner_desktop.ui.tabs.webhooks.setup_card import SetupCard
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.hooks import default_hooks, new_hook

SURVEYS, SEGMENTS = (HookView(hook, "http://127.0.0.1:1/h") for hook in default_hooks())


@pytest.fixture
def panel(qtbot):
    panel = HookPanel()
    qtbot.addWidget(panel)
    panel.show_hooks([SURVEYS, SEGMENTS])
    panel.show()
    panel.activateWindow()
    qtbot.waitActive(panel)
    return panel


def _passing_on(**more):
    return SURVEYS._replace(hook=replace(SURVEYS.hook, forward_to="http://localhost:1"), **more)


def _field(panel, name):
    return panel.findChild(QLineEdit, f"webhooks.{name}")


def _type(panel, text):
    field = _field(panel, "forward")
    field.setFocus()
    QTest.keyClicks(field, text)
    return field


@pytest.fixture
def card(qtbot):
    card = SetupCard()
    qtbot.addWidget(card)
    card.show()
    return card


def _setup(card, name):
    return card.findChild(QLineEdit, f"webhooks.setup.{name}").text()


def test_the_four_fields_are_as_refiner_names_them(card):
    card.show_hook(SURVEYS._replace(public_url="https://a.example/hooks/completed-surveys"))
    assert _setup(card, "name") == "Completed surveys"
    assert _setup(card, "trigger") == "Survey completed"
    assert _setup(card, "url") == "https://a.example/hooks/completed-surveys"
    assert _setup(card, "token") == SURVEYS.hook.token.reveal()
    card.findChild(QPushButton, "webhooks.setup.url.copy").click()
    assert QApplication.clipboard().text() == _setup(card, "url")


def test_a_hook_of_several_triggers_needs_several_webhooks(card):
    hook = replace(SEGMENTS.hook, watches=frozenset({Kind.TAG_ADDED, Kind.SURVEY_SEEN}))
    card.show_hook(SEGMENTS._replace(hook=hook))
    assert _setup(card, "trigger") == "Survey seen, Tag added to a response"
    assert "make one for each" in card.findChild(QLabel, "webhooks.setup.hint").text()


def test_an_address_that_refiner_cannot_reach_is_said(card):
    hint = card.findChild(QLabel, "webhooks.setup.hint")
    card.show_hook(SURVEYS)
    assert "Refiner cannot reach it" in hint.text()
    card.show_hook(SURVEYS._replace(public_url="https://a.example/h"))
    assert not hint.isVisible()
    card.show_hook(SURVEYS._replace(public_url="https://a.example/h", lasting=False))
    assert "after a restart there is another" in hint.text()


def test_the_public_url_is_there_while_there_is_a_tunnel(panel):
    field = _field(panel, "hook.public_url")
    assert not field.isVisible()
    panel.show_hooks([SURVEYS._replace(public_url="https://a.example/h"), SEGMENTS])
    assert field.isVisible()
    assert field.text() == "https://a.example/h"


def test_the_chosen_hook_stays_chosen_when_others_are_added_or_renamed(panel):
    panel.choose(SEGMENTS.hook.id)
    renamed = SEGMENTS._replace(hook=replace(SEGMENTS.hook, name="Entries"))
    panel.show_hooks([HookView(new_hook(()), "u"), SURVEYS, renamed])
    assert panel.chosen == renamed
    panel.show_hooks([SURVEYS])
    assert panel.chosen == SURVEYS


def test_the_deliveries_of_the_chosen_hook_alone_are_listed_only_when_wanted(panel):
    hooks, wanted = panel.findChild(QListWidget), []
    panel.only_requested.connect(wanted.append)
    hooks.setCurrentRow(1)
    assert not wanted
    panel.findChild(QCheckBox, "webhooks.hooks.only").click()
    hooks.setCurrentRow(0)
    panel.findChild(QCheckBox, "webhooks.hooks.only").click()
    assert wanted == ["Segment entries", "Completed surveys", ""]


def test_the_tick_follows_what_stands_in_the_filter(panel):
    only = panel.findChild(QCheckBox, "webhooks.hooks.only")
    panel.follow_filter([written("hook", "Completed surveys")])
    assert only.isChecked()
    panel.follow_filter([written("hook", "Segment entries")])
    assert not only.isChecked()


def test_without_hooks_nothing_can_be_edited(panel):
    panel.show_hooks([])
    assert panel.chosen is None
    assert not panel.findChild(QPushButton, "webhooks.hook.edit").isEnabled()
    assert panel.findChild(QPushButton, "webhooks.hook.add").isEnabled()


def test_what_is_being_typed_survives_news_of_the_hooks(panel):
    field = _type(panel, "http://localhost:30")
    panel.show_hooks([SURVEYS._replace(url="http://127.0.0.1:2/h", failure="No answer"), SEGMENTS])
    assert field.text() == "http://localhost:30"
    assert _field(panel, "url").text() == "http://127.0.0.1:2/h"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("localhost:3000", "such as http://localhost:3000."),
        ("ftp://example.org", "begins with http://"),
        ("http://", "names a host"),
        ("http://exa mple.org", "no blanks"),
        ("http://[broken", "no web address"),
        ("http://localhost:99999", "no web address"),
    ],
)
def test_an_address_that_is_none_is_said_at_the_field(panel, qtbot, url, said):
    with qtbot.assertNotEmitted(panel.forward_changed):
        field = _type(panel, url)
        QTest.keyClick(field, Qt.Key.Key_Return)
    problem = panel.findChild(QLabel, "webhooks.forward_problem")
    assert said in problem.text()
    assert problem.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert not problem.isVisible()


def test_an_address_is_taken_over_with_enter(panel, qtbot):
    with qtbot.waitSignal(panel.forward_changed) as emitted:
        field = _type(panel, " http://localhost:3000/webhooks ")
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert emitted.args == [SURVEYS.hook, "http://localhost:3000/webhooks"]


def test_a_failure_is_shown_until_it_is_over(panel):
    problem = panel.findChild(QLabel, "webhooks.forward_problem")
    panel.show_hooks([_passing_on(failure="No answer."), SEGMENTS])
    assert problem.text() == "Not passed on: No answer."
    panel.show_hooks([_passing_on(), SEGMENTS])
    assert not problem.isVisible()


def test_a_low_window_squeezes_no_field(panel):
    panel.resize(280, 250)
    QApplication.processEvents()
    fields = [_field(panel, name) for name in ("url", "token", "forward")]
    assert all(field.height() >= field.minimumSizeHint().height() for field in fields)
