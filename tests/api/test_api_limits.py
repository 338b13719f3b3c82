"""The limits hold in every minute, wherever it begins, and cost little otherwise."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refiner_desktop.api.limits import CallLimiter
from refiner_desktop.api.policy import Limits


class SkippingSelector(selectors.DefaultSelector):
    """Lets time pass instead of waiting for it; every look at the clock takes a nanosecond."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.now += (timeout or 0) + 1e-9
        return super().select(0)


class SkippingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._skipping = SkippingSelector()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now


def simulate(scenario: Callable[[], Awaitable[list[float]]]) -> list[float]:
    async def run() -> list[float]:
        return await scenario()

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(run())


def busiest_minute(times: list[float]) -> int:
    first, most = 0, 0
    for last, time in enumerate(times):
        while times[first] <= time - 60:
            first += 1
        most = max(most, last - first + 1)
    return most


def admissions(
    limits: Limits, pauses: list[float], calls: int, user: str | None = None
) -> list[float]:
    """Return when calls were admitted that came in bursts after each of `pauses`."""

    async def scenario() -> list[float]:
        limiter, loop = CallLimiter(limits), asyncio.get_running_loop()
        times: list[float] = []

        async def one() -> None:
            await limiter.admit(user)
            times.append(loop.time())

        for pause in pauses:
            await asyncio.sleep(pause)
            await asyncio.gather(*(one() for _ in range(calls)))
        return times

    return simulate(scenario)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([2, 10, 60, 600]),
    st.lists(st.floats(0, 70), min_size=1, max_size=3),
    st.integers(1, 900),
)
def test_no_minute_sees_more_than_the_limit(limit: int, pauses: list[float], calls: int) -> None:
    calls = min(calls, limit * 3)
    assert busiest_minute(admissions(Limits(per_key=limit), pauses, calls)) <= limit
    assert busiest_minute(admissions(Limits(per_user=limit), pauses, calls, "ana")) <= limit


def test_the_services_own_limit_holds_and_is_used() -> None:
    times = admissions(Limits(), [0], 12_000)
    assert busiest_minute(times) <= 4000
    assert len(times) / times[-1] * 60 >= 0.95 * 4000


def test_a_users_limit_holds_and_is_used() -> None:
    times = admissions(Limits(), [0], 400, "ana")
    assert busiest_minute(times) <= 100
    assert len(times) / times[-1] * 60 >= 0.95 * 100


def test_a_few_calls_at_once_wait_for_nothing() -> None:
    times = admissions(Limits(), [0, 30, 30], 4, "ana")
    assert times == pytest.approx([0] * 4 + [30] * 4 + [60] * 4, abs=0.001)


def test_one_busy_user_does_not_hold_up_another() -> None:
    async def scenario() -> list[float]:
        limiter = CallLimiter(Limits())
        busy = [asyncio.create_task(limiter.admit("ana")) for _ in range(50)]
        await asyncio.sleep(1)
        before = asyncio.get_running_loop().time()
        await limiter.admit("bob")
        waited = asyncio.get_running_loop().time() - before
        await asyncio.gather(*busy)
        return [waited]

    assert simulate(scenario)[0] < 0.001


def test_users_are_forgotten_but_not_within_their_minute() -> None:
    async def scenario() -> list[float]:
        limiter = CallLimiter(Limits(per_key=20, per_user=4))
        times = []
        for round_of_users in range(3):
            for _ in range(4):
                await limiter.admit("ana")
                times.append(asyncio.get_running_loop().time())
            for number in range(19):
                await limiter.admit(f"user {round_of_users} {number}")
        assert len(limiter._users) <= 20
        return times

    assert busiest_minute(simulate(scenario)) <= 4


def test_a_cancelled_wait_takes_no_place() -> None:
    async def scenario() -> list[float]:
        limiter = CallLimiter(Limits(per_key=10))
        waiting = [asyncio.create_task(limiter.admit()) for _ in range(10)]
        await asyncio.sleep(0)
        for task in waiting[1:]:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await limiter.admit()
        return [asyncio.get_running_loop().time()]

    assert simulate(scenario)[0] < 10


def test_another_call_waits_for_one_of_those_that_give_way_at_most() -> None:
    async def scenario() -> list[float]:
        limiter, loop = CallLimiter(Limits(per_key=60)), asyncio.get_running_loop()
        bulk = [asyncio.create_task(limiter.admit(giving_way=True)) for _ in range(30)]
        await asyncio.sleep(5)
        began = loop.time()
        await asyncio.gather(*(limiter.admit() for _ in range(4)))
        waited = loop.time() - began
        done = sum(task.done() for task in bulk)
        await asyncio.gather(*bulk)
        return [waited, done]

    waited, done = simulate(scenario)
    assert waited <= 5 * 60 / 58  # four slots of their own, and one of the call that was ahead
    assert done <= 8


def test_calls_that_give_way_use_the_whole_limit_when_nobody_else_calls() -> None:
    async def scenario() -> list[float]:
        limiter, loop = CallLimiter(Limits()), asyncio.get_running_loop()
        times: list[float] = []

        async def worker() -> None:
            while len(times) < 12_000:
                await limiter.admit(f"user {len(times)}", giving_way=True)
                times.append(loop.time())

        await asyncio.gather(*(worker() for _ in range(24)))
        return times

    times = simulate(scenario)
    assert busiest_minute(times) <= 4000
    assert len(times) / times[-1] * 60 >= 0.95 * 4000


def test_a_user_rests_only_when_the_own_limit_is_used_up() -> None:
    async def scenario() -> list[float]:
        limiter = CallLimiter(Limits(per_user=100))
        before = limiter.rest_of("ana")
        for _ in range(4):
            await limiter.admit("ana")
        rest = limiter.rest_of("ana")
        await asyncio.sleep(0.7)
        return [before, rest, limiter.rest_of("ana"), limiter.rest_of("bob")]

    assert simulate(scenario) == [0, 0.6, 0, 0]


@pytest.mark.anyio
async def test_calls_of_the_last_minute_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("refiner_desktop.api.limits.time.monotonic", lambda: now)
    limiter = CallLimiter(Limits())
    await limiter.admit()
    now += 30
    await limiter.admit()
    assert limiter.last_minute == 2
    now += 30
    assert limiter.last_minute == 1
    now += 30
    assert limiter.last_minute == 0


@pytest.mark.parametrize("limits", [{"per_key": 1}, {"per_user": 0}])
def test_a_limit_that_admits_next_to_nothing_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limits"):
        Limits(**limits)


def test_an_address_has_one_limit_whatever_its_capitals_and_ids_have_their_own() -> None:
    async def scenario() -> list[float]:
        limiter = CallLimiter(Limits())
        while not limiter.rest_of("ana@x.org"):
            await limiter.admit("Ana@X.org")
        assert limiter.rest_of("ANA@x.org")
        while not limiter.rest_of("Ana"):
            await limiter.admit("Ana")
        return [limiter.rest_of("ana")]

    assert simulate(scenario) == [0.0]
