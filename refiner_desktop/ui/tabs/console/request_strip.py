"""The requests that are open, as tabs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QToolButton, QWidget

from refiner_desktop.services.requests.request_tab import RequestTab
from refiner_desktop.services.requests.tab_marks import marks
from refiner_desktop.services.requests.tabs import SCRATCH
from refiner_desktop.ui.models.cell_text import one_line, tool_tip
from refiner_desktop.ui.styling import tool
from refiner_desktop.ui.theme import SPACE, scaled

NARROWEST, WIDEST = 80, 200
LONGEST_TITLE = 40
CROSS = 24
SIDE = "Show catalogue, saved requests and history"


class RequestStrip(QWidget):
    """One tab a request; a dot marks what is not saved, an arrow what is under way.

    Signals: `chosen(id)`, `closed(id)`, `moved(ids)` with all ids in their new order,
    `new_requested()`, `others_closed(id)` for all tabs but one; `side_toggled(shown)` when the
    column at the left should come or go.
    """

    chosen = Signal(str)
    closed = Signal(str)
    moved = Signal(list)
    new_requested = Signal()
    others_closed = Signal(str)
    side_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._bar = _Bar()
        self._side = tool("☰", "console.side", SIDE, role="toggle")
        self._side.setChecked(True)
        self._new = tool("+", "console.new", "New request")
        self._all = tool("", "console.all_tabs", "All open requests", role="menu")
        self._all.setMenu(QMenu(self._all))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._side)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._all)  # what comes and goes leaves "+" where the mouse is
        layout.addWidget(self._new)
        self._connect()

    def show_tabs(self, tabs: Sequence[RequestTab], front: str, busy: Collection[str] = ()) -> None:
        """Show these tabs, one of them in front; those that are busy are marked."""
        self._bar.blockSignals(True)
        while self._bar.count() > len(tabs):
            self._bar.removeTab(self._bar.count() - 1)
        while self._bar.count() < len(tabs):
            self._bar.add_tab()
        for place, (tab, mark) in enumerate(zip(tabs, marks(tabs), strict=True)):
            self._show_tab(place, tab, mark, tab.id in busy)
            if tab.id == front:
                self._bar.setCurrentIndex(place)
        self._bar.blockSignals(False)
        self._all.setText(f"{len(tabs)} open")
        self._all.setVisible(len(tabs) > 1)

    def set_side(self, shown: bool) -> None:
        """Show whether the column at the left is there."""
        self._side.setChecked(shown)

    def toggle_side(self) -> None:
        """Let the column at the left come or go."""
        self._side.toggle()

    def step(self, by: int) -> None:
        """Go to the next tab or the one before, around the ends."""
        self._bar.setCurrentIndex((self._bar.currentIndex() + by) % self._bar.count())

    def move_front(self, by: int) -> None:
        """Let the tab in front and its neighbour change places."""
        place = self._bar.currentIndex()
        if 0 <= place + by < self._bar.count():
            self._bar.moveTab(place, place + by)

    def titles(self) -> list[str]:
        """Return what stands on the tabs."""
        return [self._bar.tabText(place) for place in range(self._bar.count())]

    def _show_tab(self, place: int, tab: RequestTab, mark: str, busy: bool) -> None:
        is_scratch = tab.id == SCRATCH and not tab.draft.path.strip()
        title = "Scratch" if is_scratch else _short(one_line(tab.title)) + one_line(mark)
        title = title[:LONGEST_TITLE].replace("&", "&&")
        text = ("↻ " if busy else "") + title + (" •" if tab.saved and tab.edited else "")
        if self._bar.tabText(place) != text:
            self._bar.setTabText(place, text)
        if self._bar.tabData(place) != tab.id:
            self._bar.setTabData(place, tab.id)
        where = f"Saved as {tab.saved}" if tab.saved else "Not saved in a file; kept here anyway"
        if tab.id == SCRATCH:
            where = "Always there; closing it empties it"
        self._bar.setTabToolTip(place, tool_tip(f"{tab.draft.title}{mark}\n{where}"))

    def _connect(self) -> None:
        self._bar.currentChanged.connect(lambda place: self.chosen.emit(self._id(place)))
        self._bar.tabCloseRequested.connect(lambda place: self.closed.emit(self._id(place)))
        self._bar.tabMoved.connect(lambda *_: self.moved.emit(self._ids()))
        self._bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._bar.customContextMenuRequested.connect(self._open_menu)
        self._new.clicked.connect(self.new_requested)
        self._all.menu().aboutToShow.connect(self._list_all)
        self._side.toggled.connect(self.side_toggled)

    def _id(self, place: int) -> str:
        return str(self._bar.tabData(place) or "")

    def _ids(self) -> list[str]:
        return [self._id(place) for place in range(self._bar.count())]

    def _list_all(self) -> None:
        menu = self._all.menu()
        menu.clear()
        for place in range(self._bar.count()):
            action = menu.addAction(self._bar.tabText(place))
            action.setCheckable(True)
            action.setChecked(place == self._bar.currentIndex())
            action.triggered.connect(lambda _on, at=place: self._bar.setCurrentIndex(at))

    def _open_menu(self, at: QPoint) -> None:
        place = self._bar.tabAt(at)
        tab_id = self._id(place if place >= 0 else self._bar.currentIndex())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("New request", self.new_requested.emit)
        word = "Empty" if tab_id == SCRATCH else "Close"
        menu.addAction(word, lambda: self.closed.emit(tab_id))
        menu.addAction("Close all others", lambda: self.others_closed.emit(tab_id))
        menu.popup(self._bar.mapToGlobal(at))


def _short(title: str) -> str:
    """Return a title in few words; of a whole address its end says the most."""
    if "://" in title:
        words, _, address = title.rpartition(" ")
        title = f"{words} …/{address.rstrip('/').rpartition('/')[2]}".strip()
    return title


class _Bar(QTabBar):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("console.tabs")
        self.setAccessibleName("Open requests")
        self.setMovable(True)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setDrawBase(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for scroll in self.findChildren(QToolButton):
            # The style of the application draws no arrows in them.
            scroll.setText("<" if scroll.objectName() == "ScrollLeftButton" else ">")
            scroll.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            scroll.setStyleSheet("padding: 0")

    def add_tab(self) -> None:
        """Add a tab with a cross of our own: Qt's is a red one."""
        place = self.addTab("")
        cross = tool("✕", "console.close", "Close the request")
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Ctrl+W does it
        cross.setFixedSize(scaled(CROSS), scaled(CROSS))
        cross.clicked.connect(lambda: self._close(cross))
        self.setTabButton(place, QTabBar.ButtonPosition.RightSide, cross)

    def _close(self, cross: QToolButton) -> None:
        side = QTabBar.ButtonPosition.RightSide
        for place in range(self.count()):
            if self.tabButton(place, side) is cross:
                self.tabCloseRequested.emit(place)
                return

    # Reimplemented Qt methods

    def tabSizeHint(self, index: int) -> QSize:
        # The tab in front is bold, and Qt measures all of them in the regular font.
        size, text = super().tabSizeHint(index), self.tabText(index)
        bold = self.font()
        bold.setBold(True)
        wider = QFontMetrics(bold).horizontalAdvance(text) - self.fontMetrics().horizontalAdvance(
            text
        )
        return QSize(min(size.width() + max(wider, 0), scaled(WIDEST)), size.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        # Too many tabs are scrolled: squeezed ones could not be told apart.
        return self.tabSizeHint(index)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(NARROWEST), super().minimumSizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and place >= 0:
            self.tabCloseRequested.emit(place)
