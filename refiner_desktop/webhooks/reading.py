"""What a webhook's payload says, whatever its shape (API reference, sections 7.2 and 7.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import msgspec

from refiner_desktop.webhooks.delivery import Gist, Kind

_TEXT_LENGTH = 300
_TIMES = ("data_reception", "shown")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_VERBS = {
    Kind.SURVEY_COMPLETED: "completed",
    Kind.SURVEY_PARTIAL: "answered a part of",
    Kind.SURVEY_SEEN: "saw",
    Kind.SURVEY_DISMISSED: "dismissed",
}


class _Payload(TypedDict, total=False):
    """The fields that are read. Decoding skips all others, such as traits, unlooked at."""

    uuid: Any
    project_uuid: Any
    remote_id: Any
    email: Any
    display_name: Any
    segments: Any
    triggered_event: Any
    form: Any
    response: Any


_decoder = msgspec.json.Decoder(_Payload)


class Person(msgspec.Struct, frozen=True):
    """The contact a payload is about; a field that is missing or no text is empty."""

    uuid: str = ""
    remote_id: str = ""
    email: str = ""
    display_name: str = ""

    @property
    def known_by(self) -> str:
        """Everything that a user is found by, a line each."""
        known = (self.display_name, self.email, self.remote_id, self.uuid)
        return "\n".join(_clip(each) for each in known if each)

    def __str__(self) -> str:
        return self.display_name or self.email or self.remote_id or "An anonymous user"


class Event(msgspec.Struct, frozen=True):
    """A payload, read: what is missing or of another type comes out empty."""

    kind: Kind
    payload: Mapping[str, Any] = {}
    """The fields of the payload that are read, as they came."""

    @property
    def person(self) -> Person:
        """The contact it is about."""
        return Person(
            _text(self.payload, "uuid"),
            _text(self.payload, "remote_id"),
            _text(self.payload, "email"),
            _text(self.payload, "display_name"),
        )

    @property
    def project(self) -> str:
        """UUID of the environment that it comes from."""
        return _clip(_text(self.payload, "project_uuid"))

    @property
    def survey(self) -> str:
        """The survey's name."""
        return _text(_mapping(self.payload.get("form")), "name")

    @property
    def survey_uuid(self) -> str:
        """The survey's UUID."""
        return _text(_mapping(self.payload.get("form")), "uuid")

    @property
    def segments(self) -> tuple[str, ...]:
        """Names of all segments the contact is in; which one was entered is not said."""
        return _names(self.payload.get("segments"))

    @property
    def response_uuid(self) -> str:
        """The response's UUID."""
        return _text(self._response, "uuid")

    @property
    def answers(self) -> Mapping[str, Any]:
        """Answers by question identifier: texts, numbers, lists, yes/no or None."""
        return _mapping(self._response.get("data"))

    @property
    def tags(self) -> tuple[str, ...]:
        """Names of the response's tags."""
        return _names(self._response.get("tags"))

    @property
    def score(self) -> int | None:
        """The NPS answer, 0 to 10, when a key names it: the plain `nps` before others."""
        answers = self.answers
        plain = nps(answers.get("nps"))
        if plain is not None:
            return plain
        scores = (nps(value) for name, value in answers.items() if "nps" in name.lower())
        return next((score for score in scores if score is not None), None)

    @property
    def group(self) -> str:
        """Promoter, passive or detractor; empty without a score."""
        return group_of(self.score)

    @property
    def repeat_key(self) -> str:
        """What repeats of one delivery have in common: response, event and data time (7.3).

        A mere view is known by when it was shown, a tag event by its tags too. Empty where the
        payload names no response: two segments entered at once look the same.
        """
        response, whose = self._response, self.response_uuid
        if self.kind is Kind.OTHER or not whose:
            return ""
        moments = (_text(response, f"last_{name}_at") for name in _TIMES)
        tags = sorted(self.tags) if self.kind is Kind.TAG_ADDED else []
        return "|".join((whose, self.kind, next(filter(None, moments), ""), *tags))

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        return self.gist.sentence

    @property
    def gist(self) -> Gist:
        """What a list shows of it."""
        if self.kind is Kind.OTHER:
            return Gist(sentence="Not an event that Refiner is known to send")
        person, survey, score = self.person, _clip(self.survey), self.score
        user, known = _clip(str(person)), (_clip(person.uuid), person.known_by)
        if self.kind is Kind.SEGMENT_ENTERED:
            segments = _clip(_listed(self.segments))
            sentence = f"{user} entered a segment, now in {segments}"
            return Gist(segments, user, None, sentence, *known)
        return Gist(survey, user, score, self._told(user, survey or "a survey", score), *known)

    def _told(self, user: str, survey: str, score: int | None) -> str:
        if self.kind is Kind.TAG_ADDED:
            return f"{user}'s response to {survey} was tagged {_clip(_listed(self.tags))}"
        answer = "" if score is None else f": {score}, {group_of(score)}"
        return f"{user} {_VERBS[self.kind]} {survey}{answer}"

    @property
    def _response(self) -> Mapping[str, Any]:
        return _mapping(self.payload.get("response"))


def read(body: bytes) -> Event:
    """Read a body. What is not JSON, or not a payload of Refiner's, has kind `other`."""
    try:
        payload = _decoder.decode(body.removeprefix(_BYTE_ORDER_MARK))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Event(Kind.OTHER)
    return Event(classify(payload), payload)


def classify(payload: object) -> Kind:
    """Tell what a decoded payload is: by its shape first, by its text second."""
    if not isinstance(payload, dict):
        return Kind.OTHER
    text = _text(payload, "triggered_event").lower()
    response = payload.get("response")
    if response is None:
        return _without_response(payload, text)
    if not isinstance(response, dict):
        return Kind.OTHER
    if "tag" in text:
        return Kind.TAG_ADDED
    return _of_response(response)


def _of_response(response: Mapping[str, Any]) -> Kind:
    if response.get("completed_at"):
        return Kind.SURVEY_COMPLETED
    if response.get("dismissed_at"):
        return Kind.SURVEY_DISMISSED
    return Kind.SURVEY_PARTIAL if response.get("data") else Kind.SURVEY_SEEN


def _without_response(payload: Mapping[str, Any], text: str) -> Kind:
    # Any JSON object lacks a response: only a contact, or the text, makes it a segment entry.
    is_contact = isinstance(payload.get("segments"), list) and "uuid" in payload
    return Kind.SEGMENT_ENTERED if is_contact or "segment" in text else Kind.OTHER


def group_of(score: int | None) -> str:
    """Return promoter, passive or detractor (section 4.18); empty without a score."""
    if score is None:
        return ""
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"


def nps(value: object) -> int | None:
    """Return an answer, be it a number or a text, as a whole number from 0 to 10, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > 4:  # "10.0" is the longest
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return int(number) if 0 <= number <= 10 and number.is_integer() else None


def _names(value: object) -> tuple[str, ...]:
    """Return the names in a list of texts or of objects with a `name` (section 5.7)."""
    if not isinstance(value, list):
        return ()
    names = (item if isinstance(item, str) else _text(_mapping(item), "name") for item in value)
    return tuple(name for name in names if name)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(payload: Mapping[str, Any], key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def _listed(names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return "".join(names) or "none"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _clip(text: str) -> str:
    """Fit a text into one line of a list."""
    if len(text) <= _TEXT_LENGTH and text.isprintable() and "  " not in text:  # nearly all are
        return text.strip(" ")
    line = " ".join(text[: 4 * _TEXT_LENGTH].split())
    return line if len(line) <= _TEXT_LENGTH else f"{line[: _TEXT_LENGTH - 1]}…"
