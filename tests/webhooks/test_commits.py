"""Requests that share a commit."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from refiner_desktop.webhooks.commits import GroupCommit
from refiner_desktop.webhooks.delivery import Delivery


def delivery(body):
    return Delivery("", datetime.now(UTC), "POST", "/", (), body)


class Disk:
    """Keeps bodies; refuses a batch that holds `bad`, and can be held up."""

    def __init__(self):
        self.batches = []
        self.free = threading.Event()
        self.free.set()

    def keep(self, deliveries):
        self.free.wait(5)
        bodies = [delivery.body for delivery in deliveries]
        if b"bad" in bodies:
            raise OSError("no space left")
        self.batches.append(bodies)
        return [int(body) for body in bodies]


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def commits(disk):
    commits = GroupCommit(disk.keep)
    commits.open()
    yield commits
    commits.close()


@pytest.mark.anyio
async def test_each_request_gets_the_id_of_its_own_delivery(commits):
    bodies = [b"%d" % number for number in range(50)]
    ids = await asyncio.gather(*(commits.commit(delivery(body)) for body in bodies))
    assert ids == list(range(50))


@pytest.mark.anyio
async def test_what_arrives_during_a_commit_shares_the_next(commits, disk):
    disk.free.clear()
    first = asyncio.create_task(commits.commit(delivery(b"0")))
    await asyncio.sleep(0.05)
    others = []
    for number in range(1, 6):
        others.append(asyncio.create_task(commits.commit(delivery(b"%d" % number))))
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    disk.free.set()
    await asyncio.gather(first, *others)
    assert disk.batches == [[b"0"], [b"1", b"2", b"3", b"4", b"5"]]


@pytest.mark.anyio
async def test_one_delivery_that_cannot_be_kept_takes_no_other_with_it(commits):
    outcomes = await asyncio.gather(
        *(commits.commit(delivery(body)) for body in (b"1", b"bad", b"3")), return_exceptions=True
    )
    assert outcomes[0] == 1
    assert isinstance(outcomes[1], OSError)
    assert outcomes[2] == 3


@pytest.mark.anyio
async def test_a_request_that_was_cancelled_does_no_harm_to_others(commits, disk):
    disk.free.clear()
    given_up = asyncio.create_task(commits.commit(delivery(b"1")))
    other = asyncio.create_task(commits.commit(delivery(b"2")))
    await asyncio.sleep(0.05)
    given_up.cancel()
    disk.free.set()
    assert await other == 2


@pytest.mark.anyio
async def test_a_store_that_returns_too_few_ids_is_a_failure_and_no_hang():
    commits = GroupCommit(lambda deliveries: [])
    commits.open()
    with pytest.raises(ValueError, match="shorter"):
        await commits.commit(delivery(b"1"))
    commits.close()


@pytest.mark.anyio
async def test_closing_commits_what_waits(disk):
    commits = GroupCommit(disk.keep)
    commits.open()
    disk.free.clear()
    waiting = [asyncio.create_task(commits.commit(delivery(b"%d" % n))) for n in range(3)]
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(asyncio.to_thread(commits.close))
    await asyncio.sleep(0.05)
    disk.free.set()
    assert await asyncio.gather(*waiting) == [0, 1, 2]
    await closing
