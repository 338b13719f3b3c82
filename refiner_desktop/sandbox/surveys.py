"""Surveys (the API says forms), their questions and their history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from refiner_desktop.sandbox.draws import random_uuid
from refiner_desktop.sandbox.moments import DAY, iso, iso_or_none

QuestionKind = Literal["nps", "csat", "rating", "choice", "choices", "text"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its identifier is the key of the answer."""

    identifier: str
    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()

    def element(self) -> dict[str, Any]:
        """Return the question as the survey's configuration shows it."""
        return {
            "id": self.identifier,
            "text": self.text,
            "type": self.kind,
            "required": self.kind != "text",
            "options": list(self.options),
        }


@dataclass(slots=True, eq=False)
class Survey:
    """A survey: a draft until published, archived at the end. Times are Unix seconds."""

    uuid: str
    name: str
    questions: tuple[Question, ...]
    channels: tuple[str, ...]
    created: int
    updated: int
    published: int | None = None
    archived: int | None = None
    page_url: str | None = None
    history: list[dict[str, Any]] = field(default_factory=list)

    def brief(self) -> dict[str, Any]:
        """Return what lists and responses show of it."""
        return {"uuid": self.uuid, "name": self.name}

    def info(self) -> dict[str, Any]:
        """Return what `include_info` adds, but for the counts."""
        return {
            "channels": list(self.channels),
            "published_at": iso_or_none(self.published),
            "archived_at": iso_or_none(self.archived),
            "created_at": iso(self.created),
            "updated_at": iso(self.updated),
            "folder": None,
            "page_url": self.page_url,
        }

    def config(self) -> dict[str, Any]:
        """Return what `include_config` adds."""
        return {
            "form_elements": [question.element() for question in self.questions],
            "channels": list(self.channels),
            "targeting": {"audience": "all", "delay_seconds": 5, "recurring": False},
            "theme": {"position": "bottom-right", "accent": "#4f46e5"},
        }

    def remember(self, action: str, now: int) -> None:
        """Add an entry to the history (API reference, section 4.14)."""
        self.updated = now
        self.history.append(
            {
                "uuid": random_uuid(len(self.history), self.uuid),
                "action": action,
                "snapshot": {"name": self.name, "config": self.config()},
                "created_at": iso(now),
            }
        )


class _Template(NamedTuple):
    name: str
    state: str
    channels: tuple[str, ...]
    questions: tuple[Question, ...]


def _why(text: str = "What is the main reason for your score?") -> Question:
    return Question("nps_reason", "text", text)


_NPS = Question("nps", "nps", "How likely are you to recommend us to a friend or colleague?")
_CHURN = ("Too expensive", "Missing features", "Switched to another tool", "No longer needed")
_CATALOGUE = (
    _Template("Product NPS", "published", ("web", "mobile"), (_NPS, _why())),
    _Template(
        "Checkout CSAT",
        "published",
        ("web",),
        (
            Question("checkout_csat", "csat", "How satisfied were you with the checkout?"),
            Question("checkout_comment", "text", "Anything that we should improve?"),
        ),
    ),
    _Template(
        "Cancellation survey",
        "published",
        ("web", "link"),
        (
            Question("why_did_you_cancel", "choice", "Why did you cancel?", _CHURN),
            Question("what_could_we_have_done_better", "text", "What could we have done better?"),
        ),
    ),
    _Template(
        "Onboarding experience",
        "published",
        ("web",),
        (
            Question("onboarding_rating", "rating", "How easy was it to get started?"),
            Question(
                "onboarding_goals",
                "choices",
                "What do you want to do first?",
                ("Import my data", "Invite my team", "Build a report", "Just look around"),
            ),
        ),
    ),
    _Template(
        "Feature requests",
        "published",
        ("web", "link"),
        (
            Question("feature_idea", "text", "Which feature do you miss most?"),
            Question("feature_importance", "rating", "How important is it to you?"),
        ),
    ),
    _Template(
        "Support satisfaction",
        "published",
        ("link",),
        (
            Question("support_csat", "csat", "How satisfied are you with our answer?"),
            Question("support_comment", "text", "Would you like to add something?"),
        ),
    ),
    _Template(
        "Pricing page feedback",
        "draft",
        ("web",),
        (
            Question(
                "pricing_clear", "choice", "Is our pricing clear?", ("Yes", "Partly", "Not at all")
            ),
        ),
    ),
    _Template("NPS pilot", "archived", ("web",), (_NPS, _why("Why did you choose that number?"))),
)


def seeded_surveys(seed: int, now: int) -> list[Survey]:
    """Return the surveys that the world starts with."""
    return [_survey(seed, now, place, each) for place, each in enumerate(_CATALOGUE)]


def _survey(seed: int, now: int, place: int, template: _Template) -> Survey:
    name, state, channels, questions = template
    uuid = random_uuid(seed, f"survey {name}")
    created = now - (320 - 23 * place) * DAY
    page_url = f"https://surveys.example.com/{uuid[:8]}" if "link" in channels else None
    survey = Survey(uuid, name, questions, channels, created, created, page_url=page_url)
    survey.remember("create", created)
    for week in range(1, 4):
        survey.remember("update", created + week * 7 * DAY + 3_725 * week)
    if state != "draft":
        survey.published = survey.updated + DAY
        survey.remember("publish", survey.published)
    if state == "archived":
        survey.archived = now - 12 * DAY
        survey.remember("archive", survey.archived)
    return survey
