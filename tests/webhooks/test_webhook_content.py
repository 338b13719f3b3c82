"""Compressed bodies, opened to be read."""

import gzip
import zlib

import pytest

from refiner_desktop.webhooks.content import unpacked
from refiner_desktop.webhooks.delivery import Kind

BODY = b'{"uuid": "0c6a"}' * 100


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(BODY)),
        ("X-GZip ", gzip.compress(BODY)),
        ("deflate", zlib.compress(BODY)),
        ("identity", BODY),
    ],
)
def test_a_packed_body_is_opened(encoding, packed):
    assert unpacked((("content-Encoding", encoding),), packed) == BODY


def test_without_a_word_about_it_the_bytes_are_left_alone():
    packed = gzip.compress(BODY)
    assert unpacked((("Content-Type", "application/json"),), packed) == packed


@pytest.mark.parametrize("body", [b"", b"no gzip", gzip.compress(BODY)[:-20][20:]])
def test_what_is_damaged_stays_as_it_came(body):
    assert unpacked((("Content-Encoding", "gzip"),), body) == body


def test_what_was_cut_off_is_opened_as_far_as_it_goes():
    assert BODY.startswith(unpacked((("Content-Encoding", "gzip"),), gzip.compress(BODY)[:-9]))


def test_a_bomb_is_opened_no_further_than_the_limit():
    packed = gzip.compress(bytes(10_000_000))
    assert unpacked((("Content-Encoding", "gzip"),), packed, limit=1000) == bytes(1000)


def test_a_packed_delivery_is_kept_as_it_came_and_read_all_the_same(desk):
    packed = gzip.compress(b'{"uuid": "c-1", "email": "ana@example.org", "segments": []}')
    assert desk.send(packed, "Content-Encoding: gzip") == 200
    kept = desk.newest()
    assert kept.body == packed
    assert (kept.kind, kept.gist.user) == (Kind.SEGMENT_ENTERED, "ana@example.org")
