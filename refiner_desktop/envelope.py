"""What the service wraps every list in, and its items, whatever a few of them hold.

API reference, section 2.2.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import msgspec

_ESCAPES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # an emoji, in two halves
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\."
)


class Envelope(msgspec.Struct):
    """A page of a list whose items are not decoded yet: `Raw` looks only where each of them ends.

    A list may be null, or an object if PHP took it for one.
    """

    items: list[msgspec.Raw] | dict[str, msgspec.Raw] | None
    pagination: Any = None

    def rows(self) -> list[msgspec.Raw]:
        """Return the items in their order."""
        return list(self.items.values()) if isinstance(self.items, dict) else self.items or []


def envelope_of(body: bytes) -> Envelope:
    """Open a page; half an emoji in it becomes U+FFFD. Raises what `msgspec.json.decode` does."""
    try:
        return msgspec.json.decode(body, type=Envelope)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return msgspec.json.decode(mended(body), type=Envelope)


def item_of(raw: msgspec.Raw) -> Any:
    """Return what an item holds, mended as a page is; an endless number becomes its own text.

    Raises `ValueError` where nothing helps.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(mended(bytes(raw)), parse_float=_number, parse_constant=str)
    except RecursionError as exc:
        raise ValueError("nested too deeply") from exc


def mended(body: bytes) -> bytes:
    """Return JSON in which half an emoji, or a byte that is no character, is U+FFFD."""
    return _ESCAPES.sub(_whole, body.decode("utf-8", errors="replace")).encode()


def _whole(escape: re.Match[str]) -> str:
    return r"\ufffd" if escape["half"] else escape[0]


def _number(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text
