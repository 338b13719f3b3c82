"""What reached the listener and is no request: what it probably was, and how much of it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from refiner_desktop.secret import MASK

FRAGMENT_LIMIT = 64 * 1024
"""So many of its first bytes are kept."""

AT_ONCE = 20
PER_SECOND = 1.0
"""A port scanner, or somebody who sends noise all day, must not fill the list."""

_SENDERS: tuple[tuple[bytes, str], ...] = (
    (b"\x16\x03", "It spoke TLS to a plain port: use http://, not https://"),
    (b"PRI * HTTP/2", "It began in HTTP/2: the listener speaks HTTP/1.1"),
    (b"PROXY ", "It began with a PROXY protocol line: turn that off in the tunnel"),
    (b"\r\n\r\n\x00\r\nQUIT\n", "It began with a PROXY protocol head: turn that off in the tunnel"),
    (b"SSH-", "It is not HTTP, but an SSH client"),
    (b"\x05\x01", "It is not HTTP, but a client of a SOCKS proxy"),
    (b"\x04\x01", "It is not HTTP, but a client of a SOCKS proxy"),
)
_REQUEST_LINE = re.compile(rb"[A-Za-z]{2,20} \S")


def guess(data: bytes) -> str:
    """Say what these first bytes probably are, as a sentence; empty for the head of a request."""
    for beginning, sentence in _SENDERS:
        if data.startswith(beginning):
            return sentence
    return "" if _REQUEST_LINE.match(data) else "It is not HTTP"


def dotted(data: bytes, names: Iterable[str]) -> bytes:
    """Return raw lines with dots for what stands behind these header names, cut off or not."""
    either = "|".join(re.escape(name) for name in sorted(names)).encode("latin-1")
    return re.sub(rb"(?im)^((?:%b)[ \t]*:)[^\r\n]*" % either, rb"\1 " + MASK.encode(), data)


class Allowance:
    """Lets `AT_ONCE` pass, and further ones at `PER_SECOND`; `now` tells the seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._left, self._seen = float(AT_ONCE), now()

    def take(self) -> bool:
        """Claim one; return False when there is none left just now."""
        now = self._now()
        self._left = min(AT_ONCE, self._left + (now - self._seen) * PER_SECOND)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
