"""Numbers, times and sizes as people say them, and as their locale writes them."""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale

_GROUPED = re.compile(r"\d+|\d{1,3}([., \u00a0\u202f'\u2019]\d{3})+")
"""A number with the signs of any locale between its thousands; no fraction."""


def number(value: float, places: int = 0) -> str:
    """Return a number with so many digits behind its point, which may be a comma."""
    return _locale().toString(float(value), "f", places)


def whole(text: str) -> int | None:
    """Return a whole number as a person types it, with or without signs between its thousands."""
    text = text.strip()
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    value, understood = _locale().toLongLong(text)
    return value if understood else None


def rounded(value: float, places: int) -> str:
    """Return a number with at most so many digits behind its point."""
    text, point = number(value, places), _locale().decimalPoint()
    return text.rstrip("0").removesuffix(point) if point in text else text


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 row", "2 rows"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def milliseconds(seconds: float) -> str:
    """Return how long something took, such as `2.1 ms` or `12.5 s`."""
    if seconds < 0.01:
        return f"{number(seconds * 1000, 1)} ms"
    return f"{number(seconds * 1000)} ms" if seconds < 10 else f"{number(seconds, 1)} s"


def ago(seconds: float) -> str:
    """Return how long ago something was, such as `12 s`, `3 min` or `2 h`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3_600 else f"{number(seconds / 3_600)} h"


def size(count: int) -> str:
    """Return a number of bytes."""
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{number(count / 1_000, 1)} kB"
    return f"{number(count / 1_000_000, 1)} MB"


def _locale() -> QLocale:
    """Return the person's locale; a system without one groups as English does."""
    here = QLocale()
    return QLocale(QLocale.Language.English) if here.language() == QLocale.Language.C else here
