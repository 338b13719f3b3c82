"""What the values of one column have in common, learnt page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum

from refiner_desktop.datasets.columns import Kind
from refiner_desktop.datasets.values import (
    DOUBLE_DIGITS,
    has_long_digits,
    is_date_like,
    is_number,
    parse_boolean,
    parse_date,
    parse_iso_date,
)

_FITS: dict[Kind, Callable[[str], bool]] = {
    "boolean": lambda text: parse_boolean(text) is not None,
    "number": is_number,
    "date": lambda text: parse_iso_date(text) is not None,
}


class Fold(IntEnum):
    """How much must be done to compare a column's texts without case and accents."""

    NOTHING = 0
    CASE = 1
    ACCENTS = 2


class Profile:
    """Narrows down what a column holds; each page costs one look at its distinct values.

    A kind is kept while every value fits it, so it can only ever fall back to text. Empty texts
    fit any kind. `longest` is the length of the longest text, in characters; `long_digits` says
    whether a number has more than a double keeps, and `commas` whether in a list of names one of
    them holds what stands between two.
    """

    __slots__ = ("_kinds", "commas", "date_like", "fold", "long_digits", "longest", "seen")

    def __init__(self, name: str, *, always_text: bool = False) -> None:
        self.date_like = is_date_like(name)
        self.fold = Fold.NOTHING
        self.seen = False
        self.longest = 0
        self.long_digits = False
        self.commas = False
        # A date-like name decides what a lone row of digits is: a moment, not a number.
        kinds: tuple[Kind, ...] = ("date", "boolean", "number")
        self._kinds = () if always_text else kinds

    @property
    def kind(self) -> Kind:
        """The kind that all values so far agree on; an empty column goes by its name."""
        if not self._kinds:
            return "text"
        if not self.seen:
            return "date" if self.date_like else "text"
        return self._kinds[0]

    def see(self, texts: Iterable[str | None]) -> None:
        """Take note of more values."""
        distinct = set(texts) - {None, ""}
        if not distinct:
            return
        self.seen = True
        values = [text for text in distinct if text is not None]
        self.longest = max(self.longest, *map(len, values))
        self._kinds = tuple(kind for kind in self._kinds if all(map(self._fits(kind), values)))
        if "number" in self._kinds and self.longest > DOUBLE_DIGITS and not self.long_digits:
            self.long_digits = any(map(has_long_digits, values))
        self.fold = max(self.fold, _needed_fold(values, self.fold))

    def _fits(self, kind: Kind) -> Callable[[str], bool]:
        if kind == "date" and self.date_like:
            return lambda text: parse_date(text) is not None
        return _FITS[kind]


def _needed_fold(texts: list[str], known: Fold) -> Fold:
    # Taking accents off also does away with NUL characters.
    if known is Fold.ACCENTS or not all(map(str.isascii, texts)) or any("\0" in t for t in texts):
        return Fold.ACCENTS
    if known is Fold.CASE or any(text != text.lower() for text in texts):
        return Fold.CASE
    return Fold.NOTHING
