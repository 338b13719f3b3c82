"""A text view for content of any size, with search."""

from refiner_desktop.ui.widgets.text_view.colours import TextColours
from refiner_desktop.ui.widgets.text_view.text_pane import TextPane
from refiner_desktop.ui.widgets.text_view.text_view import TextView

__all__ = ["TextColours", "TextPane", "TextView"]
