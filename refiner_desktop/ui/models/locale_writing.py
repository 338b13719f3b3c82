"""How a person's locale writes dates, for the search that looks for what cells show."""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale

from refiner_desktop.datasets.cell_format import INTERNATIONAL, CellFormat

_PARTS = re.compile(r"'(?P<quoted>[^']*)'|(?P<part>yyyy|yy|MM?|dd?|HH?|hh?|mm?|ss?|[Aa][Pp]|[Aa])")

_DIRECTIVES = {
    "yyyy": "%Y", "yy": "%y", "MM": "%m", "M": "%-m", "dd": "%d", "d": "%-d",
    "HH": "%H", "H": "%-H", "hh": "%I", "h": "%-I", "mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S",
    **dict.fromkeys(("AP", "Ap", "aP", "ap", "A", "a"), "%p"),
}  # fmt: skip
_OF_24_HOURS = {"hh": "%H", "h": "%-H"}


def writing_of(locale: QLocale) -> CellFormat:
    """Return how cells are written in a locale; a system without one writes the ISO form."""
    if locale.language() == QLocale.Language.C:
        return INTERNATIONAL
    short = QLocale.FormatType.ShortFormat
    return CellFormat(
        day=_for_strftime(locale.dateFormat(short)), time=_for_strftime(locale.timeFormat(short))
    )


def _for_strftime(of_qt: str) -> str:
    """Return a format of Qt in the directives of `strftime`; in Qt, `h` depends on AM and PM."""
    twelve = "a" in of_qt.casefold()
    directives = _DIRECTIVES if twelve else _DIRECTIVES | _OF_24_HOURS

    def directive(found: re.Match[str]) -> str:
        part = found["part"]
        return directives[part] if part else found["quoted"] or "'"

    return _PARTS.sub(directive, of_qt.replace("%", "%%"))
