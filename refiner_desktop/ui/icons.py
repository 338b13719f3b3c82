"""Icons, put on after the first paint: the Material Design glyphs that come with QtAwesome.

Its font is used without its code, which loads eleven more fonts and changes Qt's own classes while
it is imported: 45 MB, 0.2 s of the GUI, and a crash now and then beneath a living window.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QTabWidget, QWidget

from refiner_desktop.ui.theme import ICON, Theme, scaled

SCALES = (1, 2)
"""Pixels of the screen to one of the window; Qt scales from the nearest."""

PREFIX = "mdi6."
FONT = "materialdesignicons6-webfont-"


class Icons:
    """Gives every button and tab below a window the icon that its `icon_name` property asks for."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._side = scaled(ICON)
        self._drawn: dict[tuple[str, str], QIcon] = {}

    def dress(self, window: QWidget) -> None:
        """Set the icons of all buttons and tabs. Raises `IconMissing`."""
        size = QSize(self._side, self._side)
        for button in window.findChildren(QAbstractButton):
            if name := button.property("icon_name"):
                primary = button.property("role") == "primary"
                button.setIcon(self._icon(name, "on_accent" if primary else "text"))
                button.setIconSize(size)
        for tabs in window.findChildren(QTabWidget):
            for index in range(tabs.count()):
                page = tabs.widget(index)
                if page is not None and (name := page.property("icon_name")):
                    tabs.setTabIcon(index, self._icon(name, "muted"))

    def _icon(self, name: str, role: str) -> QIcon:
        if (name, role) not in self._drawn:
            self._drawn[name, role] = self._draw(_glyph(name), getattr(self._theme, role))
        return self._drawn[name, role]

    def _draw(self, glyph: str, colour: str) -> QIcon:
        icon = QIcon()
        for scale in SCALES:
            icon.addPixmap(_picture(glyph, colour, self._side, scale))
            icon.addPixmap(
                _picture(glyph, self._theme.muted, self._side, scale), QIcon.Mode.Disabled
            )
        return icon


class IconMissing(LookupError):
    """There is no such icon, or no font to draw it."""


def _picture(glyph: str, colour: str, side: int, scale: int) -> QPixmap:
    picture = QPixmap(side * scale, side * scale)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setFont(_font(side))
    painter.setPen(QColor(colour))
    painter.drawText(QRect(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, glyph)
    painter.end()
    return picture


def _glyph(name: str) -> str:
    try:
        return chr(int(_glyphs()[name.removeprefix(PREFIX)], 16))
    except KeyError as exc:
        raise IconMissing(name) from exc


@cache
def _glyphs() -> dict[str, str]:
    glyphs: dict[str, str] = json.loads(_file("charmap-*.json").read_text("utf-8"))
    return glyphs


@cache
def _font(side: int) -> QFont:
    font = QFont(_families())
    font.setPixelSize(side)
    return font


@cache
def _families() -> list[str]:
    number = QFontDatabase.addApplicationFont(str(_file("*.ttf")))
    return QFontDatabase.applicationFontFamilies(number)


def _file(pattern: str) -> Path:
    spec = find_spec("qtawesome")  # finds where it is, and imports nothing
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = [path for place in places for path in Path(place, "fonts").glob(FONT + pattern)]
    if not found:
        raise IconMissing(f"{FONT}{pattern} in {places}")
    return found[0]
