"""No widget writes a colour or a length of its own: all of them are tokens of `ui/theme.py`."""

import re
from pathlib import Path

import refiner_desktop.ui
from refiner_desktop.ui.resources import stylesheet

UI = Path(refiner_desktop.ui.__file__).parent
HOME = UI / "theme.py"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|QColor\(\d|Qt\.GlobalColor\.(?!transparent)")
LENGTH = re.compile(
    r"set(?:ContentsMargins|Margin|(?:Horizontal|Vertical)?Spacing"
    r"|(?:Fixed|Minimum|Maximum)(?:Width|Height|Size)|ColumnWidth|DefaultSectionSize"
    r"|PointSize|PixelSize)\([^()\n]*\b(?!\d+ ?[/*])[2-9]\d*\b(?! ?[/*])"
    r"|(?:resizeSection|setColumnWidth)\(\w+, \d|addSpacing\(\d|font-size: ?\d"
)
SOURCES = [each for each in UI.rglob("*.py") if each != HOME]


NUMBER = re.compile(r":,[^}]*\}")
"""A number grouped as English does, whoever reads it."""


def _found(pattern, text):
    return [
        line.strip()
        for line in text.splitlines()
        if pattern.search(re.sub(r"SPACE (?:\*|//) \d", "SPACE", line))
    ]


def test_a_widget_takes_its_colours_and_lengths_from_the_tokens():
    texts = {each.relative_to(UI).as_posix(): each.read_text("utf-8") for each in SOURCES}
    found = {name: _found(COLOUR, text) + _found(LENGTH, text) for name, text in texts.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_style_sheet_takes_its_colours_letters_and_corners_from_the_tokens():
    sheet = stylesheet("app.qss")
    assert _found(COLOUR, sheet) == []
    assert re.findall(r"(?:font-size|border-radius): [1-9]", sheet) == []


def test_a_number_is_written_as_the_locale_does():
    of_people = [each for each in UI.parent.rglob("*.py") if "sandbox" not in each.parts]
    found = {
        each.relative_to(UI.parent): _found(NUMBER, each.read_text("utf-8")) for each in of_people
    }
    assert {name: lines for name, lines in found.items() if lines} == {}
