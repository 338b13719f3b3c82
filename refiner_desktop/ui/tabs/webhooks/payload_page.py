"""The body of a delivery: readable, as it came, or byte for byte."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from refiner_desktop.ui.amounts import size
from refiner_desktop.ui.styling import label, tool
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

NONE_CHOSEN = "Choose a delivery to see its payload."
NO_BODY = "The request had no body."


class PayloadPage(QWidget):
    """A text view. A compressed body is shown unpacked; *As it came* shows its own bytes.

    `view` is a button for the menu of how it is shown, to be put where there is room for it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._body = self._content = b""
        self.pane = text_pane("webhooks.detail", "Payload", NONE_CHOSEN)
        self.view = tool("View", "webhooks.detail.view", "How the payload is shown", role="menu")
        self._note = label(role="muted", elide=True)
        self._as_it_came = tool(
            "As it came", "webhooks.detail.packed", "Show the compressed bytes", role="toggle"
        )
        self._lay_out()
        self._as_it_came.toggled.connect(self._show)

    def show_body(self, body: bytes, content: bytes) -> None:
        """Show a body; `content` is what it holds, which differs when it is compressed."""
        self._body, self._content = body, content
        packed = body is not content and body != content
        self._packing.setVisible(packed)
        self._note.setText(f"Compressed: {size(len(body))} hold {size(len(content))}")
        self.pane.view.set_placeholder(NO_BODY)
        self._as_it_came.setChecked(False)
        self._show()

    def clear(self) -> None:
        """Show that no delivery is chosen."""
        self.show_body(b"", b"")
        self.pane.view.set_placeholder(NONE_CHOSEN)

    def _show(self) -> None:
        view = self.pane.view
        if self._as_it_came.isChecked():
            view.set_hex(self._body)
        elif self._content:
            view.set_json(self._content)
        else:
            view.clear()

    def _lay_out(self) -> None:
        self._packing = QWidget()
        packing = QHBoxLayout(self._packing)
        packing.setContentsMargins(0, 0, 0, 0)
        packing.addWidget(self._note, 1)
        packing.addWidget(self._as_it_came)
        self._packing.hide()
        self._fill_menu()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addWidget(self._packing)
        layout.addWidget(self.pane, 1)

    def _fill_menu(self) -> None:
        tools, menu = self.pane.view.tools, QMenu(self.view)
        menu.addActions(list(tools.modes.values()))
        menu.addSeparator()
        menu.addActions([tools.wrap, tools.fold_all, tools.unfold_all])
        menu.addSeparator()
        menu.addActions([self.pane.line_action, self.pane.find_action])
        self.view.setMenu(menu)
