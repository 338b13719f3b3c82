"""Reports, computed from responses (API reference, section 4.18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from refiner_desktop.sandbox.responses import Response
from refiner_desktop.sandbox.surveys import QuestionKind

CSAT_NAMES = {
    -2: "very_unsatisfied",
    -1: "unsatisfied",
    0: "neutral",
    1: "satisfied",
    2: "very_satisfied",
}


def nps(answered: list[list[Any]]) -> dict[str, Any]:
    """Return the net promoter score of answers from 0 to 10."""
    scores = _numbers(answered)
    promoters = sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    return {
        "data": {
            "detractors": detractors,
            "passives": len(scores) - promoters - detractors,
            "promoters": promoters,
        },
        "count": len(scores),
        "nps": round(100 * (promoters - detractors) / len(scores)) if scores else 0,
    }


def csat(answered: list[list[Any]]) -> dict[str, Any]:
    """Return the part of satisfied answers, which are stored as -2 to 2."""
    scores = _numbers(answered)
    counts = Counter(scores)
    satisfied = sum(score > 0 for score in scores)
    return {
        "data": {name: counts[score] for score, name in CSAT_NAMES.items()},
        "count": len(scores),
        "csat": round(100 * satisfied / len(scores)) if scores else 0,
    }


def ratings(answered: list[list[Any]]) -> dict[str, Any]:
    """Return how often each rating was given, and their average."""
    scores = _numbers(answered)
    counts = Counter(scores)
    return {
        "data": {str(score): counts[score] for score in sorted({1, 2, 3, 4, 5, *scores})},
        "count": len(scores),
        "sum": sum(scores),
        "average": round(sum(scores) / len(scores), 2) if scores else 0,
    }


def distribution(answered: list[list[Any]]) -> dict[str, Any]:
    """Return how often each value was given; a response may hold several."""
    counts = Counter(str(value) for values in answered for value in values)
    return {
        "data": dict(counts.most_common()),
        "datapoints": counts.total(),
        "responses": len(answered),
    }


REPORTS: dict[str, tuple[set[QuestionKind], Callable[[list[list[Any]]], dict[str, Any]]]] = {
    "nps": ({"nps"}, nps),
    "csat": ({"csat"}, csat),
    "ratings": ({"rating"}, ratings),
    "distribution": ({"choice", "choices"}, distribution),
}


def answers_to(
    responses: Iterable[Response], kinds: set[QuestionKind], identifiers: list[str]
) -> list[list[Any]]:
    """Return, for each response and fitting question, the values that were given.

    Named questions count whatever their kind, so that a report on stored answers is possible.
    """
    return [
        value if isinstance(value, list) else [value]
        for response in responses
        for identifier in identifiers or _fitting(response, kinds)
        if (value := response.data.get(identifier)) is not None
    ]


def count(responses: list[Response]) -> dict[str, Any]:
    """Return how often surveys were shown and answered."""
    return {
        "views": sum(response.shows or 0 for response in responses),
        "responses": sum(bool(response.data) for response in responses),
    }


def _fitting(response: Response, kinds: set[QuestionKind]) -> list[str]:
    return [q.identifier for q in response.survey.questions if q.kind in kinds]


def _numbers(answered: list[list[Any]]) -> list[int]:
    texts = (str(value) for values in answered for value in values)
    return [int(text) for text in texts if text.lstrip("-").isdecimal()]
