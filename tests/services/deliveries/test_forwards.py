"""Deliveries passed on as they come: to whom, how often, and what is kept of it."""

from dataclasses import replace

import httpx
import pytest

from refiner_desktop.services.deliveries.dispatch import DeliveryGone
from refiner_desktop.services.deliveries.forwards import AT_ONCE, ATTEMPTS, Forwards, NotForwarded
from refiner_desktop.storage.forwards import Errand

pytestmark = pytest.mark.anyio


@pytest.fixture
async def forwards(dispatch, arrivals):
    service = Forwards(dispatch, arrivals, first_wait=0.01)
    yield service
    await service.aclose()


@pytest.fixture
async def passing_on(forwards, hooks, receiver):
    """Let the first hook pass on to the receiver."""
    await hooks.put(replace(hooks.hooks[0], forward_to=receiver.url))
    return forwards


async def deliver(deliveries, place=0, *, body=b'{"uuid": "c-1"}', token=None):
    hook = deliveries.hooks[place]
    shown = hook.token.reveal() if token is None else token
    headers = {"Authorization": f"Bearer {shown}", "X-Own": "1"}
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(deliveries.url(hook), content=body, headers=headers)


async def attempts(dispatch):
    newest = await dispatch._deliveries.newest()
    return await dispatch.attempts(newest[0].id)


async def test_a_delivery_is_passed_on_as_it_came_with_its_token(
    listening, deliveries, passing_on, receiver, eventually, hooks, dispatch
):
    heard = []
    dispatch.sent.connect(heard.append)
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
    listening, deliveries, forwards, hooks, eventually, dispatch
):
    await hooks.put(replace(hooks.hooks[0], forward_to="http://127.0.0.1:9/"))
    heard = []
    dispatch.sent.connect(heard.append)
    await deliver(listening)
    await eventually(lambda: len(heard) == ATTEMPTS)
    assert {each.status for each in heard} == {None}
    assert (await deliveries.newest())[0].passed_on == 0


async def test_what_leads_back_to_the_listener_is_not_sent(
    listening, deliveries, forwards, hooks, eventually, dispatch
):
    await hooks.put(replace(hooks.hooks[0], forward_to=listening.url(hooks.hooks[1])))
    heard = []
    dispatch.sent.connect(heard.append)
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
