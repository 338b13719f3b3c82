"""The panel of hooks: what to choose in Refiner, and where deliveries go on to."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget

from refiner_desktop.ui.tabs.webhooks.hook_panel import HookPanel, HookView
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.hooks import default_hooks

SURVEYS, SEGMENTS = (HookView(hook, "http://127.0.0.1:1/h", "") for hook in default_hooks())


@pytest.fixture
def panel(qtbot):
    panel = HookPanel()
    qtbot.addWidget(panel)
    panel.show_hooks([SURVEYS, SEGMENTS])
    panel.show()
    panel.activateWindow()
    qtbot.waitActive(panel)
    return panel


def _field(panel, name):
    return panel.findChild(QLineEdit, f"webhooks.{name}")


def _type(panel, text):
    field = _field(panel, "forward")
    field.setFocus()
    QTest.keyClicks(field, text)
    return field


def test_the_trigger_is_named_as_refiner_names_it(panel):
    assert _field(panel, "trigger").text() == "Survey completed"
    panel.findChild(QListWidget).setCurrentRow(1)
    assert _field(panel, "trigger").text() == "User enters segment"
    tags = replace(SEGMENTS.hook, kinds=frozenset({Kind.TAG_ADDED, Kind.SURVEY_SEEN}))
    panel.show_hooks([SURVEYS, SEGMENTS._replace(hook=tags)])
    assert _field(panel, "trigger").text() == "Survey seen, Tag added to a response"


def test_what_is_being_typed_survives_news_of_the_hooks(panel):
    field = _type(panel, "http://localhost:30")
    panel.show_hooks([SURVEYS._replace(url="http://127.0.0.1:2/h", failure="No answer"), SEGMENTS])
    assert field.text() == "http://localhost:30"
    assert _field(panel, "url").text() == "http://127.0.0.1:2/h"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("localhost:3000", "such as http://localhost:3000."),
        ("ftp://example.org", "no web address"),
        ("http://", "no web address"),
        ("http://exa mple.org", "no web address"),
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
    panel.show_hooks([SURVEYS._replace(target="http://localhost:1", failure="No answer"), SEGMENTS])
    assert problem.text() == "Not passed on: No answer."
    panel.show_hooks([SURVEYS._replace(target="http://localhost:1"), SEGMENTS])
    assert not problem.isVisible()


def test_a_low_window_squeezes_no_field(panel):
    panel.resize(280, 250)
    QApplication.processEvents()
    fields = [_field(panel, name) for name in ("trigger", "url", "token", "forward")]
    assert all(field.height() >= field.minimumSizeHint().height() for field in fields)
