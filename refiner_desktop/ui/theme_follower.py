"""Puts a theme on the window: the one of the system, or the one that a person keeps to."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from refiner_desktop.settings.settings import ThemeChoice
from refiner_desktop.ui.theme import DARK, LIGHT, Theme

FORCED: dict[ThemeChoice, Theme] = {"light": LIGHT, "dark": DARK}
SCHEMES: dict[ThemeChoice, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


class ThemeFollower(QObject):
    """Dresses the window in the system's scheme, and again whenever the system changes it.

    Palette and colours are the whole application's. The style sheet is the window's, and of what
    opens from it: what is made beneath a sheet of the application is styled anew each time it
    gets a parent, and a tab took five to eight times as long to make.

    A person may force one: then the system's own parts, such as the title bar, are asked to follow.
    Signals: `changed(theme)` after the new look is in place.
    """

    changed = Signal(object)

    def __init__(self, application: QApplication, choice: ThemeChoice = "system") -> None:
        super().__init__(application)
        self._application = application
        self._window: QWidget | None = None
        self._choice: ThemeChoice = "system"
        self.theme = LIGHT
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._wear_what_holds)
        self.force(choice)

    def follow(self, window: QWidget) -> None:
        """Dress a window. Late is cheap: every widget made before is styled once."""
        self._window = window
        self._wear_what_holds()

    def force(self, choice: ThemeChoice) -> None:
        """Keep to light or dark from now on, or go with the system again."""
        self._choice = choice
        self._application.styleHints().setColorScheme(SCHEMES[choice])
        self._wear_what_holds()

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
        self._application.styleHints().colorSchemeChanged.disconnect(self._wear_what_holds)
        self._application.styleHints().unsetColorScheme()
        self._application.setPalette(QPalette())
        self.deleteLater()

    def _put_on(self, sheet: str) -> None:
        if self._window is not None:
            self._window.setStyleSheet(sheet)

    def _wear_what_holds(self) -> None:
        wanted = FORCED.get(self._choice) or self._of_system()
        if self._window is not None and not self._wears(wanted):
            self.wear(wanted)

    def _of_system(self) -> Theme:
        dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT

    def _wears(self, theme: Theme) -> bool:
        return self.theme is theme and bool(self._window and self._window.styleSheet())
