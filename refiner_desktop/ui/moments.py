"""Moments by the clock on the person's wall, as the locale writes them, and exactly."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from PySide6.QtCore import QDate, QLocale, QTime

_SHORT = QLocale.FormatType.ShortFormat
_MINUTES = re.compile(r"(\W)mm")


def clock(at: datetime) -> str:
    """Return the time of day, with seconds."""
    return QLocale().toString(_time(at), _with_seconds(QLocale()))


def moment(at: datetime) -> str:
    """Return day and time, with seconds."""
    return f"{_day(at)} {clock(at)}"


def minute(at: datetime) -> str:
    """Return day and time, without seconds."""
    form = "HH:mm" if _has_no_locale() else QLocale().timeFormat(_SHORT)
    return f"{_day(at)} {QLocale().toString(_time(at), form)}"


def recent(at: datetime) -> str:
    """Return the time where it was today, the day too before."""
    today = at.astimezone().date() == datetime.now().astimezone().date()
    return clock(at) if today else minute(at)


def exact(at: datetime) -> str:
    """Return the moment in UTC, to the millisecond, the same everywhere."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03} UTC"


def _day(at: datetime) -> str:
    day = QDate(*at.astimezone().date().timetuple()[:3])
    return QLocale().toString(day, "yyyy-MM-dd" if _has_no_locale() else _date_form())


def _date_form() -> str:
    return QLocale().dateFormat(_SHORT)


def _time(at: datetime) -> QTime:
    here = at.astimezone()
    return QTime(here.hour, here.minute, here.second)


def _with_seconds(locale: QLocale) -> str:
    """Return the short form of a time, which has none, with seconds behind its minutes."""
    return "HH:mm:ss" if _has_no_locale() else _MINUTES.sub(r"\1mm\1ss", locale.timeFormat(_SHORT))


def _has_no_locale() -> bool:
    return QLocale().language() == QLocale.Language.C
