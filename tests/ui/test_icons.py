"""The icons of buttons and tabs, drawn from the font that QtAwesome brings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QWidget

import refiner_desktop
from refiner_desktop.ui import icons
from refiner_desktop.ui.icons import IconMissing, Icons
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.theme import DARK, LIGHT

SIDE = 16
SOURCE = Path(refiner_desktop.__file__).parent
ASKED_FOR = re.compile(r'"mdi6\.([\w-]+)"')
NAMES = sorted({
    name for path in SOURCE.rglob("*.py") for name in ASKED_FOR.findall(path.read_text("utf-8"))
})  # fmt: skip


def test_the_window_asks_for_icons():
    assert len(NAMES) > 30


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_that_is_asked_for_can_be_drawn(qapp, name):
    picture = icons._picture(icons._glyph(f"mdi6.{name}"), "#102030", SIDE, 1).toImage()
    inked = [
        (x, y) for x in range(SIDE) for y in range(SIDE) if picture.pixelColor(x, y).alpha() > 100
    ]
    assert len(inked) > 8


def test_an_icon_that_there_is_not_is_an_error_and_no_empty_button(qapp):
    with pytest.raises(IconMissing):
        icons._glyph("mdi6.no-such-thing")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_disabled_button_has_a_paler_icon(qtbot, theme):
    page = QWidget()
    qtbot.addWidget(page)
    made = button("Go", icon="mdi6.play")
    made.setParent(page)
    Icons(theme).dress(page)
    shown = page.findChild(QPushButton).icon()
    colours = [
        _darkest_or_lightest(shown.pixmap(SIDE, SIDE, mode).toImage())
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    ]
    assert colours == [theme.text, theme.muted]


def _darkest_or_lightest(image):
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda pixel: pixel.alpha()).name()


def test_neither_qtawesome_nor_qtpy_is_imported():
    program = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]); "
        "from refiner_desktop.ui import icons; icons._font(16); icons._glyphs(); "
        "print({'qtawesome', 'qtpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr
