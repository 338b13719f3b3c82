"""Webhooks arrive when the world changes, with the documented payload and the token."""

from __future__ import annotations

import socket
import time

import pytest

from refiner_desktop.sandbox.behaviour import Behaviour
from refiner_desktop.sandbox.server import Sandbox

HEAD = {
    "uuid",
    "project_uuid",
    "remote_id",
    "email",
    "display_name",
    "first_seen_at",
    "last_seen_at",
    "attributes",
    "segments",
    "account",
    "triggered_event",
}
RESPONSE = {
    "uuid",
    "first_shown_at",
    "last_shown_at",
    "show_counter",
    "first_data_reception_at",
    "last_data_reception_at",
    "completed_at",
    "dismissed_at",
    "received_at",
    "data",
    "tags",
}


def test_a_stored_response_is_delivered_with_the_token(sandbox, client, receiver, user):
    sandbox.add_webhook(receiver.url, trigger="survey_completed", secret="s3cret")
    survey = sandbox.world.survey_named("Product NPS")
    sent = {"form_uuid": survey.uuid, "id": user, "nps": 9, "nps_reason": "Saves me time"}
    stored = client.post("/responses", json=sent).json()
    authorization, payload = receiver.deliveries.get(timeout=5)
    assert authorization == "Bearer s3cret"
    assert set(payload) == HEAD | {"form", "response"}
    assert payload["triggered_event"] == "Completed Survey"
    assert payload["form"] == {"uuid": survey.uuid, "name": "Product NPS"}
    assert set(payload["response"]) == RESPONSE
    assert payload["response"]["uuid"] == stored["uuid"]
    assert payload["response"]["data"] == {"nps": "9", "nps_reason": "Saves me time"}
    assert payload["response"]["completed_at"] == "2026-03-04T09:15:02.000000Z"
    assert payload["attributes"]["nps"] == "9"
    assert payload["attributes"]["country"] is None


def test_without_a_secret_there_is_no_token(sandbox, client, receiver):
    sandbox.add_webhook(receiver.url, trigger="survey_completed")
    sandbox.complete_survey()
    assert receiver.deliveries.get(timeout=5)[0] is None


def test_a_trait_lets_a_user_enter_a_segment_once(sandbox, client, receiver, user):
    sandbox.add_webhook(receiver.url, trigger="segment_entered")
    client.post("/identify-user", json={"id": user, "plan": "pro"})
    payload = receiver.payload()
    assert set(payload) == HEAD
    assert payload["triggered_event"] == "Segment Match"
    entered = next(entry for entry in payload["segments"] if entry["name"] == "Pro plan")
    assert set(entered) == {"uuid", "name", "created_at", "updated_at"}
    assert entered["created_at"] == "2026-03-04T09:15:02.000000Z"
    client.post("/identify-user", json={"id": user, "plan": "pro", "seats": 3})
    assert receiver.nothing_came()
    client.post("/identify-user", json={"id": user, "plan": "free"})
    client.post("/identify-user", json={"id": user, "plan": "pro"})
    assert receiver.payload()["remote_id"] == user


def test_an_event_lets_a_user_enter_a_segment_for_good(sandbox, client, receiver, user):
    sandbox.add_webhook(receiver.url, trigger="segment_entered")
    client.post("/track-event", json={"id": user, "event": "upgrade_clicked"})
    names = {entry["name"] for entry in receiver.payload()["segments"]}
    assert "Clicked upgrade" in names
    client.post("/track-event", json={"id": user, "event": "upgrade_clicked"})
    client.post("/track-event", json={"id": user, "event": "something_else"})
    assert receiver.nothing_came()


def test_an_event_can_make_a_user_answer(sandbox, client, receiver, user):
    sandbox.add_webhook(receiver.url, trigger="survey_completed")
    client.post("/track-event", json={"id": user, "event": "checkout_completed"})
    payload = receiver.payload()
    assert payload["form"]["name"] == "Checkout CSAT"
    assert payload["remote_id"] == user
    assert "checkout_csat" in payload["response"]["data"]
    assert client.get("/responses").json()["items"][0]["uuid"] == payload["response"]["uuid"]


def test_sync_and_answers_let_users_enter_segments(sandbox, client, receiver, user):
    segments = sandbox.world.segments
    for name in ("Beta testers", "Promoters"):
        uuid = segments.named(name).uuid
        sandbox.add_webhook(receiver.url, trigger="segment_entered", segment_uuid=uuid)
    beta = segments.named("Beta testers").uuid
    client.post("/sync-segment", json={"id": user, "segment_uuid": beta})
    assert receiver.payload()["segments"][-1]["uuid"] == beta
    client.post("/sync-segment", json={"id": user, "segment_uuid": beta})
    assert receiver.nothing_came()
    survey = sandbox.world.survey_named("Product NPS").uuid
    client.post("/responses", json={"form_uuid": survey, "id": user, "nps": 10})
    assert "Promoters" in {entry["name"] for entry in receiver.payload()["segments"]}


def test_everybody_enters_all_users_only_for_those_who_ask(sandbox, client, receiver, user):
    everybody = sandbox.world.segments.named("All Users").uuid
    sandbox.add_webhook(receiver.url, trigger="segment_entered", segment_uuid=everybody)
    client.post("/identify-user", json={"id": user})
    assert [entry["name"] for entry in receiver.payload()["segments"]] == ["All Users"]


def test_a_tag_is_delivered_once(sandbox, client, receiver):
    sandbox.add_webhook(receiver.url, trigger="tag_added")
    uuid = next(r.uuid for r in sandbox.world.responses if not r.tags)
    for _ in range(2):
        client.post("/responses/tags", json={"uuid": uuid, "tags": ["bug", "follow-up"]})
    payload = receiver.payload()
    assert payload["triggered_event"] == "Tag Added"
    assert payload["response"]["tags"] == ["bug", "follow-up"]
    assert receiver.nothing_came()


@pytest.mark.parametrize(
    ("trigger", "outcome", "text"),
    [
        ("survey_seen", "seen", "Saw Survey"),
        ("survey_dismissed", "dismissed", "Dismissed Survey"),
        ("survey_completed", "completed", "Completed Survey"),
    ],
)
def test_each_survey_trigger(sandbox, receiver, trigger, outcome, text):
    sandbox.add_webhook(receiver.url, trigger=trigger)
    uuid = sandbox.visit_survey(outcome, survey="Product NPS")
    payload = receiver.payload()
    response = payload["response"]
    assert payload["triggered_event"] == text
    assert response["uuid"] == uuid
    assert response["first_shown_at"] == response["last_shown_at"] is not None
    assert bool(response["dismissed_at"]) == (outcome == "dismissed")
    assert bool(response["completed_at"]) == bool(response["data"]) == (outcome == "completed")


def test_visits_before_the_start_and_after_the_end_are_heard_by_nobody(receiver):
    sandbox = Sandbox(contacts=30)
    sandbox.add_webhook(receiver.url, trigger="survey_completed")
    before = len(sandbox.world.responses)
    sandbox.complete_survey()
    with sandbox:
        assert receiver.nothing_came()
    sandbox.complete_survey()
    assert receiver.nothing_came()
    assert len(sandbox.world.responses) == before + 2


def test_webhooks_do_not_hold_up_the_answer(sandbox, client, user):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        sandbox.add_webhook(url, trigger="survey_completed")
        begun = time.monotonic()
        answer = client.post("/track-event", json={"id": user, "event": "checkout_completed"})
        assert answer.status_code == 200
        assert time.monotonic() - begun < 5


def test_a_user_and_answers_can_be_chosen(sandbox, client, user):
    client.post("/identify-user", json={"id": user, "email": f"{user}@example.org"})
    sandbox.complete_survey(f"{user}@example.org", "Product NPS", {"nps": 2})
    assert client.get("/responses").json()["items"][0]["data"] == {"nps": 2}
    with pytest.raises(LookupError):
        sandbox.complete_survey("nobody@example.org")


def test_a_webhook_can_be_about_one_survey_and_can_be_removed(sandbox, receiver):
    survey = sandbox.world.survey_named("Product NPS")
    webhook = sandbox.add_webhook(receiver.url, trigger="survey_completed", form_uuid=survey.uuid)
    sandbox.complete_survey(survey="Checkout CSAT")
    sandbox.complete_survey(survey="Product NPS")
    assert receiver.payload()["form"]["name"] == "Product NPS"
    sandbox.remove_webhook(webhook)
    sandbox.complete_survey(survey="Product NPS")
    assert receiver.nothing_came()


def test_partials_are_silent_unless_the_account_says_otherwise(receiver):
    for partials_fire in (False, True):
        behaviour = Behaviour(partials_fire=partials_fire)
        with Sandbox(contacts=30, behaviour=behaviour) as sandbox:
            sandbox.add_webhook(receiver.url, trigger="survey_completed")
            sandbox.visit_survey("partial")
            if partials_fire:
                payload = receiver.payload()
                assert payload["triggered_event"] == "Completed Survey"
                assert payload["response"]["completed_at"] is None
            else:
                assert receiver.nothing_came()


def test_a_refused_delivery_is_sent_again_only_in_that_mode(receiver):
    receiver.status = 500
    for retries in (0, 2):
        with Sandbox(contacts=30, behaviour=Behaviour(webhook_retries=retries)) as sandbox:
            sandbox.add_webhook(receiver.url, trigger="survey_completed")
            sandbox.complete_survey()
            payloads = [receiver.payload() for _ in range(1 + retries)]
            assert receiver.nothing_came()
            assert all(payload == payloads[0] for payload in payloads)
            assert [sent.status for sent in sandbox.deliveries] == [500] * (1 + retries)


def test_an_accepted_delivery_is_repeated_only_in_that_mode(receiver):
    with Sandbox(contacts=30, behaviour=Behaviour(webhook_repeats=1)) as sandbox:
        sandbox.add_webhook(receiver.url, trigger="survey_completed")
        sandbox.complete_survey()
        assert receiver.payload() == receiver.payload()
        assert receiver.nothing_came()


def test_a_receiver_that_is_not_there_harms_nobody(sandbox, client):
    urls = {"http://127.0.0.1:1/hook", "no url at all"}
    for url in urls:
        sandbox.add_webhook(url, trigger="survey_completed")
    sandbox.complete_survey()
    assert client.get("/account").status_code == 200
    until = time.monotonic() + 5
    while not urls <= {sent.url for sent in sandbox.deliveries if sent.status is None}:
        assert time.monotonic() < until
        time.sleep(0.01)
