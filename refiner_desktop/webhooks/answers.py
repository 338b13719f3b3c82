"""A response's answers as a person reads them: the question in words, and what the value means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from refiner_desktop.webhooks.reading import group_of, nps

_ABBREVIATIONS = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "id": "ID", "url": "URL"}
_SATISFACTION = {
    "-2": "very unsatisfied",
    "-1": "unsatisfied",
    "0": "neutral",
    "1": "satisfied",
    "2": "very satisfied",
}


class Answered(msgspec.Struct, frozen=True):
    """One question with its answer."""

    identifier: str
    """What the payload calls the question."""
    question: str
    """The identifier in words: Refiner makes it from the question's text (section 6)."""
    answer: str
    """Empty for a question that was skipped."""
    meaning: str = ""
    """What the number says where its question names the scale: `promoter`, `satisfied`."""


def answered(answers: Mapping[str, Any]) -> tuple[Answered, ...]:
    """Return a response's answers in their order (API reference, section 5.6)."""
    return tuple(
        Answered(name, in_words(name), written(value), _meaning(name.lower(), value))
        for name, value in answers.items()
    )


def in_words(identifier: str) -> str:
    """Return `nps_reason` as `NPS reason`: a slug as the words that it was made of."""
    words = identifier.replace("_", " ").replace("-", " ").split()
    shown = [_ABBREVIATIONS.get(word.lower(), word) for word in words]
    sentence = " ".join(shown)
    return sentence[:1].upper() + sentence[1:] or identifier


def written(value: Any) -> str:
    """Return an answer as one text; the choices of a list one after the other."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case list() if not any(isinstance(choice, list | dict) for choice in value):
            return ", ".join(map(written, value))
        case _:
            return msgspec.json.encode(value).decode()


def _meaning(name: str, value: Any) -> str:
    if "nps" in name:
        return group_of(nps(value))
    return _SATISFACTION.get(written(value), "") if "csat" in name else ""
