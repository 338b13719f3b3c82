"""Colours that can be read."""

from dataclasses import asdict

import pytest
from PySide6.QtGui import QColor, QPalette

from refiner_desktop.ui.theme import DARK, LIGHT, theme_of
from refiner_desktop.ui.widgets.text_view.look import Grid, Look

MARKS = {"match", "current_match", "changed", "only_here", "missing"}
CASES = [(each.code, each.surface) for each in (LIGHT, DARK)]


def luminance(colour):
    def linear(channel):
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in QColor(colour).getRgbF()[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def letters(colours):
    return {name: value for name, value in asdict(colours).items() if name not in MARKS}


@pytest.mark.parametrize(("colours", "base"), CASES, ids=["light", "dark"])
def test_all_text_can_be_read_on_its_base(colours, base):
    for name, colour in letters(colours).items():
        assert contrast(colour, base) >= 4.5, name


@pytest.mark.parametrize(("colours", "base"), CASES, ids=["light", "dark"])
def test_all_text_but_line_numbers_can_be_read_on_a_match_and_when_selected(colours, base, qapp):
    palette = QPalette(qapp.palette())
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#2563EB"))
    look = Look.of(Grid.of(qapp.font()), palette)
    under_text = [getattr(colours, name) for name in MARKS]
    for name, colour in letters(colours).items():
        if name != "line_number":
            for under in (*under_text, look.selection.name(), look.note.name()):
                assert contrast(colour, under) >= 4.5, (name, under)


def test_the_palette_decides_between_light_and_dark():
    palette = QPalette()
    for base, expected in (("#FFFFFF", LIGHT), ("#15181E", DARK)):
        palette.setColor(QPalette.ColorRole.Base, QColor(base))
        assert theme_of(palette) is expected
