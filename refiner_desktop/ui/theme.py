"""The tokens of the look: every colour, size and step in one place, light and dark."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from PySide6.QtGui import QColor, QFontInfo, QGuiApplication, QPalette

from refiner_desktop.ui.resources import icon_path, stylesheet

SPACE = 8
"""The step of all margins and gaps, in pixels; use multiples and halves of it."""

FORM_WIDTH = 560
"""Beyond this a form's fields are harder to read, not easier."""

DIALOG_WIDTH = 480
DIALOG_WIDE = 560
"""Of a dialog that asks, and of one with a form or pages in it. Through `scaled`, as all below."""

ROW_HEIGHT = 30
"""Of a line in a table."""

FIELD_HEIGHT = 32
"""Of a line in a table whose cells are fields."""

SEARCH_WIDTH = 200
"""Of a field that searches in the list below it."""

ICON = 16
BADGE = 24
"""The number of a step, in a circle."""

_SIZES = {"size_title": 20, "size_heading": 14}
_SCALED = {"indicator": 15, "arrow": 14, "step_height": 44, "badge_radius": BADGE // 2}
_RADII = {"radius_small": 4, "radius": 6, "radius_large": 8}

_BORDER, _RING = 1, 5
"""Around a radio button, and around the dot in the one that is chosen."""

_TEXT = 12
"""The pixels of the text that all lengths here are meant for."""

_TOKEN = re.compile(r"@([a-z_]+)")


def scaled(pixels: int) -> int:
    """Return a length that has to hold text, in the proportion of the person's text to ours."""
    text = QFontInfo(QGuiApplication.font()).pixelSize()
    return round(pixels * max(1.0, text / _TEXT))


@dataclass(frozen=True, slots=True)
class CodeColours:
    """Colours of JSON and of differences. The first six are for text, all others lie under it."""

    key: str
    string: str
    number: str
    literal: str
    punctuation: str
    line_number: str
    match: str
    current_match: str
    changed: str
    only_here: str
    missing: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Colour roles. Text roles keep 4.5:1 on `window` and `surface`, controls and focus 3:1."""

    scheme: str
    window: str
    surface: str
    hover: str
    border: str
    control: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    success: str
    warning: str
    danger: str
    info_back: str
    success_back: str
    warning_back: str
    danger_back: str
    code: CodeColours

    def palette(self) -> QPalette:
        """Return the Qt palette, which widgets without a rule in the style sheet follow."""
        palette = QPalette()
        roles = QPalette.ColorRole
        for role, colour in (
            (roles.Window, self.window),
            (roles.WindowText, self.text),
            (roles.Base, self.surface),
            (roles.AlternateBase, self.window),
            (roles.Text, self.text),
            (roles.Button, self.surface),
            (roles.ButtonText, self.text),
            (roles.ToolTipBase, self.surface),
            (roles.ToolTipText, self.text),
            (roles.PlaceholderText, self.muted),
            (roles.Highlight, self.selection),
            (roles.HighlightedText, self.text),
            (roles.Link, self.accent),
            (roles.Mid, self.border),
        ):
            palette.setColor(role, QColor(colour))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.muted))
        return palette

    def style_sheet(self) -> str:
        """Return the application's style sheet with this theme's values filled in."""
        tokens = (
            asdict(self)
            | _lengths()
            | {
                "icon_down": icon_path(f"chevron-down-{self.scheme}.svg"),
                "icon_check": icon_path(f"check-{self.scheme}.svg"),
            }
        )
        return _TOKEN.sub(lambda match: tokens[match[1]], stylesheet("app.qss"))


def _lengths() -> dict[str, str]:
    """Return the sheet's lengths: what holds text grows with it, what rounds a corner does not."""
    growing = {name: f"{scaled(pixels)}px" for name, pixels in (_SIZES | _SCALED).items()}
    outside = scaled(_SCALED["indicator"]) + 2 * _BORDER
    growing["indicator_radius"] = f"{outside // 2}px"
    growing["indicator_dot"] = f"{outside - 2 * _RING}px"
    return growing | {name: f"{pixels}px" for name, pixels in _RADII.items()}


LIGHT = Theme(
    scheme="light",
    window="#f4f6f9",
    surface="#ffffff",
    hover="#e9edf3",
    border="#d8dee7",
    control="#7d899c",
    text="#1b2330",
    muted="#5a6678",
    accent="#3553d6",
    accent_hover="#2a44b8",
    on_accent="#ffffff",
    selection="#d9e2ff",
    success="#176d43",
    warning="#8a5a00",
    danger="#b82d26",
    info_back="#e8eeff",
    success_back="#e2f4ea",
    warning_back="#fdf1d8",
    danger_back="#fdeae8",
    code=CodeColours(
        key="#1f4e9e",
        string="#1a6b3c",
        number="#8f4300",
        literal="#8a2a86",
        punctuation="#525c67",
        line_number="#6b7480",
        match="#fff0b3",
        current_match="#ffd98a",
        changed="#fff6dc",
        only_here="#e4f1ff",
        missing="#f0f1f3",
    ),
)

DARK = Theme(
    scheme="dark",
    window="#15181e",
    surface="#1c2129",
    hover="#272e39",
    border="#313a47",
    control="#6f7c91",
    text="#e6eaf0",
    muted="#a8b3c1",
    accent="#8ea6ff",
    accent_hover="#a9bbff",
    on_accent="#10131a",
    selection="#2b3968",
    success="#6fd3a0",
    warning="#f0c266",
    danger="#ff938a",
    info_back="#222c4a",
    success_back="#17332a",
    warning_back="#3a3018",
    danger_back="#45201f",
    code=CodeColours(
        key="#8db9ff",
        string="#8fd6a5",
        number="#f2b27a",
        literal="#e0a2e6",
        punctuation="#b4bdc7",
        line_number="#8a94a0",
        match="#3d3720",
        current_match="#584400",
        changed="#332c18",
        only_here="#1b2c44",
        missing="#262b33",
    ),
)


def theme_of(palette: QPalette) -> Theme:
    """Return the theme that a widget's palette comes from, for colours that no palette has."""
    return DARK if palette.color(QPalette.ColorRole.Base).lightness() < 128 else LIGHT
