"""Requests that share a commit."""

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from refiner_desktop.webhooks.commits import GroupCommit
from refiner_desktop.webhooks.delivery import Delivery

pytestmark = pytest.mark.anyio


def delivery(body):
    return Delivery("", datetime.now(UTC), "POST", "/", (), body)


class Disk:
    """Keeps bodies; refuses a batch that holds `bad`."""

    def __init__(self):
        self.batches, self.proofs, self.full = [], 0, False

    def keep(self, deliveries):
        bodies = [delivery.body for delivery in deliveries]
        if b"bad" in bodies:
            raise OSError("no space left")
        self.batches.append(bodies)
        return [int(body) for body in bodies]

    def prove(self):
        if self.full:
            raise OSError("no space left")
        self.proofs += 1


async def committed(commits, *bodies):
    """Add deliveries in one turn of the loop, None for a test; return their outcomes."""
    outcomes = {}
    for place, body in enumerate(bodies):
        each = None if body is None else delivery(body)
        commits.add(each, lambda number, place=place: outcomes.update({place: number}))
    assert outcomes == {}
    await asyncio.sleep(0)
    return [outcomes[place] for place in range(len(bodies))]


async def test_what_is_read_in_one_turn_of_the_loop_shares_a_commit():
    disk = Disk()
    commits = GroupCommit(disk.keep, disk.prove)
    assert await committed(commits, b"1", b"2", b"3") == [1, 2, 3]
    assert await committed(commits, b"4") == [4]
    assert disk.batches == [[b"1", b"2", b"3"], [b"4"]]


async def test_one_delivery_that_cannot_be_kept_takes_no_other_with_it(caplog):
    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    commits = GroupCommit(Disk().keep, lambda: None)
    assert await committed(commits, b"1", b"bad", b"3") == [1, None, 3]


async def test_a_test_proves_the_way_to_the_disk_and_leaves_nothing_there():
    disk = Disk()
    commits = GroupCommit(disk.keep, disk.prove)
    assert await committed(commits, b"1", None, b"2") == [1, 0, 2]
    assert await committed(commits, None) == [0]
    assert (disk.batches, disk.proofs) == ([[b"1", b"2"]], 2)


async def test_a_test_that_fails_takes_no_delivery_with_it_nor_keeps_one_twice(caplog):
    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    disk = Disk()
    disk.full = True
    assert await committed(GroupCommit(disk.keep, disk.prove), b"1", None, b"2") == [1, None, 2]
    assert disk.batches == [[b"1"], [b"2"]]


async def test_a_store_that_returns_too_few_ids_is_a_failure_and_no_hang(caplog):
    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    commits = GroupCommit(lambda deliveries: [], lambda: None)
    assert await committed(commits, b"1") == [None]
