"""How a cell's text is shown: short in the table, whole in its tool tip."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt
from PySide6.QtGui import Qt as GuiQt

from refiner_desktop.datasets.columns import Kind
from refiner_desktop.datasets.values import parse_boolean, parse_date

LINE_CHARACTERS = 200
TOOL_TIP_CHARACTERS = 2_000

# Each control character as its picture, so that none breaks the line or hides.
_VISIBLE = {code: 0x2400 + code for code in range(32)} | {ord("\n"): "↵", ord("\t"): " ", 127: "␡"}

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def shown(text: str | None, kind: Kind) -> str:
    """Return what the table shows for a value of this kind; "" for no value."""
    if not text:
        return ""
    match kind:
        case "date":
            return _local_date(text)
        case "boolean":
            answer = parse_boolean(text)
            return one_line(text) if answer is None else ("Yes" if answer else "No")
        case _:
            return one_line(text)


def one_line(text: str) -> str:
    """Return the beginning of the text in one line, its line breaks visible."""
    start = text[: LINE_CHARACTERS + 1].replace("\r\n", "\n")
    cut = len(text) > LINE_CHARACTERS
    return start[:LINE_CHARACTERS].translate(_VISIBLE) + ("…" if cut else "")


def tool_tip(text: str) -> str:
    """Return a tool tip that shows the text itself: markup in it stays text, long lines wrap."""
    cut = len(text) > TOOL_TIP_CHARACTERS
    plain = text[:TOOL_TIP_CHARACTERS].replace("\0", "␀") + ("…" if cut else "")
    return GuiQt.convertFromPlainText(plain)


def alignment(kind: Kind) -> Qt.AlignmentFlag:
    """Return how a column of this kind is aligned: numbers to the right."""
    return RIGHT if kind == "number" else LEFT


def _local_date(text: str) -> str:
    moment = parse_date(text)
    if moment is None:
        return one_line(text)
    if not isinstance(moment, datetime):  # a day is the same day everywhere
        return _written(QDate(moment.year, moment.month, moment.day), "yyyy-MM-dd")
    return _written(QDateTime.fromSecsSinceEpoch(int(moment.timestamp())), "yyyy-MM-dd HH:mm")


def _written(moment: QDate | QDateTime, international: str) -> str:
    """Write a date as the person's locale does; a system without one gets the ISO form."""
    locale = QLocale()
    if locale.language() == QLocale.Language.C:
        return locale.toString(moment, international)
    return locale.toString(moment, QLocale.FormatType.ShortFormat)
