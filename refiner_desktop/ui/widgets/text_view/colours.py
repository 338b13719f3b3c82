"""The colours of a text, for a light and for a dark window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QPalette


@dataclass(frozen=True, slots=True)
class TextColours:
    """Colours as `#RRGGBB`. The first six are for text, all others lie under it."""

    key: str
    string: str
    number: str
    literal: str
    punctuation: str
    line_number: str
    match: str
    current_match: str
    changed: str
    only_here: str
    missing: str

    @classmethod
    def light(cls) -> TextColours:
        """Return the colours for a light background."""
        return cls(
            key="#1F4E9E",
            string="#1A6B3C",
            number="#8F4300",
            literal="#8A2A86",
            punctuation="#525C67",
            line_number="#6B7480",
            match="#FFF0B3",
            current_match="#FFD98A",
            changed="#FFF6DC",
            only_here="#E4F1FF",
            missing="#F0F1F3",
        )

    @classmethod
    def dark(cls) -> TextColours:
        """Return the colours for a dark background."""
        return cls(
            key="#8DB9FF",
            string="#8FD6A5",
            number="#F2B27A",
            literal="#E0A2E6",
            punctuation="#B4BDC7",
            line_number="#8A94A0",
            match="#3D3720",
            current_match="#584400",
            changed="#332C18",
            only_here="#1B2C44",
            missing="#262B33",
        )

    @classmethod
    def for_palette(cls, palette: QPalette) -> TextColours:
        """Return the colours that can be read on the palette's base."""
        is_dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
        return cls.dark() if is_dark else cls.light()
