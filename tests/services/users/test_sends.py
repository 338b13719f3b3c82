"""What the forms sent, and the drafts of what they did not send yet."""

import asyncio
import sqlite3

import pytest

from refiner_desktop.api.errors import ConnectionFailed, TimedOut
from refiner_desktop.api.policy import Timeouts
from refiner_desktop.secret import Secret
from refiner_desktop.services.users.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.services.users.form_drafts import Form, FormDrafts
from refiner_desktop.services.users.sends import KEPT
from refiner_desktop.services.users.tracking import TrackingService
from refiner_desktop.services.users.traits import Trait, TraitType
from refiner_desktop.settings.settings import Environment
from refiner_desktop.storage.form_drafts import FormDraftStore
from refiner_desktop.storage.sends import SendState, SendStore

pytestmark = pytest.mark.anyio

ANA = IdentifyDraft(
    "u-1",
    "ana@example.org",
    (Trait("plan", TraitType.TEXT, "pro"), Trait("old", TraitType.TEXT, "x", on=False)),
)
SECRET = Secret("8c0f4a52-1f3e-4a7b-9d55-0a1b2c3d4e5f")


@pytest.fixture
def tracking(connected, sends):
    return TrackingService(connected, sends)


@pytest.fixture
def drafts(database, mask):
    return FormDrafts(FormDraftStore(database), mask)


async def test_a_call_is_kept_with_its_form_and_its_answer(tracking, sends):
    sent = await tracking.identify(ANA)
    (kept,) = await sends.recent(Form.IDENTIFY)
    assert kept.draft == ANA
    assert kept.state is SendState.ANSWERED
    assert kept.answer == sent.answer
    assert b"old" not in kept.payload
    assert kept.seconds > 0
    assert await sends.recent(Form.TRACK) == []


async def test_it_is_kept_before_it_goes_out(tracking, sends, sandbox):
    sandbox.faults.latency(0.5, path="/track-event")
    call = asyncio.ensure_future(tracking.track(TrackDraft("u-1", "", "opened")))
    await asyncio.sleep(0.2)
    (kept,) = await sends.recent(Form.TRACK)
    assert kept.state is SendState.IN_FLIGHT
    await call


async def test_a_call_that_was_cut_off_by_the_end_is_said_to_be_unknown(database, sends):
    await sends.begin(TrackDraft("u-1", "", "opened"))
    SendStore(database)
    (kept,) = await sends.recent(Form.TRACK)
    assert kept.state is SendState.INTERRUPTED


async def test_a_failure_is_kept_with_its_reason(tracking, sends, sandbox):
    sandbox.faults.drop(path="/track-event", processed=True)
    with pytest.raises(ConnectionFailed):
        await tracking.track(TrackDraft("u-1", "", "opened"))
    (kept,) = await sends.recent(Form.TRACK)
    assert kept.state is SendState.FAILED
    assert "may have been carried out" in kept.error


async def test_words_are_found_in_what_was_sent_and_in_the_answer(tracking, sends):
    sent = await tracking.identify(ANA)
    await tracking.identify(IdentifyDraft("u-2"))
    assert [kept.user for kept in await sends.recent(Form.IDENTIFY)] == ["u-2", "u-1"]
    assert [kept.user for kept in await sends.recent(Form.IDENTIFY, "example.org")] == ["u-1"]
    uuid = sent.answer.decode().split('"contact_uuid":"')[1][:36]
    assert [kept.user for kept in await sends.recent(Form.IDENTIFY, uuid)] == ["u-1"]
    assert await sends.recent(Form.IDENTIFY, "100%") == []


async def test_quotes_and_capitals_of_any_language_are_found(tracking, sends):
    said = Trait("said", TraitType.TEXT, 'Jürgen "Bär" Müller')
    await tracking.identify(IdentifyDraft("u-1", traits=(said,)))
    for words in ("MÜLLER", '"bär"'):
        assert [kept.user for kept in await sends.recent(Form.IDENTIFY, words)] == ["u-1"]
    assert await sends.recent(Form.IDENTIFY, '"müller"') == []


async def test_only_the_last_ones_are_kept(sends):
    for number in range(KEPT + 3):
        await sends.begin(TrackDraft(f"u-{number}", "", f"event {number}"))
    kept = await sends.recent(Form.TRACK)
    assert len(kept) == KEPT
    assert kept[-1].user == "u-3"


async def test_events_are_offered_once_the_last_one_first(sends):
    for event in ("opened", "closed", "opened"):
        await sends.begin(TrackDraft("u-1", "", event))
    assert await sends.events() == ["opened", "closed"]


async def test_each_environment_has_its_own(sends, connection):
    await sends.begin(TrackDraft("u-1", "", "opened"))
    await connection.switch(Environment(name="Other"))
    assert await sends.recent(Form.TRACK) == []
    assert await sends.events() == []


async def test_a_history_that_cannot_be_written_stops_no_call(tracking, sends, database):
    troubles = []
    sends.troubled.connect(troubles.append)
    with sqlite3.connect(database.path) as other:
        other.execute("DROP TABLE send")
    other.close()
    sent = await tracking.identify(ANA)
    assert sent.answer
    assert len(troubles) == 1


async def test_no_secret_is_written_down(tracking, sends, drafts, mask, database):
    mask.learn(SECRET)
    pasted = IdentifyDraft("u-1", "", (Trait("note", TraitType.TEXT, SECRET.reveal()),))
    await tracking.identify(pasted)
    await drafts.keep("env", pasted)
    (kept,) = await sends.recent(Form.IDENTIFY)
    assert SECRET.reveal() not in repr(kept)
    assert SECRET.reveal() not in repr(await drafts.read("env", Form.IDENTIFY))
    files = list(database.path.parent.glob("refiner.db*"))
    assert files
    assert all(SECRET.reveal().encode() not in path.read_bytes() for path in files)


async def test_a_draft_comes_back_as_it_was_for_its_environment(drafts):
    await drafts.keep("one", ANA)
    await drafts.keep("one", TrackDraft("u-2", "", "opened"))
    await drafts.keep("two", IdentifyDraft("u-3"))
    assert await drafts.read("one", Form.IDENTIFY) == ANA
    assert await drafts.read("one", Form.TRACK) == TrackDraft("u-2", "", "opened")
    assert await drafts.read("two", Form.IDENTIFY) == IdentifyDraft("u-3")
    assert await drafts.read("three", Form.IDENTIFY) is None


async def test_a_draft_of_another_version_is_left_alone(drafts, database):
    FormDraftStore(database).put("one", "identify", '{"traits": 12}')
    assert await drafts.read("one", Form.IDENTIFY) is None


async def test_a_timeout_leaves_open_whether_the_event_was_recorded(tracking, sandbox, connected):
    connected.client.set_timeouts(Timeouts(connect=1, read=0.2))
    sandbox.faults.latency(1, path="/track-event")
    with pytest.raises(TimedOut) as caught:
        await tracking.track(TrackDraft("u-1", "", "opened"))
    assert caught.value.maybe_done
    await asyncio.sleep(1)
    assert len(sandbox.record.to("POST", "/track-event")) == 1
