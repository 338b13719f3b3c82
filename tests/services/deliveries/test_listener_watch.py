"""When the listener is tested."""

import asyncio

import pytest

from refiner_desktop.services.deliveries.listener_watch import ListenerWatch

pytestmark = pytest.mark.anyio


class World:
    """Two clocks and a listener; counts its tests."""

    def __init__(self):
        self.wall = self.clock = 1000.0
        self.well = self.alive = True
        self.tests = 0

    async def test(self):
        self.tests += 1
        return self.well

    def wait(self, seconds):
        self.wall += seconds
        self.clock += seconds


@pytest.fixture
async def world():
    world = World()
    watch = ListenerWatch(
        world.test,
        lambda: world.alive,
        wall=lambda: world.wall,
        clock=lambda: world.clock,
        beat=0.001,
        every=20,
    )
    watching = asyncio.create_task(watch.run())
    await asyncio.sleep(0.02)
    yield world
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_it_is_tested_at_the_start_and_then_now_and_then(world):
    assert world.tests == 1
    world.wait(19)
    await asyncio.sleep(0.02)
    assert world.tests == 1
    world.wait(2)
    await asyncio.sleep(0.02)
    assert world.tests == 2


async def test_it_is_tested_at_once_after_this_computer_has_slept(world):
    world.wall += 3600  # the other clock stands still meanwhile
    await asyncio.sleep(0.02)
    assert world.tests == 2


async def test_it_is_tested_at_once_when_it_has_ended(world):
    world.alive = False
    await asyncio.sleep(0.02)
    assert world.tests > 1


async def test_it_is_tested_every_beat_while_it_does_not_answer(world):
    world.well = False
    world.wait(21)
    await asyncio.sleep(0.05)
    assert world.tests > 4
