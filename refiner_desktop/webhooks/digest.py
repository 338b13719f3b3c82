"""What a delivery is taken for on its arrival, at a cost that no sender can raise."""

from __future__ import annotations

from msgspec import Struct

from refiner_desktop.webhooks.admission import Ruling
from refiner_desktop.webhooks.content import unpacked
from refiner_desktop.webhooks.delivery import Gist, Headers, Kind, Verdict
from refiner_desktop.webhooks.reading import read

READ_LIMIT = 1024 * 1024
"""More is not read: at its worst, JSON takes 40 ms a megabyte, and all senders wait."""

_TOO_LARGE = Gist(sentence=f"Over {READ_LIMIT // 2**20} MB, too large to be read on arrival")


class Digest(Struct, frozen=True):
    """What a list shows of a delivery, and what repeats of it are known by."""

    gist: Gist
    kind: Kind = Kind.OTHER
    project: str = ""
    repeat_key: str = ""
    packed: bool = False
    """Whether the body was compressed."""


def digest(ruling: Ruling, headers: Headers, body: bytes) -> Digest:
    """Read a body, but neither a very large one nor that of a refused request."""
    if ruling.verdict is Verdict.REFUSED:
        return Digest(Gist(sentence=f"Refused: {ruling.reason}"))
    content = unpacked(headers, body, READ_LIMIT + 1)
    if len(content) > READ_LIMIT:
        return Digest(_TOO_LARGE)
    event = read(content)
    packed = content is not body
    return Digest(event.gist, event.kind, event.project, event.repeat_key, packed)
