"""Endpoints about responses and reports (API reference, sections 4.15 to 4.18)."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from refiner_desktop.sandbox import reports
from refiner_desktop.sandbox import response_filter as having
from refiner_desktop.sandbox.endpoints.call import Call
from refiner_desktop.sandbox.moments import DAY, plain
from refiner_desktop.sandbox.paging import cursor_after, key_of_cursor
from refiner_desktop.sandbox.refusals import BadParameter, not_found, refused
from refiner_desktop.sandbox.responses import Response

MOST_TAGS = 20
REPORT_DAYS = 7
LIST_FILTERS = (
    "form_uuid",
    "form_uuids",
    "segment_uuid",
    "segment_uuids",
    "tag_uuid",
    "date_range_start",
    "date_range_end",
    "include",
    "search",
    "response_data",
    "contact_data",
    "account_data",
)
STORE_PARAMETERS = (
    "form_uuid",
    "id",
    "email",
    "uuid",
    "date",
    "prevent_duplicates",
    "tags",
    "account",
)


def list_responses(call: Call) -> dict[str, Any]:
    """List views and responses, newest first."""
    include = call.params.one_of("include", having.INCLUDED, "completed")
    with_attributes = call.params.flag("with_attributes", default=False)
    window = call.window
    found = having.select(call.world, _list_tests(call, include))

    def key(response: Response) -> tuple[int, int]:
        return -having.happened_at(response, include), -response.number

    found.sort(key=key)
    query = call.query_number(*LIST_FILTERS)
    after = None
    if window.cursor:
        last = key_of_cursor(window.cursor, query, tuple[int, int])
        after = bisect_right(found, last, key=key)
    start = window.start(after)
    page = found[start : start + window.length]
    more = start + window.length < len(found)
    cursor = cursor_after(key(page[-1]), query) if page and more else None
    return window.envelope(call.views.responses(page, with_attributes), len(found), cursor)


def store_response(call: Call) -> dict[str, Any]:
    """Store a response for a user."""
    params = call.params
    survey, user, account = call.survey(), call.user(uuid=True), call.account_data()
    tags, date = _tags(call), params.moment("date")
    prevent_duplicates = params.flag("prevent_duplicates", default=True)
    try:
        contact = call.world.contact_for(*user)
    except KeyError:
        raise not_found("Contact") from None
    if account is not None:
        call.world.join_account(contact, account)
    response = call.world.store(
        contact,
        survey,
        params.others(*STORE_PARAMETERS),
        at=date,
        tags=tags,
        prevent_duplicates=prevent_duplicates,
    )
    return {"message": "ok", "uuid": response.uuid}


def tag_response(call: Call) -> dict[str, Any]:
    """Add tags to a response."""
    response = call.world.responses.find(call.params.required("uuid"))
    tags = _tags(call)
    if response is None:
        raise not_found("Response")
    if not tags:
        raise BadParameter("The parameter tags is required")
    call.world.tag(response, tags)
    return {"message": "ok"}


def report(call: Call) -> dict[str, Any]:
    """Compute a report of the last seven days or of the range that is asked for."""
    params = call.params
    kind = params.one_of("type", (*reports.REPORTS, "count"))
    today = call.world.clock() // DAY * DAY
    start, end = params.moment("date_range_start"), params.moment("date_range_end")
    since = today - REPORT_DAYS * DAY if start is None else start
    until = today + DAY if end is None else end
    include = "all" if kind == "count" else "partials"
    tests = [
        having.within(since, until, include),
        having.in_surveys(call.surveys_filter()),
        having.of_members(call.world, call.segments_filter()),
        having.tagged(call.world, params.texts("tag_uuids")),
        *having.with_data(call.world, params),
    ]
    chosen = having.select(call.world, tests)
    if kind == "count":
        figures = reports.count(chosen)
    else:
        kinds, compute = reports.REPORTS[kind]
        figures = compute(reports.answers_to(chosen, kinds, params.texts("question_identifiers")))
    last = plain(until - 1 if end is None else until)
    return {**figures, "date_range_start": plain(since), "date_range_end": last}


def _list_tests(call: Call, include: str) -> list[having.Test]:
    params, world = call.params, call.world
    outcomes = having.INCLUDED[include]
    since, until = params.moment("date_range_start"), params.moment("date_range_end")
    tag = params.text("tag_uuid")
    return [
        lambda response: response.outcome in outcomes,
        having.within(since, until, include),
        having.in_surveys(call.surveys_filter()),
        having.of_members(world, call.segments_filter()),
        having.tagged(world, [tag] if tag else []),
        *having.about(world, params.text("search")),
        *having.with_data(world, params),
    ]


def _tags(call: Call) -> list[str]:
    tags = call.params.texts("tags")
    if len(tags) > MOST_TAGS:
        raise refused(f"The parameter tags takes at most {MOST_TAGS} tags")
    return tags
