"""What deliveries are searched by, kept by a listener and found by words as a person reads them."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from refiner_desktop.masking import Mask
from refiner_desktop.secret import MASK, Secret
from refiner_desktop.storage.delivery_search import Search
from refiner_desktop.webhooks.delivery import Delivery, Verdict
from refiner_desktop.webhooks.words import LIMIT, REFUSED_LIMIT, unescaped, words_of

NOW = datetime(2026, 3, 4, tzinfo=UTC)
ANSWERS = {"reason": 'Très bien / "super"', "link": "https://a.b/c", "who": "Zoë", "duck": "🦆"}
AS_PHP_WRITES = json.dumps(ANSWERS).replace("/", "\\/").encode()


def delivery(body, *headers, **changes):
    return Delivery("H", NOW, "POST", "/hooks/x", headers, body, **changes)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (AS_PHP_WRITES, ()),
        (json.dumps(ANSWERS, ensure_ascii=False).encode(), ()),
        (gzip.compress(AS_PHP_WRITES), ("Content-Encoding: gzip",)),
    ],
)
@pytest.mark.parametrize(
    "text", ["Très", "TRÈS BIEN", 'bien / "super"', "https://a.b", "zoë", "ZOË", "🦆"]
)
def test_a_delivery_is_found_by_what_a_person_reads(desk, body, headers, text):
    desk.send(body, *headers)
    assert desk.store.count(Search(texts=(text,))) == 1
    assert desk.store.count(Search(texts=(f"{text}x",))) == 0


def test_it_is_still_found_by_its_bytes(desk):
    desk.send(AS_PHP_WRITES)
    assert desk.store.count(Search(texts=("Tr\\u00e8s",))) == 1


def test_of_plain_deliveries_nothing_is_kept_twice():
    headers = ("X", "y"), ("Authorization", f"Bearer {MASK}")
    assert words_of(delivery(b'{"a": "plain"}', *headers), Mask()) is None


def test_what_is_compressed_gives_no_secret_away():
    body = gzip.compress(b"the Secret-Token-0123456789 and more")
    packed = delivery(body, ("Content-Encoding", "gzip"))
    words = words_of(packed, Mask(Secret("Secret-Token-0123456789")))
    assert "secret-token" not in words
    assert "and more" in words


def test_a_long_body_costs_no_more_than_a_part_of_it():
    bomb = delivery(gzip.compress(b"x" * 20 * LIMIT), ("Content-Encoding", "gzip"))
    assert len(words_of(bomb, Mask())) < LIMIT + 100
    assert len(words_of(replace(bomb, verdict=Verdict.REFUSED), Mask())) < REFUSED_LIMIT + 100


@given(st.text())
def test_json_is_read_as_it_was_meant_in_any_spelling(text):
    meant = text.encode("utf-8", "replace").decode()
    assert unescaped(json.dumps(meant)) == f'"{meant}"'


@pytest.mark.parametrize("text", ["\\", "\\u12", "\\x", "\\ud83d", "back\\slash", "\\\\u0041"])
def test_what_is_no_json_does_no_harm(text):
    unescaped(text).encode()


@given(st.text())
def test_capitals_of_any_language_are_made_small(text):
    words = words_of(delivery(("\u00e9" + text).encode("utf-8", "replace")), Mask())
    assert words.endswith(unescaped(text).encode("utf-8", "replace").decode().casefold())
