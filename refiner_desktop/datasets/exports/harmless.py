"""Text that a spreadsheet takes for text."""

from __future__ import annotations

import re

from refiner_desktop.datasets.values import is_number

# A spreadsheet runs a cell that begins like this as a formula. One that splits lines at another
# sign than we do sees cells begin inside of ours.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # the wide ones as well
_SEPARATORS = ";,\t\r\n"
_FORMULA = re.compile(f"^(?=[{_SIGNS}\t\r])|(?<=[{_SEPARATORS}])(?=[{_SIGNS}])")
_PIECE = re.compile(f"[^{_SEPARATORS}]*")


def harmless(text: str | None) -> str:
    """Return the cell so that no spreadsheet runs it or a part; a negative number is no formula."""
    return _FORMULA.sub(_mark, text) if text else ""


def _mark(formula: re.Match[str]) -> str:
    piece = _PIECE.match(formula.string, formula.end())
    return "" if piece and is_number(piece[0]) else "'"
