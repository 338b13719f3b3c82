"""Identify and track, and the deliveries that they cause."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from refiner_desktop.api.errors import ConnectionFailed, Refused
from refiner_desktop.services.contacts.changes import Effect
from refiner_desktop.services.problems import describe
from refiner_desktop.services.users.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.services.users.form_drafts import Form
from refiner_desktop.services.users.tracking import TrackingService
from refiner_desktop.services.users.traits import Trait, TraitType
from refiner_desktop.webhooks.delivery import Delivery

pytestmark = pytest.mark.anyio

DRAFT = IdentifyDraft("u-new", "new@example.org", (Trait("plan", TraitType.TEXT, "pro"),))


@pytest.fixture
def tracking(connected, sends):
    return TrackingService(connected, sends)


def _delivery(received_at=None, **payload):
    body = msgspec.json.encode({"uuid": "c", "triggered_event": "Segment Match", **payload})
    return Delivery(
        "Segment entries", received_at or datetime.now(UTC), "POST", "/hooks/x", (), body
    )


async def test_identify_answers_with_the_contact(tracking):
    sent = await tracking.identify(DRAFT)
    assert msgspec.json.decode(sent.answer)["contact_uuid"]
    assert sent.seconds > 0


async def test_track_is_sent_once_even_when_the_connection_drops_after_it(tracking, sandbox):
    sandbox.faults.drop(path="/track-event", processed=True)
    with pytest.raises(ConnectionFailed) as caught:
        await tracking.track(TrackDraft(user_id="u-new", event="opened"))
    assert caught.value.maybe_done
    assert len(sandbox.record.to("POST", "/track-event")) == 1


async def test_a_delivery_about_the_same_user_is_a_cause(tracking):
    sent = await tracking.identify(DRAFT)
    cause = sent.caused(_delivery(remote_id="u-new", segments=[{"name": "Pro plan"}]))
    assert "Pro plan" in str(cause)
    assert sent.caused(_delivery(email="new@example.org")) is not None


async def test_a_delivery_about_somebody_else_or_from_before_is_not(tracking):
    sent = await tracking.identify(DRAFT)
    assert sent.caused(_delivery(remote_id="u-other")) is None
    before = sent.started_at - timedelta(seconds=1)
    assert sent.caused(_delivery(before, remote_id="u-new")) is None


async def test_of_two_calls_about_a_user_the_newer_one_caused_what_comes_after_both(tracking):
    first = await tracking.identify(DRAFT)
    between = datetime.now(UTC)
    await tracking.track(TrackDraft(user_id="u-other", event="opened"))
    assert first.caused(_delivery(remote_id="u-new")) is not None
    second = await tracking.track(TrackDraft(email="NEW@example.org", event="opened"))
    both = {"remote_id": "u-new", "email": "new@example.org"}
    assert first.caused(_delivery(**both)) is None
    assert second.caused(_delivery(**both)) is not None
    assert first.caused(_delivery(between, **both)) is not None


async def test_a_call_that_was_refused_has_caused_nothing(tracking, sandbox):
    first = await tracking.identify(DRAFT)
    sandbox.faults.status(422, path="/track-event", times=1)
    with pytest.raises(Refused):
        await tracking.track(TrackDraft(user_id="u-new", event="opened"))
    assert first.caused(_delivery(remote_id="u-new")) is not None


async def test_an_address_is_the_same_in_any_case_of_letters(tracking):
    sent = await tracking.identify(DRAFT)
    assert sent.caused(_delivery(email="NEW@example.org")) is not None


async def test_a_comparison_fetches_the_contact_first(tracking, sandbox):
    await tracking.identify(DRAFT)
    sandbox.record.clear()
    changed = IdentifyDraft("u-new", "new@example.org", (Trait("plan", TraitType.TEXT, "free"),))
    comparison = await tracking.compare(changed)
    effects = {change.key: change.effect for change in comparison.changes}
    assert effects["plan"] is Effect.CHANGED
    assert effects["email"] is Effect.UNCHANGED
    assert [call.method for call in sandbox.record.calls] == ["GET"]


async def test_a_user_whose_id_is_new_is_looked_up_by_address(tracking):
    await tracking.identify(DRAFT)
    comparison = await tracking.compare(IdentifyDraft("u-other", "new@example.org"))
    ids = [(c.effect, c.before, c.after) for c in comparison.changes if c.key == "id"]
    assert ids == [(Effect.CHANGED, "u-new", "u-other")]


async def test_nobody_is_found_for_a_new_user(tracking):
    assert (await tracking.compare(IdentifyDraft("u-nobody"))).contact is None


async def test_the_history_says_a_failure_in_the_words_of_the_message_bar(tracking, sends, sandbox):
    sandbox.faults.drop(path="/track-event")
    with pytest.raises(ConnectionFailed) as caught:
        await tracking.track(TrackDraft(user_id="u-1", event="opened"))
    (kept,) = await sends.recent(Form.TRACK)
    assert kept.error.startswith(str(describe(caught.value)))
    assert "ConnectionFailed" not in kept.error
