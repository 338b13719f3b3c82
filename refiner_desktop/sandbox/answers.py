"""Made-up answers to the questions of a survey (API reference, section 5.6)."""

from __future__ import annotations

from random import Random
from typing import Any

from refiner_desktop.sandbox import words
from refiner_desktop.sandbox.surveys import Question

Answers = dict[str, Any]

_NPS_WEIGHTS = (2, 1, 1, 2, 2, 4, 5, 11, 17, 26, 29)
_CSAT_WEIGHTS = (5, 9, 14, 38, 34)
_RATING_WEIGHTS = (3, 6, 16, 38, 37)


def made_up_answers(questions: tuple[Question, ...], random: Random) -> Answers:
    """Answer every question; texts fit the mood of the first answer and may be left out."""
    answers: Answers = {}
    for question in questions:
        answer = _answer(question, answers, random)
        if answer is not None:
            answers[question.identifier] = answer
    return answers


def _answer(question: Question, given: Answers, random: Random) -> Any:
    match question.kind:
        case "nps":
            return random.choices(range(11), _NPS_WEIGHTS)[0]
        case "csat":
            return random.choices(range(-2, 3), _CSAT_WEIGHTS)[0]
        case "rating":
            return random.choices(range(1, 6), _RATING_WEIGHTS)[0]
        case "choice":
            return random.choice(question.options)
        case "choices":
            return random.sample(question.options, random.randint(1, 3))
        case "text":
            return _text(question, given, random)


def _text(question: Question, given: Answers, random: Random) -> str | None:
    if not given:
        return random.choice(words.IDEAS)
    if random.random() < 0.3:
        return None
    mood = next(iter(given.values()))
    happy = isinstance(mood, int) and mood >= (7 if "nps" in given else 1)
    return random.choice(words.PRAISE if happy else words.COMPLAINTS)
