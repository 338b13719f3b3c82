"""Contacts: listing, finding, creating, changing, deleting."""

from __future__ import annotations

import numpy as np
import pytest

ORDERS = ("first_seen_at", "last_seen_at", "last_form_submission_at", "display_name", "email")


def shown(client, **reference):
    return client.get("/contact", params=reference).json()


def walk(client, path, **params):
    """Return every item of a list by cursor."""
    items, cursor = [], None
    while cursor != "":
        asked = {**params, **({"page_cursor": cursor} if cursor else {})}
        page = client.get(path, params=asked).json()
        items += page["items"]
        cursor = page["pagination"]["next_page_cursor"] or ""
    return items


@pytest.mark.parametrize("order_by", ORDERS)
def test_following_the_cursor_gives_every_contact_once(sandbox, client, order_by):
    uuids = [c["uuid"] for c in walk(client, "/contacts", order_by=order_by, page_length=70)]
    assert len(uuids) == len(set(uuids)) == len(sandbox.world.book) >= 299


@pytest.mark.parametrize("order_by", ORDERS)
def test_page_numbers_give_the_same_order_as_the_cursor(client, order_by):
    params = {"order_by": order_by, "page_length": 90}
    pages = [client.get("/contacts", params={**params, "page": n}).json() for n in range(1, 5)]
    numbered = [contact["uuid"] for page in pages for contact in page["items"]]
    assert numbered == [contact["uuid"] for contact in walk(client, "/contacts", **params)]
    assert pages[0]["pagination"]["last_page"] == 4


def test_a_contact_that_changes_meanwhile_neither_repeats_nor_hides_others(sandbox, client, user):
    before = len(sandbox.world.book)
    first = client.get("/contacts", params={"page_length": 100}).json()
    client.post("/identify-user", json={"id": user})
    client.post("/identify-user", json={"id": first["items"][5]["remote_id"] or "x", "plan": "pro"})
    cursor = first["pagination"]["next_page_cursor"]
    rest = client.get("/contacts", params={"page_length": 1000, "page_cursor": cursor}).json()
    uuids = [contact["uuid"] for contact in first["items"] + rest["items"]]
    assert len(uuids) == len(set(uuids)) == before


def test_dates_come_newest_first_and_texts_from_a_to_z(client):
    everybody = {"page_length": 1000}
    seen = client.get("/contacts", params={**everybody, "order_by": "last_seen_at"}).json()
    times = [contact["last_seen_at"] for contact in seen["items"]]
    assert times == sorted(times, reverse=True)
    named = client.get("/contacts", params={**everybody, "order_by": "display_name"}).json()
    names = [contact["display_name"] for contact in named["items"] if contact["display_name"]]
    assert names == sorted(names, key=str.casefold)


def test_a_cursor_of_another_list_is_refused(client):
    cursor = client.get("/contacts").json()["pagination"]["next_page_cursor"]
    params = {"order_by": "email", "page_cursor": cursor}
    assert client.get("/contacts", params=params).status_code == 400


def test_pages_are_clamped_and_end_softly(sandbox, client):
    long = client.get("/contacts", params={"page_length": 5000}).json()["pagination"]
    assert long["page_length"] == 1000
    assert long["next_page_cursor"] is None
    beyond = client.get("/contacts", params={"page": 99}).json()
    assert beyond["items"] == []
    assert beyond["pagination"]["items_count"] == len(sandbox.world.book)
    none = client.get("/contacts", params={"search": "no such person"}).json()["pagination"]
    assert (none["items_count"], none["last_page"]) == (0, 1)


def test_search_finds_by_mail_id_and_name(client):
    contact = next(
        c
        for c in client.get("/contacts", params={"page_length": 1000}).json()["items"]
        if c["display_name"] and c["email"] and c["remote_id"]
    )
    for text in (contact["email"], contact["remote_id"], contact["display_name"].upper()):
        found = client.get("/contacts", params={"search": text}).json()["items"]
        assert contact["uuid"] in {other["uuid"] for other in found}


def test_segment_and_survey_narrow_the_list(sandbox, client):
    pro = sandbox.world.segments.named("Pro plan")
    members = client.get("/contacts", params={"segment_uuid": pro.uuid, "page_length": 1000})
    plans = {contact["attributes"]["plan"] for contact in members.json()["items"]}
    assert plans == {"pro"}
    survey = sandbox.world.survey_named("Product NPS")
    linked = client.get("/contacts", params={"form_uuid": survey.uuid}).json()["pagination"]
    responders = {r.contact for r in sandbox.world.responses if r.survey is survey}
    assert linked["items_count"] == len(responders) > 0


def test_identify_creates_then_merges(client, user):
    first = client.post("/identify-user", json={"id": user, "name": "Ana Example", "seats": 3})
    second = client.post("/identify-user", json={"id": user, "email": f"{user}@example.org"})
    assert first.json() == second.json()
    contact = shown(client, id=user)
    assert contact["display_name"] == "Ana Example"
    assert contact["email"] == f"{user}@example.org"
    assert contact["attributes"]["seats"] == "3"
    assert contact["attributes"]["email"] == f"{user}@example.org"
    assert contact["first_seen_at"] == "2026-03-04T09:15:02.000000Z"
    assert contact["account"]["remote_id"] is None
    assert shown(client, email=f"{user}@example.org")["uuid"] == contact["uuid"]
    assert shown(client, uuid=contact["uuid"])["remote_id"] == user


def test_traits_are_kept_the_way_refiner_keeps_them(client, user):
    client.post(
        "/identify-user",
        json={
            "id": user,
            "firstName": "Ana",
            "Company Size": 40,
            "is_admin": True,
            "address": {"city": "Lisbon", "geo": {"lat": 38}},
            "note": "x" * 300,
            "signed_up_at": 1_767_340_800,
            "renewal_date": "2026-05-01",
            "plan": "pro",
        },
    )
    client.post("/identify-user", json={"id": user, "plan": ""})
    attributes = shown(client, id=user)["attributes"]
    expected = {
        "first_name": "Ana",
        "company_size": "40",
        "is_admin": "T",
        "address_city": "Lisbon",
        "address_geo_lat": "38",
        "note": "x" * 255,
        "signed_up_at": "2026-01-02T08:00:00.000000Z",
        "renewal_date": "2026-05-01T00:00:00.000000Z",
        "plan": None,
    }
    assert {key: attributes[key] for key in expected} == expected


def test_a_seeded_contact_can_be_changed_by_mail_and_found_by_the_new_address(
    sandbox, client, user
):
    everybody = sandbox.world.book.many(np.arange(300))
    seeded = next(c for c in everybody if c.email and c.remote_id)
    changed = client.post("/identify-user", json={"email": seeded.email, "plan": "vip"})
    assert changed.json()["contact_uuid"] == seeded.uuid
    address = f"{user}@example.org"
    client.post("/identify-user", json={"id": seeded.remote_id, "email": address})
    assert shown(client, email=address)["uuid"] == seeded.uuid
    assert shown(client, email=address)["attributes"]["plan"] == "vip"
    assert client.get("/contact", params={"email": seeded.email}).status_code == 404


def test_an_account_is_shared_by_its_contacts(client):
    for name, traits in (("n-1", {"name": "Acme Ltd", "employees": 40}), ("n-2", {})):
        client.post("/identify-user", json={"id": name, "account": {"id": "acme", **traits}})
    one, two = shown(client, id="n-1")["account"], shown(client, id="n-2")["account"]
    assert one == two
    assert one["display_name"] == "Acme Ltd"
    assert one["attributes"] == {"name": "Acme Ltd", "employees": "40"}


def test_deleting_a_contact_deletes_its_responses(sandbox, client):
    response = next(iter(sandbox.world.responses))
    contact = sandbox.world.book[response.contact]
    people, before = len(sandbox.world.book), len(sandbox.world.responses)
    assert client.delete("/contact", params={"uuid": contact.uuid}).json() == {"message": "ok"}
    assert client.get("/contact", params={"uuid": contact.uuid}).status_code == 404
    listed = client.get("/contacts", params={"page_length": 1000}).json()
    assert listed["pagination"]["items_count"] == people - 1
    assert contact.uuid not in {other["uuid"] for other in listed["items"]}
    assert len(sandbox.world.responses) < before
    found = client.get("/responses", params={"include": "all", "search": contact.uuid}).json()
    assert found["items"] == []


def test_a_manual_segment_is_joined_and_left(sandbox, client, user):
    segment = sandbox.world.segments.named("Beta testers")
    reference = {"id": user, "segment_uuid": segment.uuid}
    names = []
    for method in ("POST", "POST", "DELETE", "DELETE"):
        assert client.request(method, "/sync-segment", params=reference).status_code == 200
        names.append([entry["name"] for entry in shown(client, id=user)["segments"]])
    inside, outside = ["All Users", "Beta testers"], ["All Users"]
    assert names == [inside, inside, outside, outside]
