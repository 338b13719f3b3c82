"""The made-up world is the same for a seed, and looks like a real customer's."""

from __future__ import annotations

import re

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.sandbox.draws import UuidSeries
from refiner_desktop.sandbox.moments import iso, parse, plain
from refiner_desktop.sandbox.orderings import Ordering, a_to_z
from refiner_desktop.sandbox.server import Sandbox
from refiner_desktop.sandbox.world import World

NOW = 1_772_615_702


def everything(seed, contacts=200):
    with Sandbox(contacts=contacts, seed=seed, clock=lambda: NOW) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.key}"}
        paths = ("/", "/account", "/contacts?page_length=1000", "/segments")
        more = ("/forms?include_info=1", "/responses?include=all&page_length=1000")
        with httpx.Client(headers=headers, trust_env=False) as client:
            return [client.get(sandbox.base_url + path).text for path in paths + more]


def test_the_same_seed_is_the_same_world_and_another_is_another():
    assert everything(3) == everything(3)
    assert all(one != other for one, other in zip(everything(3), everything(4), strict=True))


@pytest.fixture(scope="module")
def world():
    return World(5_000, 1, lambda: NOW)


@pytest.fixture(scope="module")
def contacts(world):
    return world.book.many(np.arange(5_000))


def test_addresses_are_nobodys(contacts):
    allowed = re.compile(r"[a-z.0-9-]+@([a-z-]+\.)?example\.(com|org|net)")
    addresses = [contact.email for contact in contacts if contact.email]
    assert all(allowed.fullmatch(address) for address in addresses)
    assert len(addresses) > 4_000


def test_the_odd_cases_of_real_data_are_there(contacts):
    assert any(c.remote_id is None and c.email is None for c in contacts)
    assert any(c.remote_id is None and c.email for c in contacts)
    assert any(c.remote_id and c.email is None for c in contacts)
    assert {None, ""} <= {c.display_name for c in contacts}
    assert any(c.account.remote_id is None and c.account.display_name == "" for c in contacts)
    assert len({name for c in contacts for name in c.traits}) >= 40
    assert {type(value) for c in contacts for value in c.traits.values()} == {str}


def test_the_past_is_ninety_days_and_never_the_future(world):
    times = [response.last_shown for response in world.responses]
    assert NOW - 91 * 86_400 < min(times) < max(times) < NOW
    assert {response.outcome for response in world.responses} == {
        "completed",
        "partial",
        "dismissed",
        "seen",
    }
    for response in world.responses:
        assert world.book.first_seen[response.contact] <= response.first_shown


def test_a_row_is_the_same_however_it_is_asked_for(world, contacts):
    for row in (0, 17, 4_999):
        assert world.book[row] == contacts[row]


def test_seeded_members_fit_the_rules(world, contacts):
    for segment in world.segments.all:
        assert any(world.book.segments & segment.bit), segment.name
    for contact in contacts:
        attributes = world.attributes(contact)
        for name in ("Pro plan", "Promoters", "Detractors"):
            segment = world.segments.named(name)
            member = segment in world.segments_of(contact)
            assert member == segment.rule.holds(attributes, frozenset()), (name, contact.row)


def test_every_contact_is_found_by_each_reference(world, contacts):
    for contact in contacts[::250]:
        assert world.book.find(uuid=contact.uuid).row == contact.row
        if contact.remote_id:
            assert world.book.find(contact.remote_id).row == contact.row
        if contact.email:
            assert world.book.find(email=contact.email.upper()).email == contact.email


def test_an_empty_world_works():
    empty = World(0, 1, lambda: NOW)
    assert len(empty.book) == len(empty.responses) == 0
    with pytest.raises(LookupError):
        empty.visit("completed")
    empty.identify("n-1", "", {}, None)
    assert len(empty.book) == 1


def test_more_than_a_thousand_traits_are_dropped_silently():
    world = World(1, 1, lambda: NOW)
    contact = world.identify("n-1", "", {f"trait_{n}": n for n in range(1_100)}, None)
    assert 900 < len(contact.traits) < 1_000


@given(st.integers(0, 2**32 - 1), st.integers())
def test_uuids_lead_back_to_their_numbers(number, seed):
    series = UuidSeries(seed, "contact")
    assert series.number(series[number]) == number
    assert UuidSeries(seed, "account").number(series[number]) is None


@given(st.integers(0, 2**31 - 1))
def test_each_spelling_of_a_time_is_read_back(seconds):
    assert parse(iso(seconds)) == parse(plain(seconds)) == seconds


@given(
    st.lists(st.text(max_size=3) | st.none(), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 29), st.text(max_size=3), st.booleans()), max_size=20),
)
def test_an_ordering_follows_changes(texts, changes):
    rows = np.arange(len(texts))
    alive = np.ones(len(texts), bool)

    def keys_of(rows):
        return a_to_z([texts[row] for row in rows], rows)

    ordering = Ordering(rows, keys_of)
    for row, text, lives in changes:
        if row < len(texts):
            texts[row], alive[row] = text, lives
            ordering.stale.add(row)
            ordering.refresh(alive)
    fresh = Ordering(np.flatnonzero(alive), keys_of)
    assert ordering.rows.tolist() == fresh.rows.tolist()
