"""How deliveries are found: by text, kind, hook, verdict, person, score and time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refiner_desktop.storage.encoding import like_pattern, moment_to_text
from refiner_desktop.storage.text_search import needle
from refiner_desktop.webhooks.delivery import Kind, Origin, Verdict

_TEXT = r"""
    (subject LIKE ? ESCAPE '\' OR user LIKE ? ESCAPE '\' OR sentence LIKE ? ESCAPE '\'
    OR path LIKE ? ESCAPE '\' OR headers LIKE ? ESCAPE '\' OR words LIKE ? ESCAPE '\'
    OR CAST(body AS TEXT) LIKE ? ESCAPE '\')
"""
_PLACES = _TEXT.count("?")
NOT_TAKEN = "NOT waits AND passed_on IS NOT NULL AND passed_on NOT BETWEEN 200 AND 299"
"""What was passed on in vain, and given up."""

Term = tuple[str, list[Any]]
Comparison = tuple[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; everything that is given must hold, and nothing that is in `without`.

    Of `kinds`, `hooks` and `origins` any will do. Letters are found in any case.
    """

    texts: tuple[str, ...] = ()
    """Each stands somewhere in headers, body, path, survey or segment, user or sentence."""
    kinds: frozenset[Kind] = frozenset()
    hooks: frozenset[str] = frozenset()
    """Ids; the empty one stands for no hook."""
    verdict: Verdict | None = None
    origins: frozenset[Origin] = frozenset()
    method: str = ""
    statuses: tuple[int, int] | None = None
    """The lowest and the highest status that it may have been answered with."""
    subject: str = ""
    """A part of the survey's name, or of a segment's."""
    user: str = ""
    """A part of the user's name, e-mail address, user id or UUID."""
    lowest_score: int | None = None
    highest_score: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    pinned: bool = False
    seen_before: bool = False
    waits: bool = False
    """Whether it must still be to be passed on."""
    not_taken: bool = False
    """Whether it must have been passed on in vain, and given up."""
    without_projects: frozenset[str] = frozenset()
    """Projects whose deliveries are left out."""
    without: tuple[Search, ...] = ()

    def condition(self) -> Term:
        """Return the condition on `delivery` and the values of its placeholders."""
        terms = list(self._terms())
        terms += [_negated(each.condition()) for each in self.without]
        values = [value for _, each in terms for value in each]
        return " AND ".join(f"({term})" for term, _ in terms) or "TRUE", values

    def _terms(self) -> Iterator[Term]:
        # What costs least comes first, and what reads the bodies last.
        any_of = (("kind", self.kinds), ("hook_id", self.hooks), ("origin", self.origins))
        for column, wanted in any_of:
            if wanted:
                yield _any_of(column, sorted(wanted))
        for term, value in self._comparisons():
            if value is not None:
                yield term, [value]
        yield from self._marks()
        for column, part in (("person", needle(self.user)), ("subject", self.subject)):
            if part:
                yield rf"{column} LIKE ? ESCAPE '\'", [like_pattern(part)]
        for text in self.texts:
            yield _TEXT, [like_pattern(needle(text))] * _PLACES

    def _marks(self) -> Iterator[Term]:
        if self.pinned:
            yield "pinned", []  # as the index says it
        if self.waits:
            yield "waits", []
        if self.not_taken:
            yield NOT_TAKEN, []
        if self.seen_before:
            yield "seen_before = 1", []
        if self.without_projects:
            term, values = _any_of("project", sorted(self.without_projects))
            yield f"NOT {term}", values

    def _comparisons(self) -> tuple[Comparison, ...]:
        lowest, highest = self.statuses or (None, None)
        return (
            ("verdict = ?", self.verdict),
            ("method = ?", self.method or None),
            ("answer >= ?", lowest),
            ("answer <= ?", highest),
            ("score >= ?", self.lowest_score),
            ("score <= ?", self.highest_score),
            ("received_at >= ?", moment_to_text(self.since) if self.since else None),
            ("received_at <= ?", moment_to_text(self.until) if self.until else None),
        )


EVERYTHING = Search()


def _any_of(column: str, values: list[str]) -> Term:
    return f"{column} IN ({', '.join('?' * len(values))})", list(values)


def _negated(term: Term) -> Term:
    condition, values = term
    return f"NOT coalesce({condition}, FALSE)", values  # a comparison with NULL is no match
