"""A text view for content of any size, with search."""

from .colours import TextColours
from .text_pane import TextPane
from .text_view import TextView

__all__ = ["TextColours", "TextPane", "TextView"]
