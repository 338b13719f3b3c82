"""Answers in other charsets than UTF-8, read as what they say they are."""

from __future__ import annotations

import codecs
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from refiner_desktop.api.exchange import Answer, Body

CHUNK = 1 << 19
_DECLARED = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_UTF_8 = frozenset({"utf-8", "utf-8-sig", "ascii"})
_OF_TEXTS = re.compile(
    r"utf-|iso8859|cp\d|koi8|gb|big5|shift_jis|euc_|iso2022|mac-|hz|tis-|johab|ptcp|kz"
)
"""Python also calls codecs what no text is sent in, such as `rot13` and `punycode`."""


class NotDecoded(ValueError):
    """A body is not what it says it is; the sentence says why."""


def charset(answer: Answer) -> str:
    """Return the charset that an answer declares, or that its first bytes tell; "" for UTF-8.

    It is in small letters as the answer spells it, and perhaps of none that is known.
    """
    found = _DECLARED.search(answer.header("content-type") or "")
    if found is None:
        return "utf-16" if answer.body[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else ""
    name = found[1].lower()
    is_utf_8 = name == "utf8" or answer.body[:3] == BOM_UTF8 or _known(name) in _UTF_8
    return "" if is_utf_8 else name


def in_utf_8(body: Body, name: str) -> Iterator[bytes]:
    """Yield a body of a charset in UTF-8, piece by piece. Raises `NotDecoded`."""
    if not (known := _known(name)):
        raise NotDecoded(f"It says it is {name}, which is not known here; shown as UTF-8.")
    if known == "utf-16" and body[:2] not in (BOM_UTF16_LE, BOM_UTF16_BE):
        known = "utf-16-le"  # as browsers read it
    decoder = codecs.getincrementaldecoder(known)()
    try:
        for start in range(0, len(body), CHUNK):
            text = decoder.decode(body[start : start + CHUNK])
            yield (text if start else text.removeprefix("\ufeff")).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeError as exc:
        raise NotDecoded(f"It says it is {name}, but it is not; shown as UTF-8.") from exc


def _known(name: str) -> str:
    """Return Python's name for a charset; "" where there is none."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return ""
    return known if known == "ascii" or _OF_TEXTS.match(known) else ""
