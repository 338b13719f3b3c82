r"""The words of a delivery where its bytes don't spell them as a person reads them.

PHP writes `\u00e8` and `\/` into its JSON, a body may be compressed, and SQLite's LIKE knows the
capitals of ASCII alone. Of all other deliveries the bytes themselves are searched.
"""

from __future__ import annotations

import json
import re

from refiner_desktop.masking import Mask
from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.content import unpacked
from refiner_desktop.webhooks.delivery import Delivery, Verdict

LIMIT = 256 * 1024
"""So many bytes of a body are made legible; what lies beyond is searched as it came."""

REFUSED_LIMIT = 16 * 1024
"""A stranger can't make the listener work long."""

# Several in a row are read together. It begins with a backslash, which is found at once.
_ESCAPE = r"""\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])"""
_ESCAPES = re.compile(f"{_ESCAPE}(?:{_ESCAPE})*")


def words_of(delivery: Delivery, mask: Mask) -> str | None:
    """Return what is searched besides the bytes, capitals made small; None when nothing need be.

    `mask` has dotted the bytes, and could not see into what is compressed.
    """
    limit = REFUSED_LIMIT if delivery.verdict is Verdict.REFUSED else LIMIT
    content = unpacked(delivery.headers, delivery.body, limit)
    packed, content = content is not delivery.body, content[:limit]
    if packed:
        content = mask.data(content)
    gist, headers = delivery.gist, (text for pair in delivery.headers for text in pair)
    head = "\n".join((gist.subject, gist.user, gist.sentence, delivery.path, *headers))
    spelled_out = content.isascii() and head.replace(MASK, "").isascii()  # dots have no capitals
    if spelled_out and not packed and b"\\" not in content:
        return None
    return f"{head}\n{unescaped(content.decode('utf-8', 'replace'))}".casefold()


def unescaped(text: str) -> str:
    r"""Return JSON, whole or not, with `\u00e8` and `\/` as the characters that they stand for."""
    text = text.replace("\\/", "/") if "\\\\" not in text else text  # most of them, and quickly
    return _ESCAPES.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    text: str = json.loads(f'"{found[0]}"')
    return text.encode("utf-8", "replace").decode()  # half of a pair is no character
