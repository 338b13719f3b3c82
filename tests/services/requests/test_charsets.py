"""Answers in other charsets than UTF-8."""

import pytest

from refiner_desktop.api.exchange import Answer
from refiner_desktop.services.requests.charsets import CHUNK, NotDecoded, charset, in_utf_8


def _answer(kind, body=b"{}"):
    return Answer(
        status=200, reason="", http_version="", headers=(("content-type", kind),), method="GET",
        url="", request_headers=(), with_key=True, seconds=0, body=body,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body", "name"),
    [
        ("text/html; charset=ISO-8859-1", b"a", "iso-8859-1"),
        ('text/html; Charset = "Windows-1252"', b"a", "windows-1252"),
        ("application/json; charset=UTF8", b"{}", ""),
        ("text/plain; charset=us-ascii", b"a", ""),
        ("text/plain; charset=no-such", b"a", "no-such"),
        ("text/plain; charset=latin-1", "é".encode("utf-8-sig"), ""),
        ("application/json", "{}".encode("utf-16"), "utf-16"),
        ("application/json", b"{}", ""),
    ],
)
def test_a_charset_is_what_is_declared_or_what_the_first_bytes_tell(kind, body, name):
    assert charset(_answer(kind, body)) == name


@pytest.mark.parametrize("name", ["latin-1", "utf-16", "utf-16-be", "utf-32-le", "cp1252"])
def test_texts_of_many_pieces_are_decoded_whole(name):
    text = "aé" * CHUNK
    assert b"".join(in_utf_8(text.encode(name), name)).decode() == text


def test_a_mark_at_the_beginning_is_no_part_of_the_text():
    assert b"".join(in_utf_8(b"\xff\xfea\0", "utf-16le")) == b"a"
    assert b"".join(in_utf_8(b"a\0", "utf-16")) == b"a"  # nor is it missed


@pytest.mark.parametrize(
    ("body", "name", "why"),
    [
        (b"a", "no-such", "not known"),
        (b"a", "rot13", "not known"),
        (b"xn--a", "punycode", "not known"),
        (b"a", "utf-16", "it is not"),
        (b"\xff", "shift_jis", "it is not"),
    ],
)
def test_what_is_not_what_it_says_is_refused_in_words(body, name, why):
    with pytest.raises(NotDecoded, match=why):
        list(in_utf_8(body, name))
