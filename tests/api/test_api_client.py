"""Each call sends what the reference asks for, and misuse is seen before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from scripted_server import ScriptedServer, answer

from refiner_desktop.api.catalogue import ENDPOINTS
from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.endpoint import Endpoint
from refiner_desktop.api.errors import UnreadableAnswer
from refiner_desktop.api.models import Project
from refiner_desktop.api.policy import Limits
from refiner_desktop.api.queries import ContactQuery, ReportQuery, ResponseQuery, UserReference
from refiner_desktop.api.reports import NpsReport

pytestmark = pytest.mark.anyio

ANA = UserReference(id="u-1042", email="ana@example.org", uuid="c-1")
AT = datetime(2026, 2, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))

# Every call with every argument it takes, and what of it must stand in the query or in the JSON.
CALLS: dict[str, tuple[Callable[[RefinerClient], Awaitable[Any]], Any]] = {
    "verify": (lambda client: client.verify(), []),
    "account": (lambda client: client.account(), []),
    "identify": (
        lambda client: client.identify(
            ANA,
            {"plan": "pro", "seats": 12, "beta": True, "country": None, "created_at": AT},
            account={"id": "acme", "name": "Acme"},
        ),
        {
            "id": "u-1042",
            "email": "ana@example.org",
            "plan": "pro",
            "seats": 12,
            "beta": True,
            "country": None,
            "created_at": "2026-02-01T14:00:00+02:00",
            "account": {"id": "acme", "name": "Acme"},
        },
    ),
    "track": (
        lambda client: client.track(ANA, "Signed up"),
        {"id": "u-1042", "email": "ana@example.org", "event": "Signed up"},
    ),
    "contacts": (
        lambda client: client.contacts(
            ContactQuery("last_seen_at", "f-1", "s-1", "ana", page_length=10), page=2
        ),
        [
            ("order_by", "last_seen_at"),
            ("form_uuid", "f-1"),
            ("segment_uuid", "s-1"),
            ("search", "ana"),
            ("page_length", "10"),
            ("page", "2"),
        ],
    ),
    "contact": (lambda client: client.contact(ANA), [("uuid", "c-1")]),
    "delete_contact": (lambda client: client.delete_contact(ANA), [("uuid", "c-1")]),
    "segments": (
        lambda client: client.segments(page=2, page_length=5),
        [("page", "2"), ("page_length", "5")],
    ),
    "add_to_segment": (
        lambda client: client.add_to_segment(ANA, "s-1"),
        {"id": "u-1042", "email": "ana@example.org", "segment_uuid": "s-1"},
    ),
    "remove_from_segment": (
        lambda client: client.remove_from_segment(ANA, "s-1"),
        [("id", "u-1042"), ("email", "ana@example.org"), ("segment_uuid", "s-1")],
    ),
    "surveys": (
        lambda client: client.surveys("drafts", include_config=True),
        [
            ("list", "drafts"),
            ("include_info", "1"),
            ("include_config", "1"),
            ("page", "1"),
            ("page_length", "1000"),
        ],
    ),
    "publish_survey": (
        lambda client: client.publish_survey("f-1", published=False),
        {"form_uuid": "f-1", "published": 0},
    ),
    "duplicate_survey": (
        lambda client: client.duplicate_survey("f-1", "Copy"),
        {"form_uuid": "f-1", "name": "Copy"},
    ),
    "archive_survey": (lambda client: client.archive_survey("f-1"), [("form_uuid", "f-1")]),
    "survey_history": (
        lambda client: client.survey_history("f-1"),
        [("form_uuid", "f-1"), ("page", "1"), ("page_length", "1000")],
    ),
    "responses": (
        lambda client: client.responses(
            ResponseQuery(
                survey_uuids=("f-1", "f-2"),
                segment_uuids=("s-1",),
                tag_uuid="t-1",
                since=date(2026, 1, 1),
                until=AT,
                include="partials",
                search="ana",
                response_data={"nps": "9"},
                contact_data={"plan": "pro"},
                account_data={"tier": "gold"},
                with_attributes=True,
                page_length=10,
            ),
            cursor="x",
        ),
        [
            ("form_uuids[]", "f-1"),
            ("form_uuids[]", "f-2"),
            ("segment_uuids[]", "s-1"),
            ("tag_uuid", "t-1"),
            ("date_range_start", "2026-01-01"),
            ("date_range_end", "2026-02-01T12:00:00Z"),
            ("include", "partials"),
            ("search", "ana"),
            ("response_data[nps]", "9"),
            ("contact_data[plan]", "pro"),
            ("account_data[tier]", "gold"),
            ("with_attributes", "1"),
            ("page_length", "10"),
            ("page_cursor", "x"),
        ],
    ),
    "store_response": (
        lambda client: client.store_response(
            "f-1",
            ANA,
            {"nps": 9, "why": ["fast", "cheap"]},
            date=AT,
            prevent_duplicates=False,
            tags=["import"],
            account={"id": "acme"},
        ),
        {
            "form_uuid": "f-1",
            "id": "u-1042",
            "email": "ana@example.org",
            "uuid": "c-1",
            "nps": 9,
            "why": ["fast", "cheap"],
            "date": "2026-02-01T12:00:00Z",
            "prevent_duplicates": False,
            "tags": ["import"],
            "account": {"id": "acme"},
        },
    ),
    "tag_response": (
        lambda client: client.tag_response("r-1", ["bug", "idea"]),
        {"uuid": "r-1", "tags": ["bug", "idea"]},
    ),
    "report": (
        lambda client: client.report(
            ReportQuery(
                "nps",
                question_identifiers=("nps",),
                survey_uuids=("f-1",),
                segment_uuids=("s-1",),
                tag_uuids=("t-1",),
                since=datetime(2026, 1, 1, tzinfo=UTC),
                until=date(2026, 2, 1),
                contact_data={"plan": "pro"},
            )
        ),
        [
            ("type", "nps"),
            ("question_identifiers[]", "nps"),
            ("form_uuids[]", "f-1"),
            ("segment_uuids[]", "s-1"),
            ("tag_uuids[]", "t-1"),
            ("date_range_start", "2026-01-01T00:00:00Z"),
            ("date_range_end", "2026-02-01"),
            ("contact_data[plan]", "pro"),
        ],
    ),
}


def test_the_catalogue_lists_each_of_the_19_calls_once() -> None:
    assert len({(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}) == 19
    assert {endpoint.name for endpoint in ENDPOINTS} == set(CALLS)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
async def test_the_client_sends_what_the_catalogue_says(
    server: ScriptedServer, client: RefinerClient, endpoint: Endpoint
) -> None:
    server.will_answer(answer(200, {"items": [], "uuid": "x", "project_uuid": "x"}))
    calling, expected = CALLS[endpoint.name]
    await calling(client)
    (request,) = server.requests
    assert (request.method, request.path) == (endpoint.method, f"/v1{endpoint.path}")
    assert request.header("Accept") == "application/json"
    if endpoint.method == "POST":
        assert request.header("Content-Type") == "application/json"
        assert (request.json, request.query) == (expected, [])
        names = set(request.json)
    else:
        assert (request.query, request.body) == (expected, b"")
        names = {name.partition("[")[0] for name, _ in request.query}
    known = {parameter.name for parameter in endpoint.parameters}
    assert names <= known or endpoint.open_keys
    assert {each.name for each in endpoint.parameters if each.required} <= names


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_an_example_holds_every_parameter_that_is_needed(endpoint: Endpoint) -> None:
    assert (endpoint.example is not None) == (endpoint.method == "POST")
    given = set(endpoint.example or ())
    if endpoint.method == "POST":
        assert {each.name for each in endpoint.parameters if each.required} <= given
        one_of = {each.name for each in endpoint.parameters if each.one_of}
        assert not one_of or one_of & given


async def test_answers_come_back_as_values(server: ScriptedServer, client: RefinerClient) -> None:
    server.will_answer(
        answer(200, {"project_uuid": "e-1", "project_name": "Production", "message": "hello"}),
        answer(200, {"message": "ok", "contact_uuid": "c-1"}),
        answer(200, {"message": "ok", "source_form_uuid": "f-1", "new_form_uuid": "f-2"}),
        answer(200, {"data": {"promoters": 3}, "nps": 100}),
    )
    assert await client.verify() == Project(uuid="e-1", name="Production")
    assert (await client.identify(ANA)).contact_uuid == "c-1"
    assert (await client.duplicate_survey("f-1", "Copy")).new_uuid == "f-2"
    report = await client.report(ReportQuery("nps"))
    assert isinstance(report, NpsReport)
    assert (report.promoters, report.score) == (3, 100)


async def test_an_answer_without_a_contact_is_not_taken_for_one(
    server: ScriptedServer, client: RefinerClient
) -> None:
    server.will_answer(answer(200, {"message": "ok"}))
    with pytest.raises(UnreadableAnswer):
        await client.contact(ANA)


def test_an_empty_user_reference_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="user"):
        UserReference()


@pytest.mark.parametrize(
    ("reference", "sent"),
    [
        (UserReference(id="u-1", email="a@b.c"), ("id", "u-1")),
        (UserReference(email="a@b.c"), ("email", "a@b.c")),
    ],
)
async def test_a_contact_is_looked_up_by_its_surest_name_alone(
    server: ScriptedServer, client: RefinerClient, reference: UserReference, sent: tuple[str, str]
) -> None:
    await client.delete_contact(reference)
    assert server.requests[0].query == [sent]


BY_UUID = UserReference(uuid="c-1")
MISUSES: dict[str, Callable[[RefinerClient], Awaitable[Any]]] = {
    "identify by UUID": lambda client: client.identify(BY_UUID),
    "track by UUID": lambda client: client.track(BY_UUID, "Signed up"),
    "segment by UUID": lambda client: client.add_to_segment(BY_UUID, "s-1"),
    "trait named id": lambda client: client.identify(ANA, {"id": "u-2"}),
    "trait named api_key": lambda client: client.identify(ANA, {"api_key": "x"}),
    "account without id": lambda client: client.identify(ANA, account={"name": "Acme"}),
    "no event": lambda client: client.track(ANA, ""),
    "no segment": lambda client: client.remove_from_segment(ANA, ""),
    "no survey": lambda client: client.archive_survey(""),
    "no name": lambda client: client.duplicate_survey("f-1", ""),
    "no response": lambda client: client.tag_response("", ["bug"]),
    "no tags": lambda client: client.tag_response("r-1", []),
    "21 tags": lambda client: client.store_response("f-1", ANA, {}, tags=["bug"] * 21),
    "answer named date": lambda client: client.store_response("f-1", ANA, {"date": "now"}),
}


@pytest.mark.parametrize("name", MISUSES)
async def test_misuse_is_seen_before_anything_is_sent(
    server: ScriptedServer, client: RefinerClient, name: str
) -> None:
    with pytest.raises(ValueError, match=r".+"):
        await MISUSES[name](client)
    assert server.requests == []


async def test_one_users_calls_are_held_back_and_the_others_are_not(
    server: ScriptedServer, connect: Callable[..., RefinerClient]
) -> None:
    client = connect(server.url, limits=Limits(per_user=30))
    await client.identify(ANA)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.track(ANA, "Signed up"), 0.1)
    await asyncio.wait_for(client.identify(UserReference(id="u-2")), 0.5)
    assert [request.json["id"] for request in server.requests] == ["u-1042", "u-2"]
