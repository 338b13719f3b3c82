"""The look: every colour, size and step in one place, light and dark."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from refiner_desktop.ui.resources import icon_path, stylesheet

SPACE = 8
"""The step of all margins and gaps, in pixels; use multiples and halves of it."""

FORM_WIDTH = 560
"""Beyond this a form's fields are harder to read, not easier."""

_TOKEN = re.compile(r"@([a-z_]+)")


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
        tokens = asdict(self) | {
            "icon_down": icon_path(f"chevron-down-{self.scheme}.svg"),
            "icon_check": icon_path(f"check-{self.scheme}.svg"),
        }
        return _TOKEN.sub(lambda match: tokens[match[1]], stylesheet("app.qss"))


LIGHT = Theme(
    scheme="light",
    window="#f4f6f9",
    surface="#ffffff",
    hover="#e9edf3",
    border="#d8dee7",
    control="#8490a3",
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
)

DARK = Theme(
    scheme="dark",
    window="#15181e",
    surface="#1c2129",
    hover="#272e39",
    border="#313a47",
    control="#6f7c91",
    text="#e6eaf0",
    muted="#a0abba",
    accent="#8ea6ff",
    accent_hover="#a9bbff",
    on_accent="#10131a",
    selection="#2e3d70",
    success="#6fd3a0",
    warning="#f0c266",
    danger="#ff938a",
    info_back="#222c4a",
    success_back="#17332a",
    warning_back="#3a3018",
    danger_back="#45201f",
)


def theme_of(palette: QPalette) -> Theme:
    """Return the theme that a widget's palette comes from, for colours that no palette has."""
    return DARK if palette.color(QPalette.ColorRole.Base).lightness() < 128 else LIGHT


class ThemeFollower(QObject):
    """Dresses the window in the system's scheme, and again whenever the system changes it.

    Palette and colours are the whole application's. The style sheet is the window's, and of what
    opens from it: what is made beneath a sheet of the application is styled anew each time it
    gets a parent, and a tab took five to eight times as long to make.

    Signals: `changed(theme)` after the new look is in place.
    """

    changed = Signal(object)

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._window: QWidget | None = None
        self.theme = LIGHT
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def follow(self, window: QWidget) -> None:
        """Put on what the system says. Late is cheap: every widget made before is styled once."""
        self._window = window
        self._on_scheme_changed(self._application.styleHints().colorScheme())

    def wear(self, theme: Theme) -> None:
        """Put on one theme, whatever the system says."""
        self.theme = theme
        # Taken off first: to change one sheet for another costs a full window six times as much.
        self._put_on("")
        self._application.setPalette(theme.palette())
        self._put_on(theme.style_sheet())
        self.changed.emit(theme)

    def take_off(self) -> None:
        """Follow no more, and leave the application as plain as it was; the window is gone."""
        self._application.styleHints().colorSchemeChanged.disconnect(self._on_scheme_changed)
        self._application.setPalette(QPalette())
        self.deleteLater()

    def _put_on(self, sheet: str) -> None:
        if self._window is not None:
            self._window.setStyleSheet(sheet)

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self.wear(DARK if scheme == Qt.ColorScheme.Dark else LIGHT)
