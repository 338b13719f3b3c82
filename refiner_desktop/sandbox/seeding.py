"""The world's past: 90 days of responses, and who is in which segment."""

from __future__ import annotations

from random import Random

import numpy as np

from refiner_desktop.sandbox.answers import made_up_answers
from refiner_desktop.sandbox.contact_book import ContactBook
from refiner_desktop.sandbox.moments import DAY
from refiner_desktop.sandbox.population import Population
from refiner_desktop.sandbox.responses import Response, ResponseStore, texts
from refiner_desktop.sandbox.rules import (
    MANUAL_SEGMENTS,
    AnswerWithin,
    EventTracked,
    Everyone,
    TraitIs,
)
from refiner_desktop.sandbox.segments import Segment, Segments
from refiner_desktop.sandbox.surveys import Survey

PAST = 90 * DAY
MOST_RESPONSES = 6_000
RESPONSES_PER_CONTACT = 3
TAGS = ("bug", "feature request", "follow-up", "happy customer", "pricing", "urgent")

_OUTCOMES = ("completed", "partial", "dismissed", "seen")
_OUTCOME_WEIGHTS = (58, 12, 13, 17)
_SURVEY_WEIGHTS = (34, 16, 8, 14, 12, 10)


def seed_responses(
    seed: int, now: int, book: ContactBook, surveys: list[Survey], store: ResponseStore
) -> None:
    """Let contacts see and answer the published surveys, and the archived one long ago."""
    random = Random(seed + 1)
    published = [survey for survey in surveys if survey.published and not survey.archived]
    archived = [survey for survey in surveys if survey.archived]
    count = min(MOST_RESPONSES, RESPONSES_PER_CONTACT * book.size)
    ages = sorted((random.random() for _ in range(count)), reverse=True)
    for age in ages:
        shown = now - 600 - int(age * PAST)
        survey = random.choices(published, _SURVEY_WEIGHTS)[0]
        if archived and age > 0.6 and random.random() < 0.2:
            survey = random.choice(archived)
        row = random.randrange(book.size)
        if book.first_seen[row] <= shown:
            _respond(store.add(row, survey), shown, random)
            _note(store.of(row)[-1], book)


def _respond(response: Response, shown: int, random: Random) -> None:
    response.first_shown = response.last_shown = shown
    response.shows = random.choices((1, 2, 3), (80, 15, 5))[0]
    match random.choices(_OUTCOMES, _OUTCOME_WEIGHTS)[0]:
        case "completed":
            _answer(response, random)
            response.completed = response.last_data
        case "partial":
            _answer(response, random)
            response.data = dict(list(response.data.items())[:1])
        case "dismissed":
            response.dismissed = shown + random.randint(2, 20)


def _answer(response: Response, random: Random) -> None:
    response.first_data = (response.last_shown or 0) + random.randint(4, 40)
    response.last_data = response.first_data + random.randint(0, 240)
    response.data = made_up_answers(response.survey.questions, random)
    if random.random() < 0.12:
        response.tags = random.sample(TAGS, random.randint(1, 2))


def _note(response: Response, book: ContactBook) -> None:
    row = response.contact
    latest = response.last_data or response.dismissed or response.last_shown or 0
    book.last_seen[row] = max(book.last_seen[row], latest)
    book.last_submission[row] = max(book.last_submission[row], response.last_data or 0)


def seed_segments(
    population: Population, book: ContactBook, store: ResponseStore, segments: Segments
) -> None:
    """Set the bits of the first members; nobody is told about these."""
    rows = np.arange(population.size, dtype=np.int64)
    for segment in segments.all:
        match segment.rule:
            case None:
                members = population.lot(rows, segment.name, MANUAL_SEGMENTS[segment.name])
            case Everyone():
                members = np.ones(len(rows), bool)
            case TraitIs(trait, value):
                members = population.choosing(rows, trait, value)
            case EventTracked(event):
                members = population.lot(rows, event, 0.03)
            case AnswerWithin() as rule:
                members = np.isin(rows, _answering(rule, store))
        _enrol(book, segment, members)


def _answering(rule: AnswerWithin, store: ResponseStore) -> list[int]:
    latest: dict[int, Response] = {}
    for response in sorted(store, key=lambda response: response.last_data or 0):
        if rule.question in response.data:
            latest[response.contact] = response
    return [
        row for row, response in latest.items() if rule.holds(texts(response.data), frozenset())
    ]


def _enrol(book: ContactBook, segment: Segment, members: np.typing.NDArray[np.bool_]) -> None:
    book.segments[members] |= segment.bit
