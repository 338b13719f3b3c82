"""Both themes can be read, and the style sheet asks for nothing that they lack."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QLabel

from refiner_desktop.settings.settings import COLOURS
from refiner_desktop.ui.resources import ResourceMissing, icon_path, logo, stylesheet
from refiner_desktop.ui.theme import DARK, LIGHT, scaled
from refiner_desktop.ui.theme_follower import ThemeFollower

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.scheme)
TEXTS = ("text", "muted", "accent", "success", "warning", "danger")
BACKS = ("info_back", "success_back", "warning_back", "danger_back", "selection", "hover")
GROUNDS = ("window", "surface")
ON_BACKS = [
    ("muted", "hover"), ("muted", "selection"), ("danger", "hover"),
    ("success", "selection"), ("accent", "selection"), ("warning", "selection"),
    ("danger", "selection"),
    ("success", "success_back"), ("warning", "warning_back"), ("danger", "danger_back"),
]  # fmt: skip
"""What the style sheet and the painters put on each other besides plain text."""


def _luminance(colour):
    channels = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The ratio that WCAG 2 defines."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@THEMES
@pytest.mark.parametrize("role", TEXTS)
@pytest.mark.parametrize("back", ["window", "surface"])
def test_every_text_can_be_read(theme, role, back):
    assert contrast(getattr(theme, role), getattr(theme, back)) >= 4.5


@THEMES
@pytest.mark.parametrize("back", BACKS)
def test_text_can_be_read_on_messages_and_selections(theme, back):
    assert contrast(theme.text, getattr(theme, back)) >= 4.5


@THEMES
def test_a_primary_button_can_be_read(theme):
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_accent, theme.accent_hover) >= 4.5


@THEMES
@pytest.mark.parametrize(("role", "back"), ON_BACKS)
def test_words_in_colour_can_be_read_on_what_is_tinted(theme, role, back):
    assert contrast(getattr(theme, role), getattr(theme, back)) >= 4.5


@THEMES
@pytest.mark.parametrize("role", ["control", "accent", "danger"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_borders_and_focus_stand_out(theme, role, ground):
    assert contrast(getattr(theme, role), getattr(theme, ground)) >= 3


@THEMES
@pytest.mark.parametrize("back", ["hover", "selection"])
def test_a_focus_ring_stands_out_from_what_it_surrounds(theme, back):
    assert contrast(theme.accent, getattr(theme, back)) >= 3


@THEMES
@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_colour_of_an_environment_stands_out(theme, colour, ground):
    assert contrast(colour, getattr(theme, ground)) >= 3


@THEMES
def test_the_style_sheet_is_filled_in(theme):
    assert "@" not in theme.style_sheet().partition("*/")[2]


@THEMES
def test_lengths_that_hold_text_grow_with_the_text_of_the_system(theme, qapp):
    usual = qapp.font()
    larger = QFont(usual)
    larger.setPointSizeF(usual.pointSizeF() * 1.5)
    try:
        before, _ = scaled(100), theme.style_sheet()
        qapp.setFont(larger)
        assert scaled(100) == round(before * 1.5)
        assert "font-size: 30px" in theme.style_sheet()
    finally:
        qapp.setFont(usual)


def test_a_missing_resource_is_an_error_and_not_an_empty_icon():
    with pytest.raises(ResourceMissing):
        icon_path("nowhere.svg")
    with pytest.raises(ResourceMissing):
        stylesheet("nowhere.qss")
    assert not logo().pixmap(32, 32).isNull()


def test_changing_the_theme_reaches_widgets_that_are_there(qtbot):
    application = QApplication.instance()
    follower = ThemeFollower(application)
    label = QLabel("x")
    qtbot.addWidget(label)
    label.show()
    follower.follow(label)
    follower.wear(DARK)
    assert label.palette().color(label.foregroundRole()).name() == DARK.text
    follower.wear(LIGHT)
    assert label.palette().color(label.foregroundRole()).name() == LIGHT.text
    follower.take_off()


@pytest.fixture
def dressed(qtbot):
    """Return a function that dresses a label as a choice says, with the system in light."""
    followers = []

    def dressed(choice):
        label = QLabel("x")
        qtbot.addWidget(label)
        followers.append(ThemeFollower(QApplication.instance(), choice))
        followers[-1].follow(label)
        return followers[-1]

    yield dressed
    for each in followers:
        each.take_off()


def test_a_theme_that_was_chosen_is_worn_from_the_start(dressed):
    assert dressed("dark").theme is DARK


def test_a_chosen_theme_is_put_on_at_once_and_taken_off_for_that_of_the_system(dressed):
    follower, worn = dressed("system"), []
    follower.changed.connect(worn.append)
    follower.force("dark")
    follower.force("system")
    assert worn == [DARK, LIGHT]


def test_what_the_system_changes_leaves_a_chosen_theme_alone(dressed):
    follower = dressed("light")
    QApplication.instance().styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert follower.theme is LIGHT
