"""Surveys, responses and reports."""

from __future__ import annotations

from datetime import datetime

import pytest

from refiner_desktop.sandbox import reports

EVERYTHING = {"include": "all", "page_length": 1000}


def items(client, **params):
    return client.get("/responses", params={"page_length": 1000, **params}).json()["items"]


def store(sandbox, client, user, **sent):
    survey = sandbox.world.survey_named(sent.pop("survey", "Product NPS"))
    return client.post("/responses", json={"form_uuid": survey.uuid, "id": user, **sent})


def test_include_widens_from_completed_to_everything(client):
    completed, partials, everything = (
        items(client, include=include) for include in ("completed", "partials", "all")
    )
    assert 0 < len(completed) < len(partials) < len(everything)
    assert all(response["completed_at"] for response in completed)
    assert all(response["data"] for response in partials)
    assert any(response["dismissed_at"] for response in everything)


def test_following_the_cursor_gives_every_response_once_newest_first(client):
    uuids, times, cursor = [], [], None
    while cursor != "":
        params = {"include": "all", "page_length": 90}
        params |= {"page_cursor": cursor} if cursor else {}
        page = client.get("/responses", params=params).json()
        uuids += [response["uuid"] for response in page["items"]]
        times += [r["last_shown_at"] or r["received_at"] for r in page["items"]]
        cursor = page["pagination"]["next_page_cursor"] or ""
    assert len(uuids) == len(set(uuids)) == page["pagination"]["items_count"]
    assert times == sorted(times, reverse=True)


def test_the_start_of_a_range_counts_and_its_end_does_not(sandbox, client, user):
    store(sandbox, client, user, nps=9, date="2026-02-01T12:00:00Z")
    days = {"date_range_start": "2026-02-01 12:00:00", "date_range_end": "2026-02-01 12:00:01"}
    assert user in {r["contact"]["remote_id"] for r in items(client, **days)}
    days = {"date_range_start": "2026-02-01", "date_range_end": "2026-02-01T12:00:00Z"}
    assert user not in {r["contact"]["remote_id"] for r in items(client, **days)}


def test_filters_by_survey_segment_tag_and_data(sandbox, client, user):
    world = sandbox.world
    client.post("/identify-user", json={"id": user, "plan": "pro", "account": {"id": "acme"}})
    client.post("/identify-user", json={"id": user, "account": {"id": "acme", "tier": "gold"}})
    store(sandbox, client, user, nps=9, nps_reason="only me", tags=["rare tag"])
    narrow = [
        {"tag_uuid": world.tag_uuid("rare tag")},
        {"response_data[nps_reason]": "only me", "response_data[nps]": "9"},
        {"account_data[tier]": "gold"},
        {"search": user},
    ]
    for params in narrow:
        assert [r["contact"]["remote_id"] for r in items(client, **params)] == [user], params
    wide = [
        {"form_uuid": world.survey_named("Product NPS").uuid},
        {"form_uuids[]": [world.survey_named("Product NPS").uuid]},
        {"segment_uuids[]": [world.segments.named("Pro plan").uuid]},
        {"contact_data[plan]": "pro"},
    ]
    for params in wide:
        found = items(client, **params)
        assert user in {r["contact"]["remote_id"] for r in found}, params
        assert len(found) < len(items(client)), params


def test_attributes_come_on_request_only(client):
    plain, rich = items(client)[0], items(client, with_attributes=1)[0]
    assert "attributes" not in plain["contact"]
    assert rich["contact"]["attributes"]["first_seen_at"].endswith(".000000Z")


def test_times_of_responses_have_no_zone(client):
    for response in items(client):
        datetime.strptime(response["completed_at"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007


def test_a_stored_response_shows_in_the_list_and_on_the_contact(sandbox, client, user):
    answer = store(sandbox, client, user, nps=9, nps_reason="Saves me time", tags=["import"])
    newest = items(client)[0]
    assert newest["uuid"] == answer.json()["uuid"]
    assert newest["data"] == {"nps": 9, "nps_reason": "Saves me time"}
    assert newest["tags"] == ["import"]
    assert newest["first_shown_at"] is None
    attributes = client.get("/contact", params={"id": user}).json()["attributes"]
    assert attributes["nps"] == "9"
    assert attributes["form_submissions_count"] == "1"


def test_the_same_answers_are_stored_once_unless_asked_for(sandbox, client, user):
    one, two, three = (
        store(sandbox, client, user, nps=9, **more).json()["uuid"]
        for more in ({}, {}, {"prevent_duplicates": False})
    )
    assert one == two != three


def test_tags_are_added_not_replaced(sandbox, client, user):
    uuid = store(sandbox, client, user, nps=3, tags=["bug"]).json()["uuid"]
    client.post("/responses/tags", json={"uuid": uuid, "tags": ["bug", "urgent"]})
    assert items(client)[0]["tags"] == ["bug", "urgent"]


def test_surveys_are_listed_by_state(client):
    def names(which):
        forms = client.get("/forms", params={"list": which}).json()["items"]
        return [form["name"] for form in forms]

    assert names("drafts") == ["Pricing page feedback"]
    assert "NPS pilot" in names("archived")
    assert sorted(names("published") + names("drafts")) == names("all")
    assert sorted(names("all") + names("archived")) == names("all_with_archived")


def test_a_survey_shows_more_on_request(client):
    bare = client.get("/forms").json()["items"][0]
    full = client.get("/forms", params={"include_info": 1, "include_config": 1}).json()["items"][0]
    assert set(bare) == {"uuid", "name"}
    assert full["config"]["form_elements"]
    assert full["views_count"] > full["responses_count"] > 0
    assert full["first_form_view_at"] < full["last_form_view_at"]


def test_a_survey_is_copied_published_and_archived(sandbox, client):
    source = sandbox.world.survey_named("Product NPS")
    copy = client.post("/forms/duplicate", json={"form_uuid": source.uuid, "name": "NPS April"})
    uuid = {"form_uuid": copy.json()["new_form_uuid"]}

    def listed(which):
        forms = client.get("/forms", params={"list": which}).json()["items"]
        return "NPS April" in [form["name"] for form in forms]

    assert listed("drafts")
    published = client.post("/forms/publish", json=uuid).json()
    assert published == {"message": "Your form was published successfully."}
    assert listed("published")
    unpublished = client.post("/forms/publish", json={**uuid, "published": 0}).json()
    assert unpublished == {"message": "Your form was unpublished successfully."}
    client.delete("/forms", params=uuid)
    assert listed("archived")
    history = client.get("/forms/history", params=uuid).json()["items"]
    actions = [entry["action"] for entry in history]
    assert actions == ["archive", "unpublish", "publish", "create"]
    assert history[0]["snapshot"]["name"] == "NPS April"


def test_reports_agree_with_the_listed_responses(sandbox, client):
    days = {"date_range_start": "2026-01-01", "date_range_end": "2026-03-05"}
    form = {"form_uuids[]": sandbox.world.survey_named("Product NPS").uuid}
    scores = [r["data"]["nps"] for r in items(client, include="partials", **form, **days)]
    report = client.get("/reporting", params={"type": "nps", **form, **days}).json()
    promoters, detractors = sum(s >= 9 for s in scores), sum(s <= 6 for s in scores)
    assert report["count"] == len(scores) > 20
    assert report["data"]["promoters"] == promoters
    assert report["nps"] == round(100 * (promoters - detractors) / len(scores))


def test_a_report_is_about_the_last_seven_days(sandbox, client, user):
    store(sandbox, client, user, nps=10, date="2026-02-24T23:59:59Z")
    before = client.get("/reporting", params={"type": "nps"}).json()
    store(sandbox, client, user, nps=0, date="2026-02-25")
    after = client.get("/reporting", params={"type": "nps"}).json()
    assert after["data"]["detractors"] == before["data"]["detractors"] + 1
    assert after["date_range_start"] == "2026-02-25 00:00:00"
    assert after["date_range_end"] == "2026-03-04 23:59:59"


@pytest.mark.parametrize(
    ("compute", "answers", "figures"),
    [
        (reports.nps, [0, 6, 7, 8, 9, 10, "10"], {"nps": 14, "count": 7}),
        (reports.csat, [-2, -1, 0, 1, 2], {"csat": 40, "count": 5}),
        (reports.ratings, [4, 5, 5], {"sum": 14, "average": 4.67}),
        (reports.nps, [], {"nps": 0, "count": 0}),
        (reports.csat, [], {"csat": 0}),
        (reports.ratings, [], {"average": 0, "sum": 0}),
    ],
)
def test_scores(compute, answers, figures):
    report = compute([[answer] for answer in answers])
    assert {name: report[name] for name in figures} == figures


def test_several_choices_count_as_several_datapoints():
    report = reports.distribution([["a", "b"], ["a"]])
    assert report == {"data": {"a": 2, "b": 1}, "datapoints": 3, "responses": 2}
