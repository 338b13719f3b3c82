"""A text view for content of any size, with search, folding and comparison."""

from refiner_desktop.ui.widgets.text_view.compare_pane import ComparePane
from refiner_desktop.ui.widgets.text_view.mode import Mode
from refiner_desktop.ui.widgets.text_view.text_pane import TextPane
from refiner_desktop.ui.widgets.text_view.text_view import TextView
from refiner_desktop.ui.widgets.text_view.tool_row import ToolRow

__all__ = ["ComparePane", "Mode", "TextPane", "TextView", "ToolRow"]
