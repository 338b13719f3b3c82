"""Icons from QtAwesome, put on after the first paint: its import alone takes 0.2 s."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QTabWidget, QWidget

from refiner_desktop.ui.theme import ICON, Theme, scaled


class Icons:
    """Gives every button and tab below a window the icon that its `icon_name` property asks for."""

    def __init__(self, theme: Theme) -> None:
        import qtawesome

        self._awesome: Any = qtawesome
        self._theme = theme

    def dress(self, window: QWidget) -> None:
        """Set the icons of all buttons and tabs."""
        size = QSize(scaled(ICON), scaled(ICON))
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
        icon: QIcon = self._awesome.icon(
            name, color=getattr(self._theme, role), color_disabled=self._theme.muted
        )
        return icon
