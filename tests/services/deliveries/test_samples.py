"""Sample events: their shapes, what they are made of, and how they are posted."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.deliveries.bursts import MOST_A_SECOND, Burst, run_burst
from refiner_desktop.services.deliveries.dispatch import NotListening
from refiner_desktop.services.deliveries.samples import Samples
from refiner_desktop.services.environments.connection import NotConnected
from refiner_desktop.webhooks.delivery import Kind, Origin, Verdict
from refiner_desktop.webhooks.outgoing import Forwarded
from refiner_desktop.webhooks.reading import read
from refiner_desktop.webhooks.samples import ANSWERS, Named, Wish, refreshed, sample

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 4, 9, 15, 2, tzinfo=UTC)
SURVEY = Named("63b0c1d0-17b1-11f1-9d21-4d5e6f708192", "NPS March")
HEAD = {
    "uuid", "project_uuid", "remote_id", "email", "display_name", "first_seen_at", "last_seen_at",
    "attributes", "segments", "account", "triggered_event",
}  # fmt: skip
RESPONSE = {
    "uuid", "first_shown_at", "last_shown_at", "show_counter", "first_data_reception_at",
    "last_data_reception_at", "completed_at", "dismissed_at", "received_at", "data", "tags",
}  # fmt: skip


def body(wish):
    return json.dumps(sample(wish, NOW)).encode()


@pytest.mark.parametrize("kind", Kind)
def test_a_sample_is_read_as_the_kind_it_was_wished_for(kind):
    assert read(body(Wish(kind))).kind is kind


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OTHER])
def test_a_sample_has_the_fields_that_refiner_sends_and_no_others(kind):
    payload = sample(Wish(kind), NOW)
    with_response = kind is not Kind.SEGMENT_ENTERED
    assert set(payload) == HEAD | ({"form", "response"} if with_response else set())
    if with_response:
        assert set(payload["response"]) == RESPONSE
    for segment in payload["segments"]:
        assert set(segment) == {"uuid", "name", "created_at", "updated_at"}


def test_a_completed_survey_tells_survey_answers_and_times():
    found = read(body(Wish(Kind.SURVEY_COMPLETED, survey=SURVEY, answers={"nps": "3"})))
    assert (found.survey, found.survey_uuid, found.group) == (SURVEY.name, SURVEY.uuid, "detractor")
    response = found.payload["response"]
    assert response["completed_at"] == "2026-03-04T09:15:02.000000Z"
    assert response["first_shown_at"] < response["first_data_reception_at"]


def test_the_segment_that_was_entered_is_the_last_of_all_that_the_contact_is_in():
    contact = {"uuid": "c-1", "segments": [{"uuid": "s-1", "name": "All Users"}]}
    entry = Wish(Kind.SEGMENT_ENTERED, contact, segment=Named("s-2", "Beta"))
    assert read(body(entry)).segments == ("All Users", "Beta")
    again = Wish(Kind.SEGMENT_ENTERED, contact, segment=Named("s-1", "All Users"))
    assert read(body(again)).segments == ("All Users",)
    assert read(body(Wish(Kind.SURVEY_SEEN, contact))).segments == ("All Users",)


def test_a_refreshed_sample_is_another_response_with_other_times():
    first = body(Wish(Kind.SURVEY_COMPLETED))
    again = refreshed(first, datetime(2026, 3, 5, tzinfo=UTC))
    assert read(again).repeat_key != read(first).repeat_key
    assert json.loads(again)["email"] == json.loads(first)["email"]
    assert json.loads(again)["response"]["dismissed_at"] is None


@pytest.mark.parametrize("same", [b"", b"no JSON", b"[1]", b'{"response": 7}', b"[" * 9999])
def test_what_has_no_response_is_sent_as_it_is(same):
    assert refreshed(same) == same


@pytest.fixture
async def contacts(connection):
    service = ContactsService(connection)
    yield service
    await service.aclose()


@pytest.fixture
def samples(connection, contacts, dispatch):
    return Samples(connection, contacts, dispatch)


async def test_without_a_connection_a_sample_is_made_up(samples):
    assert (
        "Ana Example completed"
        in read(samples.draft(Wish(Kind.SURVEY_COMPLETED)).encode()).sentence
    )
    with pytest.raises(NotConnected):
        await samples.contacts()


async def test_a_sample_is_made_of_a_real_contact_survey_and_segment(samples, connected, sandbox):
    survey, segment = (await samples.surveys())[0], (await samples.segments())[0]
    contact = (await samples.contacts())[0]
    told = samples.draft(Wish(Kind.SURVEY_COMPLETED, contact, Named(survey.uuid, survey.name)))
    found = read(told.encode())
    assert (found.survey_uuid, found.person.uuid) == (survey.uuid, contact["uuid"])
    assert found.project == connected.environment.project != ""
    payload = json.loads(told)
    assert payload["attributes"] == contact["attributes"]
    assert payload["account"] == contact["account"]
    entered = Wish(Kind.SEGMENT_ENTERED, contact, segment=Named(segment.uuid, segment.name))
    assert segment.name in read(samples.draft(entered).encode()).segments


async def test_contacts_are_found_by_what_a_person_knows_of_them(samples, connected):
    one = (await samples.contacts())[7]
    assert one in await samples.contacts(one["email"])
    assert await samples.contacts("nobody of that name") == []


async def test_answers_are_those_that_a_survey_was_given_last(samples, connected):
    surveys = await samples.surveys()
    found = {survey.name: await samples.answers(survey.uuid) for survey in surveys}
    assert all(found.values())
    assert any(answers is not ANSWERS for answers in found.values())


async def test_a_posted_sample_is_accepted_and_marked(listening, deliveries, samples, hooks):
    text = samples.draft(Wish(Kind.TAG_ADDED)).replace("Ana Example", "Bo Ödegård")
    outcome = await samples.post(hooks.hooks[0], text)
    assert outcome.taken
    kept = await deliveries.get((await deliveries.newest())[0].id)
    assert (kept.origin, kept.verdict, kept.kind) == (
        Origin.SAMPLE,
        Verdict.ACCEPTED,
        Kind.TAG_ADDED,
    )
    assert kept.body == text.encode()


async def test_without_a_listener_nothing_is_posted(samples, hooks):
    with pytest.raises(NotListening):
        await samples.post(hooks.hooks[0], "{}")


async def test_a_burst_posts_so_many_of_which_none_repeats_another(
    listening, deliveries, samples, hooks
):
    heard = []
    text = samples.draft(Wish(Kind.SURVEY_COMPLETED))
    done = await samples.burst(hooks.hooks[0], text, Burst(40, 1), heard.append)
    assert (done.sent, done.taken, done.statuses) == (40, 40, {200: 40})
    assert 0.9 < done.seconds < 5
    assert 0 < done.median <= done.slowest
    assert heard[-1] == done
    assert await deliveries.count() == 40
    assert not any(row.seen_before for row in await deliveries.newest())


async def test_a_burst_that_is_stopped_has_told_how_far_it_came():
    heard, begun = [], asyncio.Event()

    async def post():
        begun.set()
        return Forwarded(None, 0.001, "No connection")

    run = asyncio.create_task(run_burst(Burst(100, 60), post, heard.append))
    await begun.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert 1 <= heard[-1].sent < 100
    assert (heard[-1].taken, heard[-1].error) == (0, "No connection")
    assert heard[-1].statuses == {0: heard[-1].sent}


async def test_answers_that_do_not_keep_up_stretch_a_burst():
    running = most = 0

    async def post():
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        return Forwarded(200, 0.05)

    done = await run_burst(Burst(400, 1), post, lambda _: None)
    assert (done.sent, most) == (400, 16)
    assert done.rate < 400


@pytest.mark.parametrize(("rate", "seconds"), [(0, 1), (1, 0), (MOST_A_SECOND + 1, 1), (1, 601)])
def test_a_burst_has_limits(rate, seconds):
    with pytest.raises(ValueError, match="burst"):
        Burst(rate, seconds)


def test_a_made_up_contact_is_in_segments_since_some_time_ago():
    payload = sample(Wish(Kind.SURVEY_COMPLETED), datetime(2026, 3, 4, tzinfo=UTC))
    assert len(payload["segments"]) == 2
    times = {segment["created_at"] for segment in payload["segments"]}
    assert len(times) == 2
    assert max(times) < "2026-03-01"
    entered = sample(Wish(Kind.SEGMENT_ENTERED), datetime(2026, 3, 4, tzinfo=UTC))["segments"]
    assert entered[-1]["created_at"] == "2026-03-04T00:00:00.000000Z"
