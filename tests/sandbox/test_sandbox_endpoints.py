"""Each of the 19 endpoints answers as the API reference says."""

from __future__ import annotations

import pytest

from refiner_desktop.sandbox.endpoints import ENDPOINTS
from refiner_desktop.sandbox.server import Sandbox

PAGED = {"items", "pagination"}
RANGE = {"date_range_start", "date_range_end"}
ANSWERS = [
    ("GET", "/", {}, {"project_uuid", "project_name", "message"}),
    ("GET", "/account", {}, {"subscription", "environments"}),
    ("POST", "/identify-user", {"id": "n-1", "plan": "pro"}, {"message", "contact_uuid"}),
    ("POST", "/track-event", {"id": "n-1", "event": "logged_in"}, {"message"}),
    ("GET", "/contacts", {}, PAGED),
    (
        "GET",
        "/contact",
        {"id": "u-1000"},
        {
            "uuid",
            "remote_id",
            "email",
            "display_name",
            "first_seen_at",
            "last_seen_at",
            "attributes",
            "segments",
            "account",
        },
    ),
    ("DELETE", "/contact", {"email": "gone@example.org"}, {"message"}),
    ("GET", "/segments", {}, PAGED),
    (
        "POST",
        "/sync-segment",
        {"id": "n-1", "segment_uuid": "Beta testers"},
        {"message", "contact_uuid", "segment_uuid"},
    ),
    (
        "DELETE",
        "/sync-segment",
        {"id": "u-1000", "segment_uuid": "Beta testers"},
        {"message", "contact_uuid", "segment_uuid"},
    ),
    ("GET", "/forms", {}, PAGED),
    ("POST", "/forms/publish", {"form_uuid": "Pricing page feedback"}, {"message"}),
    (
        "POST",
        "/forms/duplicate",
        {"form_uuid": "Product NPS", "name": "Copy"},
        {"message", "source_form_uuid", "new_form_uuid"},
    ),
    ("DELETE", "/forms", {"form_uuid": "NPS pilot"}, {"message"}),
    ("GET", "/forms/history", {"form_uuid": "Product NPS"}, PAGED),
    ("GET", "/responses", {}, PAGED),
    ("POST", "/responses", {"form_uuid": "Product NPS", "id": "n-1"}, {"message", "uuid"}),
    ("POST", "/responses/tags", {"uuid": "any", "tags": ["bug"]}, {"message"}),
    ("GET", "/reporting", {"type": "nps"}, {"data", "count", "nps"} | RANGE),
    ("GET", "/reporting", {"type": "csat"}, {"data", "count", "csat"} | RANGE),
    ("GET", "/reporting", {"type": "ratings"}, {"data", "count", "sum", "average"} | RANGE),
    ("GET", "/reporting", {"type": "distribution"}, {"data", "datapoints", "responses"} | RANGE),
    ("GET", "/reporting", {"type": "count"}, {"views", "responses"} | RANGE),
]


def with_uuids(sandbox: Sandbox, params: dict) -> dict:
    """Put real UUIDs where the table has names."""
    uuids = {survey.name: survey.uuid for survey in sandbox.world.surveys}
    uuids |= {segment.name: segment.uuid for segment in sandbox.world.segments.all}
    uuids["any"] = next(iter(sandbox.world.responses)).uuid
    return {k: uuids.get(v, v) if isinstance(v, str) else v for k, v in params.items()}


def send(client, method, path, params):
    if method == "POST":
        return client.post(path, json=params)
    return client.request(method, path, params=params)


@pytest.mark.parametrize(("method", "path", "params", "fields"), ANSWERS)
def test_answers_with_the_documented_fields(sandbox, client, method, path, params, fields):
    client.post("/identify-user", json={"email": "gone@example.org"})
    answer = send(client, method, path, with_uuids(sandbox, params))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == fields


def test_the_table_covers_every_endpoint():
    assert {(method, path) for method, path, *_ in ANSWERS} == set(ENDPOINTS)
    assert len(ENDPOINTS) == 19


@pytest.mark.parametrize(
    ("method", "path", "params", "named"),
    [
        ("POST", "/identify-user", {"plan": "pro"}, "id"),
        ("POST", "/identify-user", {"id": "a", "account": {"name": "Acme"}}, "account.id"),
        ("POST", "/identify-user", {"id": ["a"]}, "id"),
        ("POST", "/track-event", {"id": "a"}, "event"),
        ("GET", "/contacts", {"order_by": "plan"}, "order_by"),
        ("GET", "/contacts", {"page": "0"}, "page"),
        ("GET", "/contacts", {"page_cursor": "nonsense"}, "page_cursor"),
        ("DELETE", "/contact", {}, "id"),
        ("POST", "/sync-segment", {"id": "a"}, "segment_uuid"),
        ("POST", "/sync-segment", {"id": "a", "segment_uuid": "Pro plan"}, "manual"),
        ("GET", "/forms", {"list": "old"}, "list"),
        ("POST", "/forms/duplicate", {"form_uuid": "Product NPS"}, "name"),
        ("GET", "/responses", {"date_range_start": "yesterday"}, "date_range_start"),
        ("GET", "/responses", {"include": "some"}, "include"),
        ("POST", "/responses/tags", {"uuid": "any", "tags": [str(n) for n in range(21)]}, "20"),
        ("POST", "/responses/tags", {"uuid": "any"}, "tags"),
        ("GET", "/reporting", {}, "type"),
    ],
)
def test_a_bad_parameter_is_named(sandbox, client, method, path, params, named):
    answer = send(client, method, path, with_uuids(sandbox, params))
    assert answer.status_code == 400
    assert named in answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "params", "thing"),
    [
        ("GET", "/contact", {"id": "nobody"}, "Contact"),
        ("GET", "/contact", {"uuid": "nothing"}, "Contact"),
        ("DELETE", "/contact", {"email": "nobody@example.org"}, "Contact"),
        ("DELETE", "/sync-segment", {"id": "nobody", "segment_uuid": "Beta testers"}, "Contact"),
        ("POST", "/sync-segment", {"id": "a", "segment_uuid": "nothing"}, "Segment"),
        ("GET", "/contacts", {"form_uuid": "nothing"}, "Form"),
        ("DELETE", "/forms", {"form_uuid": "nothing"}, "Form"),
        ("POST", "/responses", {"form_uuid": "Product NPS", "uuid": "nobody"}, "Contact"),
        ("POST", "/responses/tags", {"uuid": "nothing", "tags": ["bug"]}, "Response"),
    ],
)
def test_what_does_not_exist_is_not_found(sandbox, client, method, path, params, thing):
    answer = send(client, method, path, with_uuids(sandbox, params))
    assert (answer.status_code, answer.json()) == (404, {"error": f"{thing} not found"})


def test_an_unknown_path_is_a_404_with_a_message(client):
    for method, path in [("GET", "/people"), ("PUT", "/contact"), ("POST", "/contacts")]:
        answer = client.request(method, path)
        assert answer.status_code == 404
        assert set(answer.json()) == {"message"}


def test_the_account_counts_usage_over_both_environments(client):
    account = client.get("/account").json()
    for name in ("mtu", "mte", "mpv", "msr"):
        total = sum(environment[name] for environment in account["environments"])
        assert account["subscription"][f"{name}_count"] == total
    assert "mte_limit" not in account["subscription"]
