"""Deliveries sent again: to the listener, to other hooks, to any address; edited or not."""

import asyncio
from dataclasses import replace

import pytest

from refiner_desktop.secret import Secret
from refiner_desktop.services.deliveries.dispatch import DeliveryGone, NotListening
from refiner_desktop.services.deliveries.receivers import WrongReceiver, danger_of
from refiner_desktop.services.deliveries.replays import NoRequest, Replays
from refiner_desktop.storage.forwards import Errand
from refiner_desktop.webhooks.delivery import Origin, Verdict
from refiner_desktop.webhooks.outgoing import Outgoing

pytestmark = pytest.mark.anyio


@pytest.fixture
def replays(dispatch):
    return Replays(dispatch)


async def test_what_was_no_request_is_not_sent_again(listening, deliveries, replays):
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.status.port)
    writer.write(b"\x16\x03\x01")
    assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()
    with pytest.raises(NoRequest):
        await replays.replay((await newest(deliveries)).id)
    assert await deliveries.count() == 1


async def newest(deliveries):
    return await deliveries.get((await deliveries.newest())[0].id)


async def test_a_replay_arrives_as_a_new_delivery_that_is_accepted_and_marked(
    listening, deliveries, replays, keep
):
    number = keep(b'{ "as":\t"it came" }', (("X-Own", "1"),))
    sent = await replays.replay(number)
    assert (sent.status, sent.errand, sent.edited, sent.error) == (200, Errand.REPLAY, False, "")
    again = await newest(deliveries)
    assert again.id != number
    assert (again.body, again.verdict) == (b'{ "as":\t"it came" }', Verdict.ACCEPTED)
    assert (again.origin, again.replay_of, again.edited) == (Origin.REPLAY, number, False)
    assert ("X-Own", "1") in again.headers
    assert not any("desktop" in name.lower() for name, _ in again.headers)


async def test_what_was_edited_says_so_here_and_there(listening, deliveries, replays, keep):
    number = keep()
    original = Outgoing.of(await deliveries.get(number))
    sent = await replays.replay(number, edited=replace(original, body=b"{}"))
    assert sent.edited
    again = await newest(deliveries)
    assert (again.body, again.edited, again.replay_of) == (b"{}", True, number)
    unchanged = await replays.replay(number, edited=original)
    assert not unchanged.edited
    assert not (await newest(deliveries)).edited


async def test_another_hook_gets_its_own_token(listening, deliveries, replays, hooks, keep):
    other = hooks.hooks[1]
    await replays.replay(keep(), listening.url(other))
    again = await newest(deliveries)
    assert (again.hook, again.verdict) == (other.name, Verdict.ACCEPTED)


async def test_a_hook_that_looks_for_its_token_elsewhere_gets_it_there(
    listening, deliveries, replays, hooks, keep
):
    other = replace(hooks.hooks[1], header="X-Token", prefix="", token=Secret("0123456789abcdef"))
    await hooks.put(other)
    await replays.replay(keep(), listening.url(other))
    assert (await newest(deliveries)).verdict is Verdict.ACCEPTED


async def test_any_address_gets_the_same_bytes_and_the_token_of_the_deliverys_hook(
    replays, hooks, keep, receiver
):
    number = keep(b"\x00\xff", (("X-Own", "1"), ("Host", "old.example")))
    sent = await replays.replay(number, f"  {receiver.url} ")
    assert (sent.url, sent.status) == (receiver.url, 200)
    (came,) = receiver.came
    assert came.body == b"\x00\xff"
    headers = dict(came.headers)
    assert headers["X-Own"] == "1"
    assert headers["Authorization"] == f"Bearer {hooks.hooks[0].token.reveal()}"
    assert headers["Host"] != "old.example"
    assert "X-Refiner-Desktop" not in headers


async def test_a_refusal_and_silence_are_outcomes_that_are_kept(replays, dispatch, keep, receiver):
    heard = []
    dispatch.sent.connect(heard.append)
    number = keep()
    receiver.statuses.append(500)
    refused = await replays.replay(number, receiver.url)
    silent = await replays.replay(number, "http://127.0.0.1:9/")
    assert (refused.status, silent.status) == (500, None)
    assert silent.error.startswith("No connection")
    assert heard == [refused, silent]
    kept = await dispatch.attempts(number)
    assert [(each.url, each.status) for each in kept] == [
        (receiver.url, 500),
        ("http://127.0.0.1:9/", None),
    ]


async def test_without_a_listener_there_is_nowhere_to_replay_to(replays, keep):
    with pytest.raises(NotListening):
        await replays.replay(keep())


async def test_what_was_deleted_can_not_be_replayed(listening, replays):
    with pytest.raises(DeliveryGone):
        await replays.replay(4711)


@pytest.mark.parametrize(
    "url", ["localhost:3000", "ftp://a.example", "http://", "http://a b/", "http://u:p@a.example/",
            "http://[", "http://a:99999/"]
)  # fmt: skip
async def test_an_address_that_is_none_is_refused(replays, keep, url):
    with pytest.raises(WrongReceiver, match=r"\.$"):
        await replays.replay(keep(), url)


@pytest.mark.parametrize(
    "url", ["http://localhost:3000/x", "http://127.0.0.1", "https://127.8.9.1/", "http://[::1]:1/",
            "http://LOCALHOST.:3000/", "http://app.localhost/"]
)  # fmt: skip
def test_this_machine_is_not_asked_about(url):
    assert danger_of(url) is None


@pytest.mark.parametrize(
    "url", ["https://a.example/x", "http://192.168.1.4/", "http://localhost.example/",
            "http://0.0.0.0/", "http://127.0.0.1.example/"]
)  # fmt: skip
def test_any_other_host_is_asked_about_by_name(url):
    danger = danger_of(url)
    assert danger.host in danger.question
    assert "token" in danger.explanation
