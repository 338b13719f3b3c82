"""Moments as a person writes them in short: an age, a day, a time of today or of a day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from refiner_desktop.datasets.local_time import day_start, moment_of, wall_clock

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGE = re.compile(r"(\d{1,6})([smhdw])")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_DAY = timedelta(days=1)
_JUST_BEFORE = timedelta(microseconds=1)


def first_moment(text: str, now: datetime) -> datetime:
    """Return the moment that `text` names, of a day its beginning. Raises `ValueError`.

    It takes `90s`, `10m`, `2h`, `3d` and `1w` ago, `now`, `today`, `yesterday`, `09:30`, and ISO
    8601; what has no zone is meant as the clocks are here.
    """
    return _moment(text, now)[0]


def last_moment(text: str, now: datetime) -> datetime:
    """Return the moment that `text` names, of a day its end. Raises `ValueError`."""
    return _moment(text, now)[1]


def _moment(text: str, now: datetime) -> tuple[datetime, datetime]:
    text = text.strip().lower()
    today = wall_clock(now).date()
    try:
        if age := _AGE.fullmatch(text):
            return _at(now - timedelta(**{_UNITS[age[2]]: int(age[1])}))
        if text in ("now", "today", "yesterday"):
            return _at(now) if text == "now" else _on(today - _DAY * (text == "yesterday"))
        if _CLOCK.fullmatch(text):
            text = f"{today.isoformat()}T{text.zfill(5) if text.count(':') == 1 else text.zfill(8)}"
        if len(text) == len("2026-03-04"):
            return _on(date.fromisoformat(text))
        moment = datetime.fromisoformat(text.upper())
        return _at(moment if moment.tzinfo else moment_of(moment))
    except OverflowError as exc:
        raise ValueError("no calendar reaches so far") from exc


def _at(moment: datetime) -> tuple[datetime, datetime]:
    return moment, moment


def _on(day: date) -> tuple[datetime, datetime]:
    return day_start(day), day_start(day + _DAY) - _JUST_BEFORE
