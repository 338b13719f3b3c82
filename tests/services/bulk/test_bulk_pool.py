"""The pool of workers: every row once, each user's in their order, nobody held up."""

import asyncio

import pytest

from refiner_desktop.services.bulk.pool import AHEAD, WORKERS, Pool

pytestmark = pytest.mark.anyio


class Rows:
    """A journal of rows that notes how far it was read, and what was sent in which order."""

    def __init__(self, *users):
        self.users = users
        self.read = 0
        self.sent = []
        self.under_way = set()
        self.most = 0

    async def all(self):
        for row, user in enumerate(self.users, 1):
            self.read = row
            yield row, user

    async def send(self, row, user):
        assert user not in self.under_way
        self.under_way.add(user)
        self.most = max(self.most, len(self.under_way))
        await asyncio.sleep(0.001)
        self.under_way.discard(user)
        self.sent.append(row)


def pool_of(rows, send=None, rest_of=lambda user: 0.0):
    return Pool(rows.all(), send or rows.send, rest_of)


async def test_every_row_is_sent_once_by_a_few_workers():
    rows = Rows(*map(str, range(500)))
    await pool_of(rows).run()
    assert sorted(rows.sent) == list(range(1, 501))
    assert rows.most == WORKERS


async def test_the_workers_set_out_one_after_the_other(monkeypatch):
    monkeypatch.setattr("refiner_desktop.services.bulk.pool.RISE_SECONDS", 0.24)
    began = []

    async def send(row, user):
        began.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.3)

    await pool_of(Rows(*map(str, range(WORKERS))), send).run()
    assert began[-1] - began[0] == pytest.approx(0.23, abs=0.05)


async def test_no_rows_are_no_work():
    await pool_of(Rows()).run()


async def test_the_rows_of_a_user_are_sent_in_their_order_and_never_two_at_a_time():
    rows = Rows(*(("ana", "bob", str(n))[n % 3] for n in range(300)))
    await pool_of(rows).run()
    assert sorted(rows.sent) == list(range(1, 301))
    for first in (1, 2):
        mine = [row for row in rows.sent if row % 3 == first]
        assert mine == sorted(mine)


async def test_rows_are_read_no_further_ahead_than_needed():
    rows, gate = Rows(*map(str, range(1_000))), asyncio.Event()

    async def send(row, user):
        await gate.wait()

    running = asyncio.create_task(pool_of(rows, send).run())
    await asyncio.sleep(0.05)
    assert rows.read <= WORKERS + AHEAD + 1
    gate.set()
    await running


async def test_a_user_who_has_to_rest_holds_up_nobody():
    rows = Rows(*["ana"] * 5, *map(str, range(200)))
    await pool_of(rows, rest_of=lambda user: 0.1 if user == "ana" else 0.0).run()
    assert sorted(rows.sent) == list(range(1, 206))
    assert rows.sent[-4:] == [2, 3, 4, 5]


async def test_a_row_to_be_tried_again_comes_before_the_next_of_its_user():
    rows, tries = Rows("ana", "ana", "bob"), []

    async def send(row, user):
        tries.append(row)
        return 0.02 if tries.count(row) < 3 else None

    await pool_of(rows, send).run()
    assert [row for row in tries if row != 3] == [1, 1, 1, 2, 2, 2]
    assert tries.count(3) == 3


async def test_stopping_lets_what_is_on_its_way_end_and_breaks_off_what_waits():
    ended, broken_off = [], []
    rows = Rows(*map(str, range(200)))

    async def send(row, user):
        if row % 2:
            pool.on_its_way()
        try:
            await asyncio.sleep(0.1 if row % 2 else 60)
        except asyncio.CancelledError:
            broken_off.append(row)
            raise
        ended.append(row)

    pool = pool_of(rows, send)
    running = asyncio.create_task(pool.run())
    await asyncio.sleep(0.05)
    pool.stop()
    await asyncio.wait_for(running, 1)
    assert len(ended) == len(broken_off) == WORKERS // 2


async def test_a_pool_that_was_stopped_before_it_began_does_nothing():
    rows = Rows("ana")
    pool = pool_of(rows)
    pool.stop()
    await pool.run()
    assert rows.sent == []


async def test_an_error_of_ours_ends_all_workers_and_is_raised_as_it_is():
    async def send(row, user):
        if row == 5:
            raise ZeroDivisionError
        await asyncio.sleep(60)

    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(pool_of(Rows(*map(str, range(50))), send).run(), 1)
