"""How deliveries are found: by text, kind, hook, verdict, person, score and time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refiner_desktop.storage.encoding import like_pattern, moment_to_text
from refiner_desktop.webhooks.delivery import Kind, Origin, Verdict

_TEXT = r"""
    (subject LIKE ? ESCAPE '\' OR user LIKE ? ESCAPE '\' OR sentence LIKE ? ESCAPE '\'
    OR path LIKE ? ESCAPE '\' OR headers LIKE ? ESCAPE '\'
    OR CAST(body AS TEXT) LIKE ? ESCAPE '\')
"""
# Only what is about the right user is taken apart; a BLOB would be read as SQLite's own JSON.
_USER = r"""
    user LIKE ? ESCAPE '\' OR CASE
        WHEN CAST(body AS TEXT) LIKE ? ESCAPE '\' AND json_valid(CAST(body AS TEXT)) THEN
            CAST(body AS TEXT) ->> '$.email' LIKE ? ESCAPE '\'
            OR CAST(body AS TEXT) ->> '$.remote_id' LIKE ? ESCAPE '\'
    END
"""
_PLACES = _TEXT.count("?")
_USER_PLACES = _USER.count("?")

Term = tuple[str, list[Any]]
Comparison = tuple[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; everything that is given must hold, and nothing that is in `without`.

    Of `kinds` and `hooks` any will do. ASCII letters are found in any case.
    """

    texts: tuple[str, ...] = ()
    """Each stands somewhere in headers, body, path, survey or segment, user or sentence."""
    kinds: frozenset[Kind] = frozenset()
    hooks: frozenset[str] = frozenset()
    """Names; the empty one stands for no hook."""
    verdict: Verdict | None = None
    origin: Origin | None = None
    user: str = ""
    """A part of the user's name, e-mail address or user id."""
    lowest_score: int | None = None
    highest_score: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    pinned: bool = False
    seen_before: bool = False
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
        for column, wanted in (("kind", self.kinds), ("hook", self.hooks)):
            if wanted:
                yield _any_of(column, sorted(wanted))
        for term, value in self._comparisons():
            if value is not None:
                yield term, [value]
        yield from self._marks()
        if self.user:
            yield _USER, [like_pattern(self.user)] * _USER_PLACES
        for text in self.texts:
            yield _TEXT, [like_pattern(text)] * _PLACES

    def _marks(self) -> Iterator[Term]:
        if self.pinned:
            yield "pinned", []  # as the index says it
        if self.seen_before:
            yield "seen_before = 1", []
        if self.without_projects:
            term, values = _any_of("project", sorted(self.without_projects))
            yield f"NOT {term}", values

    def _comparisons(self) -> tuple[Comparison, ...]:
        return (
            ("verdict = ?", self.verdict),
            ("origin = ?", self.origin),
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
