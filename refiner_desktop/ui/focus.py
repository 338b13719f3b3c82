"""Where the keyboard is: given back by what borrowed it, and brought into a page that opens."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget
from shiboken6 import isValid


class FocusReturn(QObject):
    """Gives the focus back to whoever had it before a widget took it, when that widget hides."""

    def __init__(self, borrower: QWidget) -> None:
        super().__init__(borrower)
        self._borrower = borrower
        self._before: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        came, stays = self._is_inside(before), self._is_inside(now)
        if stays and not came:
            self._before = before
        elif came and not stays and self._borrower.isHidden():
            self.give_back()

    def give_back(self) -> None:
        """Give the focus back now. Before the widget hides, nothing in between gets it."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def _is_inside(self, widget: QWidget | None) -> bool:
        return widget is not None and (
            widget is self._borrower or self._borrower.isAncestorOf(widget)
        )


class FocusHeir(QObject):
    """Gives the focus to an heir when its owner on a page hides or greys.

    Qt gives it to whatever comes next, and the next Space presses a button that nobody meant.
    """

    def __init__(self, page: QWidget, heir: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._heir = heir
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        left = before is not None and isValid(before) and self._page.isAncestorOf(before)
        if not left or before is None or (before.isEnabled() and before.isVisible()):
            return
        stays = now is None or self._page.isAncestorOf(now)
        if stays and self._heir.isVisible():
            self._heir.setFocus(Qt.FocusReason.OtherFocusReason)


def enter(page: QWidget) -> None:
    """Bring the focus into a page, to where it was there before or to its first field."""
    now: QWidget | None = QApplication.focusWidget()
    if now is not None and page.isAncestorOf(now):
        return
    last: QWidget | None = page.focusWidget()
    fields = (widget for widget in _chain(page) if _takes_tab(widget))
    field = last if last is not None and _takes_tab(last) else next(fields, None)
    if field is not None:
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)


def reach(action: QAction, place: QWidget, but: Collection[QWidget]) -> None:
    """Let the keys of an action work all over a place, but inside those that have them already."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    for child in place.findChildren(QWidget, options=direct):
        if child in but or child.isWindow():
            continue
        if any(child.isAncestorOf(each) for each in but):
            reach(action, child, but)
        else:
            child.addAction(action)


def step_down(search: QLineEdit, found: QAbstractItemView) -> None:
    """Let Down go from a search to the first row of what it found."""

    def go() -> None:
        model = found.model()
        if model.rowCount() > 0:
            found.setFocus(Qt.FocusReason.TabFocusReason)
            if not found.currentIndex().isValid():
                found.setCurrentIndex(model.index(0, 0))

    down = QShortcut(Qt.Key.Key_Down, search, context=Qt.ShortcutContext.WidgetShortcut)
    down.activated.connect(go)


def _chain(page: QWidget) -> Iterator[QWidget]:
    """Yield what is inside the page in the order of the Tab key."""
    step: QWidget | None = page.nextInFocusChain()
    while step is not None and step is not page:
        if page.isAncestorOf(step):
            yield step
        step = step.nextInFocusChain()


def _takes_tab(widget: QWidget) -> bool:
    tab = Qt.FocusPolicy.TabFocus
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & tab)
