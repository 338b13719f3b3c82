"""The sandbox's environment: its contacts, surveys, segments and responses, and every change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from refiner_desktop.sandbox.answers import Answers, made_up_answers
from refiner_desktop.sandbox.contact_book import ContactBook
from refiner_desktop.sandbox.contacts import Contact, Traits
from refiner_desktop.sandbox.draws import UuidSeries, random_uuid
from refiner_desktop.sandbox.happenings import Happening, ignore
from refiner_desktop.sandbox.moments import DAY, iso
from refiner_desktop.sandbox.population import Population
from refiner_desktop.sandbox.responses import Outcome, Response, ResponseStore, texts
from refiner_desktop.sandbox.rules import ANSWERED_AFTER_EVENT, EventTracked
from refiner_desktop.sandbox.seeding import seed_responses, seed_segments
from refiner_desktop.sandbox.segments import Segment, Segments
from refiner_desktop.sandbox.surveys import Survey, seeded_surveys
from refiner_desktop.sandbox.trait_catalogue import CHOICES, NUMBERS, RARE
from refiner_desktop.sandbox.traits import MOST_TRAITS, clean


class World:
    """One environment of a made-up customer.

    Its past ends at the last midnight (UTC) before `clock()`, so that the same seed gives the same
    world all day. It is used from one thread at a time. `tell` hears of each `Happening`.
    """

    def __init__(self, contacts: int, seed: int, clock: Callable[[], int]) -> None:
        now = clock() // DAY * DAY
        self.clock = clock
        self.seed = seed
        self.project_uuid = random_uuid(seed, "project")
        self.project_name = "Sandbox project"
        self.population = Population(seed, contacts, now)
        self.book = ContactBook(self.population)
        self.surveys = seeded_surveys(seed, now)
        self.segments = Segments(seed)
        self.responses = ResponseStore(UuidSeries(seed, "response"))
        self.tracked = 0
        self.tell: Callable[[Happening], None] = ignore
        self._entered: dict[tuple[int, int], int] = {}
        self._events: dict[int, frozenset[str]] = {}
        self._visitors = Random(seed + 2)
        seed_responses(seed, now, self.book, self.surveys, self.responses)
        seed_segments(self.population, self.book, self.responses, self.segments)
        catalogue = (*CHOICES, *NUMBERS, *RARE)
        self._trait_names = {"name", "created_at", "trial_ends_at", *(t.name for t in catalogue)}

    # Reading

    def attributes(self, contact: Contact, *, with_unset: bool = False) -> Traits:
        """Return traits, computed values and latest answers; the unset ones as None if asked."""
        known = {
            **contact.traits,
            "first_seen_at": iso(contact.first_seen),
            "last_seen_at": iso(contact.last_seen),
            **self.responses.attributes(contact.row),
        }
        if contact.email:
            known["email"] = contact.email
        return {**dict.fromkeys(sorted(self._trait_names)), **known} if with_unset else known

    def segments_of(self, contact: Contact) -> list[Segment]:
        """Return the segments that the contact is in."""
        return self.segments.of(int(self.book.segments[contact.row]))

    def entered_at(self, contact: Contact, segment: Segment) -> int:
        """Return when the contact entered the segment."""
        return self._entered.get((contact.row, segment.bit), contact.first_seen + 1)

    def find_survey(self, uuid: str) -> Survey | None:
        """Return the survey of that UUID."""
        return next((survey for survey in self.surveys if survey.uuid == uuid), None)

    def survey_named(self, name: str) -> Survey:
        """Return the survey of that name. Raises StopIteration if there is none."""
        return next(survey for survey in self.surveys if survey.name == name)

    def tag_uuid(self, name: str) -> str:
        """Return the UUID that belongs to a tag's name."""
        return random_uuid(self.seed, f"tag {name}")

    # Contacts

    def contact_for(self, user_id: str, email: str, uuid: str = "") -> Contact:
        """Return the contact meant, seen now and free to be altered; a new one if unknown.

        Raises KeyError for an unknown UUID without an id or e-mail to make a contact of.
        """
        now = self.clock()
        contact = self.book.find(user_id, email, uuid)
        if contact is not None:
            return self.book.change(contact, now)
        if not (user_id or email):
            raise KeyError(uuid)
        contact = self.book.create(user_id or None, email or None, now)
        self._settle(contact)
        return contact

    def identify(
        self, user_id: str, email: str, data: Mapping[str, Any], account: Mapping[str, Any] | None
    ) -> Contact:
        """Create or update a user; traits that are not sent stay (API reference, section 4.3)."""
        contact = self.contact_for(user_id, email)
        if email and email != contact.email:
            self.book.set_email(contact, email)
        traits = clean(data)
        contact.traits = {**contact.traits, **self._admitted(traits)}
        if "name" in traits:
            contact.display_name = traits["name"]
        if account is not None:
            self.join_account(contact, account)
        self._settle(contact)
        return contact

    def join_account(self, contact: Contact, data: Mapping[str, Any]) -> None:
        """Put a contact into the account `data["id"]` and update that account's traits."""
        account = self.book.account(str(data["id"]), contact.last_seen)
        traits = clean({key: value for key, value in data.items() if key != "id"})
        account.traits = {**account.traits, **traits}
        account.display_name = traits.get("name", account.display_name)
        account.domain = traits.get("domain", account.domain)
        account.last_seen = contact.last_seen
        contact.account = account

    def track(self, user_id: str, email: str, event: str) -> Contact:
        """Record an event; some make the user answer a survey (see `rules`)."""
        contact = self.contact_for(user_id, email)
        self.tracked += 1
        self._events[contact.row] = self._events.get(contact.row, frozenset()) | {event}
        self._settle(contact)
        if event in ANSWERED_AFTER_EVENT:
            self.visit("completed", contact, self.survey_named(ANSWERED_AFTER_EVENT[event]))
        return contact

    def delete(self, contact: Contact) -> None:
        """Forget a contact and its responses."""
        self.responses.delete_of(contact.row)
        self._events.pop(contact.row, None)
        self.book.delete(contact)

    # Segments

    def enter(self, contact: Contact, segment: Segment) -> None:
        """Make a contact a member; nothing happens if it is one."""
        if self.book.segments[contact.row] & segment.bit:
            return
        self.book.segments[contact.row] |= segment.bit
        self._entered[contact.row, segment.bit] = self.clock()
        self.tell(Happening("segment_entered", contact, segment=segment))

    def leave(self, contact: Contact, segment: Segment) -> None:
        """End a membership."""
        self.book.segments[contact.row] &= ~segment.bit
        self._entered.pop((contact.row, segment.bit), None)

    def _settle(self, contact: Contact) -> None:
        attributes = self.attributes(contact)
        events = self._events.get(contact.row, frozenset())
        for segment in self.segments.all:
            if segment.rule is None:
                continue
            if segment.rule.holds(attributes, events):
                self.enter(contact, segment)
            elif not isinstance(segment.rule, EventTracked):  # an event is never undone
                self.leave(contact, segment)

    # Responses

    def store(
        self,
        contact: Contact,
        survey: Survey,
        answers: Answers,
        *,
        at: int | None = None,
        tags: Sequence[str] = (),
        prevent_duplicates: bool = True,
    ) -> Response:
        """Store a completed response, or return the identical one that is there already."""
        if prevent_duplicates:
            for other in self.responses.of(contact.row):
                if other.survey is survey and texts(other.data) == texts(answers):
                    return other
        response = self.responses.add(contact.row, survey)
        response.data = answers
        response.tags = list(dict.fromkeys(tags))
        moment = self.clock() if at is None else at
        response.first_data = response.last_data = response.completed = moment
        self._answered(contact, response)
        if tags:
            self.tell(Happening("tag_added", contact, response))
        return response

    def tag(self, response: Response, names: Sequence[str]) -> None:
        """Add tags to a response; those that it has stay."""
        added = [name for name in dict.fromkeys(names) if name not in response.tags]
        response.tags.extend(added)
        if added:
            self.tell(Happening("tag_added", self.book[response.contact], response))

    def visit(
        self,
        outcome: Outcome,
        contact: Contact | None = None,
        survey: Survey | None = None,
        answers: Answers | None = None,
    ) -> Response:
        """Show a survey to a contact, any if none is given, who reacts as `outcome` says."""
        contact = self.book.change(contact or self._visitor(), self.clock())
        survey = survey or self._visitors.choice(self._published())
        response = self.responses.add(contact.row, survey)
        response.shows = 1
        now, began = contact.last_seen, contact.first_seen
        response.first_shown = response.last_shown = max(began, now - 30)
        self.tell(Happening("survey_seen", contact, response))
        if outcome == "dismissed":
            response.dismissed = now
            self.tell(Happening("survey_dismissed", contact, response))
        elif outcome != "seen":
            response.data = answers or made_up_answers(survey.questions, self._visitors)
            response.first_data, response.last_data = max(began, now - 10), now
            response.completed = now if outcome == "completed" else None
            self._answered(contact, response)
        return response

    def _answered(self, contact: Contact, response: Response) -> None:
        self.book.submitted(contact.row, response.last_data or 0)
        self._admitted(texts(response.data))
        complete = response.completed is not None
        self.tell(
            Happening("survey_completed" if complete else "survey_partial", contact, response)
        )
        self._settle(contact)

    def _visitor(self) -> Contact:
        for _ in range(1_000):
            row = self._visitors.randrange(max(1, self.book.size))
            if row < self.book.size and self.book.alive[row]:
                return self.book[row]
        raise LookupError("the world has no contact who could answer")

    def _published(self) -> list[Survey]:
        return [survey for survey in self.surveys if survey.published and not survey.archived]

    def _admitted(self, traits: Traits) -> Traits:
        """Return the traits that there is room for; new ones above 1,000 are dropped silently."""
        admitted = {}
        for name, value in traits.items():
            if name in self._trait_names or len(self._trait_names) < MOST_TRAITS:
                self._trait_names.add(name)
                admitted[name] = value
        return admitted

    # Surveys

    def publish(self, survey: Survey, published: bool) -> None:
        """Publish a survey or take it back to a draft."""
        now = self.clock()
        survey.published = now if published else None
        survey.remember("publish" if published else "unpublish", now)

    def duplicate(self, source: Survey, name: str) -> Survey:
        """Return a copy of a survey as a new draft."""
        now = self.clock()
        uuid = random_uuid(self.seed, f"survey {len(self.surveys)} {name}")
        copy = Survey(uuid, name, source.questions, source.channels, now, now)
        copy.remember("create", now)
        self.surveys.append(copy)
        return copy

    def archive(self, survey: Survey) -> None:
        """Archive a survey; its responses stay."""
        if survey.archived is None:
            survey.archived = self.clock()
            survey.remember("archive", survey.archived)
