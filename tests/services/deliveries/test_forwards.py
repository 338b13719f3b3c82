"""Deliveries passed on as they come: to whom, how often, and what is kept of it."""

import socket
from dataclasses import replace

import httpx
import pytest
from msgspec import structs

from refiner_desktop.secret import MASK
from refiner_desktop.services.deliveries.dispatch import DeliveryGone
from refiner_desktop.services.deliveries.forwards import AT_ONCE, ATTEMPTS, Forwards, NotForwarded
from refiner_desktop.storage.delivery_search import Search
from refiner_desktop.storage.forwards import Errand

pytestmark = pytest.mark.anyio


@pytest.fixture
async def forwards(dispatch, arrivals):
    service = Forwards(dispatch, arrivals, first_wait=0.01)
    yield service
    await service.aclose()


@pytest.fixture
def heard(dispatch):
    """Every attempt that was made."""
    made = []
    dispatch.sent.connect(made.append)
    return made


@pytest.fixture
async def passing_on(forwards, hooks, receiver):
    """Let the first hook pass on to the receiver."""
    await hooks.put(replace(hooks.hooks[0], forward_to=receiver.url))
    return forwards


async def deliver(listener, place=0, *, body=b'{"uuid": "c-1"}', token=None, headers=()):
    hook = listener.hooks[place]
    shown = hook.token.reveal() if token is None else token
    headers = {"Authorization": f"Bearer {shown}", "X-Own": "1", **dict(headers)}
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(listener.url(hook), content=body, headers=headers)


async def attempts(dispatch):
    newest = await dispatch._deliveries.newest()
    return await dispatch.attempts(newest[0].id)


async def test_a_delivery_is_passed_on_as_it_came_with_its_token(
    listening, deliveries, passing_on, receiver, eventually, hooks, dispatch, heard
):
    await deliver(listening, body=b"{\xff")
    await eventually(lambda: heard)
    (came,) = receiver.came
    assert (came.body, dict(came.headers)["X-Own"]) == (b"{\xff", "1")
    assert dict(came.headers)["Authorization"] == f"Bearer {hooks.hooks[0].token.reveal()}"
    (kept,) = await attempts(dispatch)
    assert (kept.errand, kept.attempt, kept.status) == (Errand.FORWARD, 1, 200)
    assert kept.seconds > 0
    assert (await deliveries.newest())[0].passed_on == 200


async def test_other_hooks_and_refused_deliveries_stay_here(
    listening, passing_on, receiver, eventually
):
    await deliver(listening, place=1)
    await deliver(listening, token="wrong")
    await deliver(listening, body=b"the last")
    await eventually(lambda: receiver.came)
    assert [came.body for came in receiver.came] == [b"the last"]


async def test_one_that_is_not_taken_is_sent_again_until_it_is(
    listening, deliveries, passing_on, receiver, eventually, dispatch
):
    receiver.statuses += [500, 503]
    await deliver(listening)
    await eventually(lambda: len(receiver.came) == 3 and not passing_on.waiting)
    kept = await attempts(dispatch)
    assert [(each.attempt, each.status) for each in kept] == [(1, 500), (2, 503), (3, 200)]
    assert (await deliveries.newest())[0].passed_on == 200


async def test_it_is_given_up_after_four_times_and_sent_again_by_hand(
    listening, deliveries, passing_on, receiver, eventually, dispatch
):
    receiver.statuses += [500] * ATTEMPTS
    await deliver(listening)
    await eventually(lambda: len(receiver.came) == ATTEMPTS and not passing_on.waiting)
    assert (await deliveries.newest())[0].passed_on == 500
    again = await passing_on.again((await deliveries.newest())[0].id)
    assert (again.attempt, again.status) == (ATTEMPTS + 1, 200)
    assert (await deliveries.newest())[0].passed_on == 200


async def test_a_refusal_that_will_not_change_is_not_tried_again(
    listening, passing_on, receiver, eventually, dispatch
):
    receiver.statuses.append(404)
    await deliver(listening)
    await eventually(lambda: receiver.came and not passing_on.waiting)
    assert [each.status for each in await attempts(dispatch)] == [404]


async def test_nobody_there_is_kept_as_no_answer(
    listening, deliveries, forwards, hooks, eventually, dispatch, heard
):
    await hooks.put(replace(hooks.hooks[0], forward_to="http://127.0.0.1:9/"))
    await deliver(listening)
    await eventually(lambda: len(heard) == ATTEMPTS)
    assert {each.status for each in heard} == {None}
    assert (await deliveries.newest())[0].passed_on == 0


async def test_what_leads_back_to_the_listener_is_not_sent(
    listening, deliveries, forwards, hooks, eventually, dispatch, heard
):
    await hooks.put(replace(hooks.hooks[0], forward_to=listening.url(hooks.hooks[1])))
    await deliver(listening)
    await eventually(lambda: heard and not forwards.waiting)
    assert len(heard) == 1
    assert "back to this listener" in heard[0].error
    assert await deliveries.count() == 1


async def test_a_slow_receiver_holds_up_neither_senders_nor_other_hooks(
    listening, passing_on, hooks, receiver, eventually
):
    receiver.seconds = 0.5
    for number in range(AT_ONCE + 2):
        assert (await deliver(listening, body=b"%d" % number)).status_code == 200
    await hooks.put(replace(hooks.hooks[1], forward_to=f"{receiver.url}/other"))
    await deliver(listening, place=1)
    await eventually(lambda: any(came.path.endswith("/other") for came in receiver.came))
    assert len(receiver.came) == AT_ONCE + 1
    assert passing_on.waiting >= 2


async def test_the_address_of_now_counts_for_what_still_waits(
    listening, forwards, hooks, receiver, eventually
):
    hook = replace(hooks.hooks[0], forward_to="http://127.0.0.1:9/")
    await hooks.put(hook)
    await deliver(listening)
    await eventually(lambda: forwards.waiting)
    await hooks.put(replace(hook, forward_to=receiver.url))
    await eventually(lambda: receiver.came)


async def test_by_hand_there_must_be_something_to_send_and_somewhere_to_send_it(
    listening, forwards, keep
):
    with pytest.raises(NotForwarded):
        await forwards.again(keep())
    with pytest.raises(DeliveryGone):
        await forwards.again(4711)


async def test_closing_stops_what_is_on_its_way(listening, passing_on, receiver, eventually):
    receiver.seconds = 0.5
    for _ in range(AT_ONCE + 2):
        await deliver(listening)
    await eventually(lambda: passing_on.waiting == AT_ONCE + 2 and len(receiver.came) == AT_ONCE)
    await passing_on.aclose()
    await deliver(listening)
    await listening.stop()
    assert len(receiver.came) == AT_ONCE


async def test_what_waited_at_the_end_is_passed_on_when_it_listens_again(
    listening, arrivals, dispatch, deliveries, hooks, receiver, eventually
):
    forwards = Forwards(dispatch, arrivals, first_wait=60)
    hook = replace(hooks.hooks[0], forward_to="http://127.0.0.1:9/")
    await hooks.put(hook)
    for number in range(AT_ONCE + 4):
        await deliver(listening, body=b"%d" % number)
    await eventually(lambda: forwards.waiting == AT_ONCE + 4)
    await forwards.aclose()
    await listening.stop()
    assert len(await deliveries.newest(Search(waits=True))) == AT_ONCE + 4
    await hooks.put(replace(hook, forward_to=receiver.url))
    again = Forwards(dispatch, arrivals, first_wait=0.01)
    await listening.start(0)
    await eventually(lambda: len(receiver.came) == AT_ONCE + 4 and not again.waiting)
    assert {int(came.body) for came in receiver.came} == set(range(AT_ONCE + 4))
    assert not await deliveries.newest(Search(waits=True))
    await again.aclose()


async def test_what_was_kept_before_a_hook_had_a_receiver_is_not_passed_on(
    listening, forwards, hooks, receiver, eventually
):
    await deliver(listening, body=b"before")
    await hooks.put(replace(hooks.hooks[0], forward_to=receiver.url))
    await listening.stop()
    await listening.start(0)
    await deliver(listening, body=b"after")
    await eventually(lambda: receiver.came and not forwards.waiting)
    assert [came.body for came in receiver.came] == [b"after"]


async def test_what_waits_can_be_dropped(
    listening, passing_on, deliveries, hooks, receiver, eventually
):
    receiver.seconds = 0.5
    for _ in range(AT_ONCE + 3):
        await deliver(listening)
    await eventually(lambda: passing_on.waiting == AT_ONCE + 3 and len(receiver.came) == AT_ONCE)
    assert await passing_on.drop(hooks.hooks[0].id) == AT_ONCE + 3
    assert passing_on.waiting == 0  # though some are on their way for a while
    assert len(receiver.came) == AT_ONCE
    assert not await deliveries.newest(Search(waits=True))


async def test_all_that_was_given_up_is_passed_on_once_more(
    listening, passing_on, deliveries, receiver, eventually, dispatch
):
    receiver.statuses += [404] * 3
    for _ in range(3):
        await deliver(listening)
    await eventually(lambda: len(receiver.came) == 3 and not passing_on.waiting)
    assert await deliveries.count(Search(not_taken=True)) == 3
    assert (await attempts(dispatch))[0].gave_up
    assert await passing_on.again_all() == 3
    await eventually(lambda: len(receiver.came) == 6 and not passing_on.waiting)
    assert await deliveries.count(Search(not_taken=True)) == 0
    assert [each.attempt for each in await attempts(dispatch)] == [1, 2]


async def test_an_attempt_says_how_many_follow(
    listening, passing_on, receiver, eventually, dispatch
):
    receiver.statuses += [500] * ATTEMPTS
    await deliver(listening)
    await eventually(lambda: len(receiver.came) == ATTEMPTS and not passing_on.waiting)
    kept = await attempts(dispatch)
    assert [each.attempts_left for each in kept] == [3, 2, 1, 0]
    assert [each.gave_up for each in kept] == [False, False, False, True]


async def test_what_the_receiver_answered_is_kept_without_the_token(
    listening, passing_on, receiver, eventually, hooks, dispatch
):
    token = hooks.hooks[0].token.reveal()
    receiver.answer = f"I know {token}".encode()
    await deliver(listening)
    await eventually(lambda: receiver.came and not passing_on.waiting)
    (kept,) = await attempts(dispatch)
    assert kept.body == f"I know {MASK}".encode()
    assert ("Content-Length", str(len(receiver.answer))) in kept.headers


async def test_what_comes_back_by_another_way_is_not_passed_on_again(
    listening, passing_on, receiver, eventually, heard
):
    await deliver(listening, body=b"once")
    await eventually(lambda: heard)
    mark = dict(receiver.came[0].headers)["Via"]
    await deliver(listening, body=b"twice", headers={"Via": f"1.1 a-proxy, {mark}"})
    await eventually(lambda: len(heard) == 2)
    assert len(receiver.came) == 1
    kept = heard[1]
    assert (kept.status, kept.attempts_left) == (None, 0)
    assert "already" in kept.error


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.2", "own", "tunnel"])
async def test_the_listener_is_known_by_all_its_addresses(
    listening, forwards, deliveries, hooks, eventually, heard, host
):
    await listening.change(structs.replace(listening.settings, host="0.0.0.0"))
    listening.let_in("a-b.trycloudflare.com")
    port = listening.status.port
    if host == "tunnel":
        url = f"https://a-b.trycloudflare.com{hooks.hooks[1].path}"
    else:
        url = f"http://{socket.gethostname() if host == 'own' else host}:{port}/"
    await hooks.put(replace(hooks.hooks[0], forward_to=url))
    await deliver(listening)
    await eventually(lambda: heard)
    assert "back to this listener" in heard[0].error
    assert await deliveries.count() == 1


async def test_a_renamed_hooks_deliveries_are_passed_on_by_hand(
    forwards, hooks, receiver, keep, listening
):
    number = keep()
    await hooks.put(replace(hooks.hooks[0], name="NPS", forward_to=receiver.url))
    assert (await forwards.again(number)).taken
