"""The service's 19 calls as data: what the client sends and what the console completes.

API reference, sections 3 and 4.
"""

from __future__ import annotations

from refiner_desktop.api.endpoint import Endpoint, Kind, Parameter


def _flag(name: str, says: str, default: str = "0") -> Parameter:
    return Parameter(name, "flag", says, default=default, allowed=("1", "0"))


def _survey(says: str, name: str = "form_uuid", kind: Kind = "text") -> Parameter:
    return Parameter(name, kind, says, thing="survey")


def _segment(says: str, name: str = "segment_uuid", kind: Kind = "text") -> Parameter:
    return Parameter(name, kind, says, thing="segment")


_ID = Parameter("id", "text", "Your own id of the user.", one_of=True, thing="user")
_EMAIL = Parameter(
    "email", "text", "The user's e-mail address; several may share one.", one_of=True, thing="email"
)
_UUID = Parameter("uuid", "text", "Refiner's UUID of the contact.", one_of=True, thing="contact")
_SURVEY = Parameter("form_uuid", "text", "The survey.", required=True, thing="survey")
_SEGMENT = Parameter(
    "segment_uuid", "text", "The segment, a manual one.", required=True, thing="manual segment"
)
_GROUP = Parameter("account", "object", "The user's account: its id, and traits of its own.")
_TAGS = "Names of tags, at most 20."
_PAGE = (
    Parameter("page", "integer", "Number of the page, from 1.", default="1"),
    Parameter("page_length", "integer", "Items a page, 1 to 1000."),
)
_CURSOR = (*_PAGE, Parameter("page_cursor", "text", "next_page_cursor of the page before."))
_RANGE = (
    Parameter("date_range_start", "date", "From this time on."),
    Parameter("date_range_end", "date", "Before this time."),
)
_DATA = (
    Parameter("response_data", "map", "Only where the answer to a question equals this."),
    Parameter("contact_data", "map", "Only where a trait of the contact equals this."),
    Parameter("account_data", "map", "Only where a trait of the account equals this."),
)

VERIFY = Endpoint("verify", "GET", "/", "Verify the key", "Names the environment of the key.")

ACCOUNT = Endpoint(
    "account", "GET", "/account", "Plan and usage", "Tells plan, usage, limits and environments."
)

IDENTIFY = Endpoint(
    "identify",
    "POST",
    "/identify-user",
    "Identify a user",
    "Creates or updates a user, its traits and its account.",
    (_ID, _EMAIL, _GROUP),
    example={
        "id": "u-1042",
        "email": "ana@example.org",
        "name": "Ana Example",
        "plan": "pro",
        "account": {"id": "acme", "name": "Acme Ltd"},
    },
    changes=True,
    open_keys="a trait of the user",
)

TRACK = Endpoint(
    "track",
    "POST",
    "/track-event",
    "Track an event",
    "Records that a user did something.",
    (_ID, _EMAIL, Parameter("event", "text", "Name of the event.", required=True)),
    example={"id": "u-1042", "event": "Signed up"},
    repeatable=False,
    changes=True,
)

CONTACTS = Endpoint(
    "contacts",
    "GET",
    "/contacts",
    "List contacts",
    "Lists users, all or by survey, segment or search.",
    (
        Parameter(
            "order_by",
            "text",
            "Order of the list.",
            default="first_seen_at",
            allowed=(
                "first_seen_at",
                "last_seen_at",
                "last_form_submission_at",
                "display_name",
                "email",
            ),
        ),
        _survey("Only users linked to this survey."),
        _segment("Only members of this segment."),
        Parameter("search", "text", "Matches e-mail address, user id or name."),
        *_CURSOR,
    ),
    paged="cursor",
)

CONTACT = Endpoint(
    "contact", "GET", "/contact", "Get a contact", "Shows one user.", (_ID, _EMAIL, _UUID)
)

DELETE_CONTACT = Endpoint(
    "delete_contact",
    "DELETE",
    "/contact",
    "Delete a contact",
    "Deletes a user and all its responses, for good.",
    (_ID, _EMAIL, _UUID),
    repeatable=False,
    changes=True,
)

SEGMENTS = Endpoint(
    "segments", "GET", "/segments", "List segments", "Lists segments by name.", _PAGE, paged="page"
)

ADD_TO_SEGMENT = Endpoint(
    "add_to_segment",
    "POST",
    "/sync-segment",
    "Add to a segment",
    "Adds a user to a manual segment; an unknown user is created.",
    (_ID, _EMAIL, _SEGMENT),
    example={"id": "u-1042", "segment_uuid": "5a1d7f70-17b1-11f1-8a10-2b3c4d5e6f70"},
    changes=True,
)

REMOVE_FROM_SEGMENT = Endpoint(
    "remove_from_segment",
    "DELETE",
    "/sync-segment",
    "Remove from a segment",
    "Removes a user from a manual segment.",
    (_ID, _EMAIL, _SEGMENT),
    changes=True,
)

SURVEYS = Endpoint(
    "surveys",
    "GET",
    "/forms",
    "List surveys",
    "Lists surveys by name.",
    (
        Parameter(
            "list",
            "text",
            "Which surveys; all leaves out the archived ones.",
            default="all",
            allowed=("all", "published", "drafts", "archived", "all_with_archived"),
        ),
        _flag("include_info", "Adds channels, dates and counts."),
        _flag("include_config", "Adds the whole configuration."),
        *_PAGE,
    ),
    paged="page",
)

PUBLISH_SURVEY = Endpoint(
    "publish_survey",
    "POST",
    "/forms/publish",
    "Publish a survey",
    "Publishes or unpublishes a survey; users may see it at once.",
    (_SURVEY, _flag("published", "0 unpublishes.", "1")),
    example={"form_uuid": "63b0c1d0-17b1-11f1-9d21-4d5e6f708192", "published": 1},
    repeatable=False,
    changes=True,
)

DUPLICATE_SURVEY = Endpoint(
    "duplicate_survey",
    "POST",
    "/forms/duplicate",
    "Duplicate a survey",
    "Copies a survey into a new draft.",
    (_SURVEY, Parameter("name", "text", "Name of the copy.", required=True)),
    example={"form_uuid": "63b0c1d0-17b1-11f1-9d21-4d5e6f708192", "name": "NPS April"},
    repeatable=False,
    changes=True,
)

ARCHIVE_SURVEY = Endpoint(
    "archive_survey",
    "DELETE",
    "/forms",
    "Archive a survey",
    "Archives a survey; no call brings it back.",
    (_SURVEY,),
    repeatable=False,
    changes=True,
)

SURVEY_HISTORY = Endpoint(
    "survey_history",
    "GET",
    "/forms/history",
    "History of a survey",
    "Lists a survey's earlier versions.",
    (_SURVEY, *_PAGE),
    paged="page",
)

RESPONSES = Endpoint(
    "responses",
    "GET",
    "/responses",
    "List responses",
    "Lists responses, newest first.",
    (
        _survey("Only this survey."),
        _survey("Only these surveys.", "form_uuids", "list"),
        _segment("Only users in this segment."),
        _segment("Only users in these segments.", "segment_uuids", "list"),
        Parameter("tag_uuid", "text", "Only responses with this tag."),
        *_RANGE,
        Parameter(
            "include",
            "text",
            "How far answered; partials includes completed ones, all adds mere views.",
            default="completed",
            allowed=("completed", "partials", "all"),
        ),
        Parameter("search", "text", "Matches the contact's id, UUID, e-mail address or name."),
        *_DATA,
        _flag("with_attributes", "Adds each contact's traits."),
        *_CURSOR,
    ),
    paged="cursor",
)

STORE_RESPONSE = Endpoint(
    "store_response",
    "POST",
    "/responses",
    "Store a response",
    "Stores a user's answers to a survey.",
    (
        _SURVEY,
        _ID,
        _EMAIL,
        _UUID,
        Parameter("date", "date", "When it was answered.", default="now"),
        Parameter(
            "prevent_duplicates",
            "flag",
            "false stores an identical one again.",
            default="true",
            allowed=("true", "false"),
        ),
        Parameter("tags", "list", _TAGS),
        _GROUP,
    ),
    example={
        "form_uuid": "63b0c1d0-17b1-11f1-9d21-4d5e6f708192",
        "id": "u-1042",
        "nps": 9,
        "nps_reason": "Saves me time",
        "tags": ["import"],
    },
    repeatable=False,
    changes=True,
    open_keys="the answer to a question",
)

TAG_RESPONSE = Endpoint(
    "tag_response",
    "POST",
    "/responses/tags",
    "Tag a response",
    "Adds tags to a response; none is removed.",
    (
        Parameter("uuid", "text", "The response's UUID.", required=True),
        Parameter("tags", "list", _TAGS, required=True),
    ),
    example={"uuid": "9f405b60-17b1-11f1-a1b2-708192031425", "tags": ["bug", "follow-up"]},
    repeatable=False,
    changes=True,
)

REPORT = Endpoint(
    "report",
    "GET",
    "/reporting",
    "Report",
    "Computes NPS, CSAT, ratings, a distribution or counts.",
    (
        Parameter(
            "type",
            "text",
            "Which report.",
            required=True,
            allowed=("nps", "csat", "ratings", "distribution", "count"),
        ),
        Parameter("question_identifiers", "list", "Only these questions."),
        _survey("Only these surveys.", "form_uuids", "list"),
        _segment("Only users in these segments.", "segment_uuids", "list"),
        Parameter("tag_uuids", "list", "Only responses with these tags."),
        Parameter("date_range_start", "date", "From this time on.", default="7 days ago"),
        Parameter("date_range_end", "date", "Before this time.", default="end of today"),
        *_DATA,
    ),
)

ENDPOINTS = (
    VERIFY,
    ACCOUNT,
    IDENTIFY,
    TRACK,
    CONTACTS,
    CONTACT,
    DELETE_CONTACT,
    SEGMENTS,
    ADD_TO_SEGMENT,
    REMOVE_FROM_SEGMENT,
    SURVEYS,
    PUBLISH_SURVEY,
    DUPLICATE_SURVEY,
    ARCHIVE_SURVEY,
    SURVEY_HISTORY,
    RESPONSES,
    STORE_RESPONSE,
    TAG_RESPONSE,
    REPORT,
)


def find_endpoint(method: str, path: str) -> Endpoint | None:
    """Return the call that a method and a path below the base URL mean, with or without a query."""
    wanted = "/" + f"/{path.partition('?')[0].strip(' /')}".removeprefix("/v1").strip("/")
    return next(
        (each for each in ENDPOINTS if each.method == method.upper() and each.path == wanted), None
    )
