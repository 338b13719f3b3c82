"""Responses: who saw, dismissed, began or completed which survey (API reference, section 5.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from refiner_desktop.sandbox.answers import Answers
from refiner_desktop.sandbox.draws import UuidSeries
from refiner_desktop.sandbox.moments import iso_or_none, plain_or_none
from refiner_desktop.sandbox.surveys import Survey

Outcome = Literal["completed", "partial", "dismissed", "seen"]


@dataclass(slots=True, eq=False)
class Response:
    """One survey shown to, or stored for, one contact. Times are Unix seconds."""

    number: int
    uuid: str
    contact: int
    survey: Survey
    first_shown: int | None = None
    last_shown: int | None = None
    shows: int | None = None
    first_data: int | None = None
    last_data: int | None = None
    completed: int | None = None
    dismissed: int | None = None
    data: Answers = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """The state that the fields add up to."""
        if self.completed is not None:
            return "completed"
        if self.data:
            return "partial"
        return "seen" if self.dismissed is None else "dismissed"

    def listed(self) -> dict[str, Any]:
        """Return what a list shows of it, but for the contact and the tags."""
        times = self._times(plain_or_none)
        return {**times, "form": self.survey.brief(), "data": self.data}

    def delivered(self) -> dict[str, Any]:
        """Return what a webhook shows of it, but for the tags: answers are texts there."""
        return {**self._times(iso_or_none), "data": texts(self.data)}

    def _times(self, spell: Callable[[int | None], str | None]) -> dict[str, Any]:
        return {
            "uuid": self.uuid,
            "first_shown_at": spell(self.first_shown),
            "last_shown_at": spell(self.last_shown),
            "show_counter": self.shows,
            "first_data_reception_at": spell(self.first_data),
            "last_data_reception_at": spell(self.last_data),
            "completed_at": spell(self.completed),
            "received_at": spell(self.last_data),
            "dismissed_at": spell(self.dismissed),
        }


def texts(answers: Answers) -> dict[str, str | None]:
    """Return answers as `attributes` and webhooks show them."""
    return {key: _text(value) for key, value in answers.items()}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


class ResponseStore:
    """All responses, found by UUID and by contact."""

    def __init__(self, uuids: UuidSeries) -> None:
        self._uuids = uuids
        self._by_number: dict[int, Response] = {}
        self._by_contact: dict[int, list[Response]] = {}
        self._next = 0

    def __iter__(self) -> Iterator[Response]:
        return iter(self._by_number.values())

    def __len__(self) -> int:
        return len(self._by_number)

    def add(self, contact: int, survey: Survey) -> Response:
        """Return a new response without any times or answers."""
        response = Response(self._next, self._uuids[self._next], contact, survey)
        self._by_number[self._next] = response
        self._by_contact.setdefault(contact, []).append(response)
        self._next += 1
        return response

    def find(self, uuid: str) -> Response | None:
        """Return the response of that UUID."""
        number = self._uuids.number(uuid)
        return None if number is None else self._by_number.get(number)

    def of(self, contact: int) -> list[Response]:
        """Return the responses of one contact, oldest first."""
        return self._by_contact.get(contact, [])

    def delete_of(self, contact: int) -> None:
        """Forget every response of one contact."""
        for response in self._by_contact.pop(contact, []):
            del self._by_number[response.number]

    def attributes(self, contact: int) -> dict[str, str | None]:
        """Return what the contact's responses add to its attributes (API reference, section 6)."""
        mine = self.of(contact)
        if not mine:
            return {}
        shown = [response.last_shown for response in mine if response.last_shown]
        answered = sorted((r for r in mine if r.last_data), key=lambda r: r.last_data or 0)
        found: dict[str, str | None] = {
            "form_views_count": str(len(shown)),
            "form_submissions_count": str(len(answered)),
        }
        if shown:
            found["last_form_view_at"] = iso_or_none(max(shown))
        for response in answered:
            found |= texts(response.data)
            found["last_form_submission_at"] = iso_or_none(response.last_data)
        return found
