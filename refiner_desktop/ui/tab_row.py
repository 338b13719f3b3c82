"""The row of tabs: each has its place and title from the start, and comes when it is made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.focus import enter
from refiner_desktop.ui.styling import name_tabs
from refiner_desktop.ui.tabs.tab import Tab


class TabRow(QTabWidget):
    """Holds the tabs, from left to right; a place whose tab is not made yet shows an empty page."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(documentMode=True)
        self._titles = titles
        self.made: tuple[Tab, ...] = ()
        self.setObjectName("tabs")
        name_tabs(self, "Parts of the application")
        for title in titles:
            self.addTab(QWidget(), title)
        self._begun: set[Tab] = set()
        self.currentChanged.connect(self._begin)

    def put(self, tab: Tab) -> None:
        """Put a tab in the next place, and leave in front what is in front."""
        place, front = len(self.made), self.currentIndex()
        empty = self.widget(place)
        self.insertTab(place, tab, self._titles[place])
        self.removeTab(place + 1)
        self.setCurrentIndex(front)
        if empty is not None:
            empty.deleteLater()
        self.made += (tab,)

    def open(self, place: int) -> None:
        """Bring a place to the front, and the keyboard into its tab."""
        before, now = self.currentWidget(), QApplication.focusWidget()
        if place != self.currentIndex() and now is not None and before.isAncestorOf(now):
            now.clearFocus()  # or Qt passes it on, and whoever gets it for a moment is heard
        self.setCurrentIndex(place)
        if isinstance(page := self.currentWidget(), Tab):
            if page.entry is not None and page not in self._begun:
                self._begun.add(page)
                page.entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
            enter(page)
        if QApplication.focusWidget() is None:
            self.tabBar().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_tab(self, tab: Tab) -> None:
        """Bring a tab to the front, and the keyboard into it."""
        self.open(self.indexOf(tab))

    def _begin(self) -> None:
        """Bring the keyboard to where work begins in a tab that opens for the first time."""
        page, now = self.currentWidget(), QApplication.focusWidget()
        if not isinstance(page, Tab) or page.entry is None or page in self._begun:
            return
        if now is None or page.isAncestorOf(now):
            self._begun.add(page)
            page.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_badge(self, tab: Tab, count: int) -> None:
        """Say in the title of a tab how many things wait there to be seen."""
        place = self.indexOf(tab)
        title = self._titles[place]
        self.setTabText(place, f"{title} ({number(count)})" if count else title)
