"""Identify and track, and the deliveries that they cause."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from refiner_desktop.api.errors import ConnectionFailed
from refiner_desktop.services.drafts import IdentifyDraft, TrackDraft, Trait, TraitType
from refiner_desktop.services.tracking import TrackingService
from refiner_desktop.webhooks.delivery import Delivery

pytestmark = pytest.mark.anyio

DRAFT = IdentifyDraft("u-new", "new@example.org", (Trait("plan", TraitType.TEXT, "pro"),))


@pytest.fixture
def tracking(connected):
    return TrackingService(connected)


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
