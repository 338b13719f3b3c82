"""Both themes can be read, and the style sheet asks for nothing that they lack."""

import re

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from refiner_desktop.ui.resources import ResourceMissing, icon_path, logo, stylesheet
from refiner_desktop.ui.theme import DARK, LIGHT, ThemeFollower

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.scheme)
TEXTS = ("text", "muted", "accent", "success", "warning", "danger")
BACKS = ("info_back", "success_back", "warning_back", "danger_back", "selection", "hover")


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
@pytest.mark.parametrize("role", ["control", "accent", "danger"])
def test_borders_and_focus_stand_out(theme, role):
    assert contrast(getattr(theme, role), theme.surface) >= 3


@THEMES
def test_the_style_sheet_is_filled_in(theme):
    sheet = theme.style_sheet()
    assert "@" not in sheet.partition("*/")[2]
    assert all((path,) for path in re.findall(r"url\(([^)]+)\)", sheet))


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
