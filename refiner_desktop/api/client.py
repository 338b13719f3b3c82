"""The client for Refiner's API: one coroutine per call."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from refiner_desktop.api import catalogue
from refiner_desktop.api.errors import NotRefiner, UnreadableAnswer
from refiner_desktop.api.intake import Room
from refiner_desktop.api.models import (
    AccountUsage,
    Acknowledged,
    Contact,
    Identified,
    Project,
    Response,
    ResponseStored,
    Segment,
    SegmentChanged,
    Survey,
    SurveyDuplicated,
    SurveyVersion,
)
from refiner_desktop.api.pages import ContactPage, Page, contact_page, page_of, page_of_one
from refiner_desktop.api.paging import by_cursor, by_number
from refiner_desktop.api.parameters import (
    AnswerValue,
    TraitValue,
    account_of,
    beside,
    given,
    place,
    tag_names,
)
from refiner_desktop.api.policy import Limits, Retries, Timeouts
from refiner_desktop.api.queries import (
    MAX_PAGE_LENGTH,
    RESERVED_ANSWERS,
    RESERVED_TRAITS,
    ContactQuery,
    Moment,
    ReportQuery,
    ResponseQuery,
    SurveyList,
    UserReference,
    written,
)
from refiner_desktop.api.reading import one
from refiner_desktop.api.reports import REPORTS, Report
from refiner_desktop.api.sending import Call, OnTurn, Outcome, Sender

if TYPE_CHECKING:
    import httpx

    from refiner_desktop.api.endpoint import Endpoint
    from refiner_desktop.api.exchange import Answer, CallRequest, Pairs
    from refiner_desktop.api.reach import Reach
    from refiner_desktop.masking import Mask
    from refiner_desktop.secret import Secret

T = TypeVar("T")

_TIMEOUTS, _LIMITS, _RETRIES, _ROOM = Timeouts(), Limits(), Retries(), Room()


class RefinerClient:
    """Calls the service with one key. Coroutines raise `ApiError`, `ValueError` for misuse, and
    `ReadOnly` where the client only reads.

    Calls that are safe to repeat are, after connection failures, 429 and 502 to 504; the catalogue
    says which. Of the others, an error's `maybe_done` tells whether they may have had their effect.
    The key goes to the origin of `base_url` and nowhere else; in what comes back, it and every
    other secret of the `mask` are dots. Belongs to one event loop; close it
    with `aclose()`.
    """

    def __init__(
        self,
        base_url: str,
        key: Secret,
        *,
        timeouts: Timeouts = _TIMEOUTS,
        limits: Limits = _LIMITS,
        retries: Retries = _RETRIES,
        mask: Mask | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._sender = Sender(
            base_url,
            key,
            timeouts=timeouts,
            limits=limits,
            retries=retries,
            mask=mask,
            transport=transport,
        )
        self._on_turn: OnTurn | None = None

    @property
    def calls_last_minute(self) -> int:
        """How many calls went out in the last 60 seconds, repeats included."""
        return self._sender.limiter.last_minute

    @property
    def calls_per_minute(self) -> int:
        """How many the service allows."""
        return self._sender.limiter.per_minute

    @property
    def read_only(self) -> bool:
        """Whether every call but GET is refused with `ReadOnly`, before anything is sent."""
        return self._sender.read_only

    @read_only.setter
    def read_only(self, read_only: bool) -> None:
        self._sender.read_only = read_only

    def set_timeouts(self, timeouts: Timeouts) -> None:
        """Be so patient from the next call on."""
        self._sender.set_timeouts(timeouts)

    def watch(self, on_outcome: Outcome) -> None:
        """Let `on_outcome` hear how every further call to the service goes."""
        self._sender.on_outcome = on_outcome

    def giving_way(self, on_turn: OnTurn) -> RefinerClient:
        """Return this client for one call of many, which lets all other calls go first.

        `on_turn` is awaited when the limits let the call go, and before it goes. The call is sent
        once at most: what failed may be tried again, but that is the caller's affair.
        """
        client = copy(self)
        client._on_turn = on_turn
        return client

    def rest_of(self, user: str) -> float:
        """Return for how many seconds a user is better left alone, to stay in the user's limit."""
        return self._sender.limiter.rest_of(user)

    async def aclose(self) -> None:
        """Close all connections; no call may follow."""
        await self._sender.aclose()

    async def call(self, request: CallRequest, room: Room = _ROOM) -> Answer:
        """Send a free request once and return the answer, whatever its status.

        Of a body, as much is taken as there is `room` for, and what came before it broke off.
        Raises `ApiError` only if no answer came. An address outside the base URL's origin is sent
        without the key.
        """
        return await self._sender.exchange(request, room)

    def automatic_headers(self, request: CallRequest) -> Pairs:
        """Return the headers that will be added to those of a request; the key is dots.

        Raises `ValueError` for what cannot be sent.
        """
        return self._sender.automatic_headers(request)

    def reach(self, request: CallRequest) -> Reach:
        """Return where a request goes. Raises `ValueError` for what cannot be sent."""
        return self._sender.reach(request)

    # The environment

    async def verify(self) -> Project:
        """Return the environment that the key opens; `NotRefiner` if the answer names none."""
        return await self._ask(catalogue.VERIFY, {}, _project)

    async def account(self) -> AccountUsage:
        """Return plan and usage of the whole account."""
        return await self._ask(catalogue.ACCOUNT, {}, one(AccountUsage))

    # Users

    async def identify(
        self,
        user: UserReference,
        traits: Mapping[str, TraitValue] | None = None,
        *,
        account: Mapping[str, TraitValue] | None = None,
    ) -> Identified:
        """Create or update a user; traits not given are kept, None blanks one.

        `account` is the account's own `id` and its traits.
        """
        parameters = beside(traits, RESERVED_TRAITS, user.parameters() | account_of(account))
        return await self._ask(catalogue.IDENTIFY, parameters, one(Identified), user)

    async def track(self, user: UserReference, event: str) -> Acknowledged:
        """Record that a user did something."""
        parameters = {**user.parameters(), "event": given(event, "event")}
        return await self._ask(catalogue.TRACK, parameters, one(Acknowledged), user)

    async def contacts(
        self, query: ContactQuery, *, page: int | None = None, cursor: str | None = None
    ) -> ContactPage:
        """Return one page: the first, that of a number, or that of a cursor."""
        parameters = query.parameters() | place(page, cursor)
        return await self._ask(catalogue.CONTACTS, parameters, contact_page)

    def contact_pages(
        self, query: ContactQuery, *, cursor: str | None = None, limit: int | None = None
    ) -> AsyncGenerator[ContactPage, None]:
        """Yield pages from `cursor` on, the next one always on its way.

        With a `limit`, no page is asked for once that many contacts came. Use
        `contextlib.aclosing` to leave early and be sure that nothing is under way any more.
        """
        return by_cursor(lambda after: self.contacts(query, cursor=after), cursor, limit)

    async def contact(self, user: UserReference) -> Contact:
        """Return one user."""
        return await self._ask(catalogue.CONTACT, user.exact(), _contact, user)

    async def contact_page(self, user: UserReference) -> ContactPage:
        """Return one user as a page of its own, whose bytes can take the place of a listed one."""
        return await self._ask(catalogue.CONTACT, user.exact(), _page_of_contact, user)

    async def delete_contact(self, user: UserReference) -> Acknowledged:
        """Delete a user and all its responses, for good."""
        return await self._ask(catalogue.DELETE_CONTACT, user.exact(), one(Acknowledged), user)

    # Segments

    async def segments(self, *, page: int = 1, page_length: int = MAX_PAGE_LENGTH) -> Page[Segment]:
        """Return one page of segments, by name."""
        return await self._ask(
            catalogue.SEGMENTS, {"page": page, "page_length": page_length}, page_of(Segment)
        )

    def every_segment(self) -> AsyncGenerator[Segment, None]:
        """Yield all segments."""
        return by_number(lambda page: self.segments(page=page))

    async def add_to_segment(self, user: UserReference, segment_uuid: str) -> SegmentChanged:
        """Add a user, who is created if unknown, to a manual segment."""
        return await self._sync_segment(catalogue.ADD_TO_SEGMENT, user, segment_uuid)

    async def remove_from_segment(self, user: UserReference, segment_uuid: str) -> SegmentChanged:
        """Remove a user from a manual segment."""
        return await self._sync_segment(catalogue.REMOVE_FROM_SEGMENT, user, segment_uuid)

    # Surveys

    async def surveys(
        self,
        which: SurveyList = "all",
        *,
        include_info: bool = True,
        include_config: bool = False,
        page: int = 1,
        page_length: int = MAX_PAGE_LENGTH,
    ) -> Page[Survey]:
        """Return one page of surveys, by name."""
        parameters = {
            "list": which,
            "include_info": include_info,
            "include_config": include_config,
            "page": page,
            "page_length": page_length,
        }
        return await self._ask(catalogue.SURVEYS, parameters, page_of(Survey))

    def every_survey(self, which: SurveyList = "all") -> AsyncGenerator[Survey, None]:
        """Yield all surveys of a kind, with their info."""
        return by_number(lambda page: self.surveys(which, page=page))

    async def publish_survey(self, survey_uuid: str, *, published: bool = True) -> Acknowledged:
        """Publish or unpublish a survey; users may see it at once."""
        parameters = {"form_uuid": given(survey_uuid, "survey"), "published": int(published)}
        return await self._ask(catalogue.PUBLISH_SURVEY, parameters, one(Acknowledged))

    async def duplicate_survey(self, survey_uuid: str, name: str) -> SurveyDuplicated:
        """Copy a survey into a new draft of that name."""
        parameters = {"form_uuid": given(survey_uuid, "survey"), "name": given(name, "name")}
        return await self._ask(catalogue.DUPLICATE_SURVEY, parameters, one(SurveyDuplicated))

    async def archive_survey(self, survey_uuid: str) -> Acknowledged:
        """Archive a survey; no call brings it back."""
        parameters = {"form_uuid": given(survey_uuid, "survey")}
        return await self._ask(catalogue.ARCHIVE_SURVEY, parameters, one(Acknowledged))

    async def survey_history(
        self, survey_uuid: str, *, page: int = 1, page_length: int = MAX_PAGE_LENGTH
    ) -> Page[SurveyVersion]:
        """Return one page of a survey's earlier versions."""
        parameters = {
            "form_uuid": given(survey_uuid, "survey"),
            "page": page,
            "page_length": page_length,
        }
        return await self._ask(catalogue.SURVEY_HISTORY, parameters, page_of(SurveyVersion))

    # Responses

    async def responses(
        self, query: ResponseQuery, *, page: int | None = None, cursor: str | None = None
    ) -> Page[Response]:
        """Return one page: the first, that of a number, or that of a cursor."""
        parameters = query.parameters() | place(page, cursor)
        return await self._ask(catalogue.RESPONSES, parameters, page_of(Response))

    def response_pages(
        self, query: ResponseQuery, *, cursor: str | None = None
    ) -> AsyncGenerator[Page[Response], None]:
        """Yield all pages from `cursor` on, as `contact_pages` does."""
        return by_cursor(lambda after: self.responses(query, cursor=after), cursor)

    async def store_response(
        self,
        survey_uuid: str,
        user: UserReference,
        answers: Mapping[str, AnswerValue],
        *,
        date: Moment | None = None,
        prevent_duplicates: bool = True,
        tags: Sequence[str] = (),
        account: Mapping[str, TraitValue] | None = None,
    ) -> ResponseStored:
        """Store a user's answers, by question identifier, to a survey."""
        own: dict[str, Any] = {
            "form_uuid": given(survey_uuid, "survey"),
            **user.parameters(uuid=True),
            **account_of(account),
            "prevent_duplicates": prevent_duplicates,
        }
        if date is not None:
            own["date"] = written(date)
        if tags:
            own["tags"] = tag_names(tags)
        parameters = beside(answers, RESERVED_ANSWERS, own)
        return await self._ask(catalogue.STORE_RESPONSE, parameters, one(ResponseStored), user)

    async def tag_response(self, response_uuid: str, tags: Sequence[str]) -> Acknowledged:
        """Add tags, by name, to a response."""
        parameters = {"uuid": given(response_uuid, "response"), "tags": tag_names(tags)}
        return await self._ask(catalogue.TAG_RESPONSE, parameters, one(Acknowledged))

    async def report(self, query: ReportQuery) -> Report:
        """Return the report of the kind that `query.type` names."""
        return await self._ask(catalogue.REPORT, query.parameters(), one(REPORTS[query.type]))

    async def _sync_segment(
        self, endpoint: Endpoint, user: UserReference, segment_uuid: str
    ) -> SegmentChanged:
        parameters = {**user.parameters(), "segment_uuid": given(segment_uuid, "segment")}
        return await self._ask(endpoint, parameters, one(SegmentChanged), user)

    async def _ask(
        self,
        endpoint: Endpoint,
        parameters: Mapping[str, Any],
        read: Callable[[bytes], T],
        user: UserReference | None = None,
    ) -> T:
        call = Call(endpoint, parameters, user.name if user else None, self._on_turn)
        return await self._sender.fetch(call, read)


def _project(body: bytes) -> Project:
    # A 2xx alone proves nothing, a proxy may have sent it: API reference, section 1.3.
    project = one(Project)(body)
    if not project.uuid:
        raise NotRefiner("the answer names no environment")
    return project


def _contact(body: bytes) -> Contact:
    contact = one(Contact)(body)
    if not contact.uuid:
        raise UnreadableAnswer("the answer holds no contact")
    return contact


def _page_of_contact(body: bytes) -> ContactPage:
    _contact(body)
    return page_of_one(body)
