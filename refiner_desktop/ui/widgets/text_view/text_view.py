"""A read-only view of content of any size: answers, payloads, previews and logs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

from refiner_desktop.ui.widgets.text_view.content_view import ContentView
from refiner_desktop.ui.widgets.text_view.selection import Selection
from refiner_desktop.ui.widgets.text_view.view_actions import ViewActions


class TextView(ContentView):
    """Offers in a menu and by keys what can be done with its content; `tools` has it for others."""

    def __init__(self, parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent, placeholder=placeholder)
        self.tools = ViewActions(self)

    # Reimplemented Qt methods

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._place_caret(event)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(event.globalPos())

    def _place_caret(self, event: QContextMenuEvent) -> None:
        """Point at what was clicked, unless that is selected: the menu speaks of it."""
        offset = self.offset_at(event.pos())
        outside = not self.selection.start <= offset <= self.selection.end
        if event.reason() == QContextMenuEvent.Reason.Mouse and (outside or not self.selection):
            self.select(Selection(offset, offset))
