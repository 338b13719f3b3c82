"""What a key opens, with its limits."""

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QProgressBar

from refiner_desktop.api.models import AccountUsage, EnvironmentUsage, Project, Usage
from refiner_desktop.ui.widgets.usage_panel import UsagePanel

PROJECT = Project(uuid="7d1f0c52", name="Production")


@pytest.fixture
def panel(qtbot):
    panel = UsagePanel()
    qtbot.addWidget(panel)
    return panel


def _said(panel):
    QCoreApplication.processEvents()  # what joins a layout is shown at the next turn
    labels = panel.findChildren(QLabel)
    return [each.text() for each in labels if each.isVisibleTo(panel)]


def _bar(panel, title):
    bars = panel.findChildren(QProgressBar)
    return next(bar for bar in bars if bar.accessibleName() == title)


@pytest.mark.parametrize(
    ("count", "level"), [(899, ""), (900, "high"), (1_000, "high"), (5_000, "high")]
)
def test_a_bar_turns_amber_from_ninety_percent_on(panel, count, level):
    panel.show_project(PROJECT, AccountUsage(tracked_users=Usage(count=count, limit=1_000)))
    bar = _bar(panel, "Tracked users")
    assert bar.property("level") == level
    assert bar.value() == min(count, 1_000)


def test_what_is_counted_is_told_apart_from_the_contacts(panel):
    panel.show_project(PROJECT, AccountUsage(tracked_users=Usage(count=1_600, limit=10_000)))
    assert any("there may be more contacts" in text for text in _said(panel))
    panel.show_project(PROJECT, None)
    assert not any("there may be more contacts" in text for text in _said(panel))


def test_where_no_limit_is_known_it_says_so(panel):
    panel.show_project(PROJECT, AccountUsage(events=Usage(count=12_345)))
    assert "12,345 · no limit known" in _said(panel)


def test_the_accounts_environments_stand_with_their_counts(panel):
    testing = EnvironmentUsage(
        uuid="t", name="Testing", tracked_users=44, events=20, page_views=2_111, responses=12
    )
    panel.show_project(PROJECT, AccountUsage(plan="Growth", environments=(testing,)))
    said = _said(panel)
    at = said.index("Testing")
    assert said[at : at + 5] == ["Testing", "44", "20", "2,111", "12"]
    assert any("Plan Growth" in text for text in said)


def test_another_accounts_environments_replace_the_first_ones(panel):
    panel.show_project(PROJECT, AccountUsage(environments=(EnvironmentUsage(name="Old"),)))
    panel.show_project(PROJECT, AccountUsage(environments=(EnvironmentUsage(name="New"),)))
    assert "New" in _said(panel)
    assert "Old" not in _said(panel)


def test_a_key_whose_account_is_not_told_shows_its_project_alone(panel):
    panel.show_project(PROJECT, None)
    assert _said(panel) == [
        "Production",
        "Project 7d1f0c52 · usage could not be read: “Check again” asks once more",
    ]
