"""Who may deliver: judged from a request's head alone."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from msgspec import Struct

from refiner_desktop.webhooks.answering import Answer, answer_of, plain_answer
from refiner_desktop.webhooks.delivery import Verdict
from refiner_desktop.webhooks.hooks import Fields, Hook

OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


_WELCOME_SITES = (b"", b"none")
"""What `Sec-Fetch-Site` says of what no page in a browser has sent."""

_NOT_IN_A_HOST = re.compile(r"[\s/?#@\\,]")


class WrongHost(ValueError):
    """Not the name of a host; the message says what it is instead."""


class Ruling(Struct, frozen=True):
    """What becomes of a request."""

    verdict: Verdict
    answer: Answer | None
    """What it is answered; None when nobody is left to answer."""
    reason: str = ""
    hook: Hook | None = None
    """The hook it was for; None when its path belongs to none."""

    def because(self, reason: str) -> Ruling:
        """Return the same with another reason."""
        return Ruling(self.verdict, self.answer, reason, self.hook)


def refusal(status: int | None, reason: str, hook: Hook | None = None) -> Ruling:
    """Return a ruling against a request; `reason` is a sentence."""
    answer = None if status is None else plain_answer(status, reason)
    return Ruling(Verdict.REFUSED, answer, reason, hook)


def host_name(text: str) -> str:
    """Return the name in what a person wrote: of an address, neither scheme nor port nor path.

    Raises `WrongHost`.
    """
    name = text.strip().lower()
    if "://" in name:
        name = name.partition("://")[2].partition("/")[0]
    name = _without_port(name).rstrip(".")
    if not name or _NOT_IN_A_HOST.search(name) or "*" in name:
        raise WrongHost(f"“{text.strip()}” is not the name of a host, such as hooks.example.org.")
    return name


class Admission:
    """The rules in force. It never changes; other rules are another object, so no lock is needed.

    `hosts` are the names that a Host header may hold, besides IP addresses: in lower case, without
    port. `browsers` lets pages in a browser send.
    """

    def __init__(
        self,
        hooks: Sequence[Hook] = (),
        hosts: Collection[str] = OWN_NAMES,
        *,
        browsers: bool = False,
    ) -> None:
        self._hosts = frozenset(hosts)
        self._browsers = browsers
        self._hooks = {hook.path: hook for hook in reversed(hooks)}  # the first of a path wins
        self._rulings = {
            path: Ruling(Verdict.ACCEPTED, answer_of(hook.answer), hook=hook)
            for path, hook in self._hooks.items()
        }

    @property
    def secret_headers(self) -> frozenset[str]:
        """The headers that tokens are looked for in, in lower case."""
        names = (hook.header.lower() for hook in self._hooks.values())
        return frozenset(("authorization", *names))

    def judge(self, target: str, fields: Fields) -> Ruling:
        """Decide on a request by its target and headers."""
        host, path = fields.get(b"host", b"").decode("latin-1"), target.partition("?")[0]
        if not path.startswith("/"):
            host, path = _absolute(path, host)
        hook = self._hooks.get(path) or self._hooks.get(path.rstrip("/"))
        # A page in a browser can post to this machine, and by DNS rebinding under a name of its
        # own; Refiner's servers send no Origin. An image is fetched without one.
        if not self._browsers:
            if b"origin" in fields:
                return refusal(403, "It came from a page in a browser (Origin header)", hook)
            if fields.get(b"sec-fetch-site", b"") not in _WELCOME_SITES:
                return refusal(403, "It came from a page in a browser (Sec-Fetch-Site)", hook)
        if not self._knows(host):
            return refusal(403, f"It was addressed to another host, {host}", hook)
        if hook is None:
            return refusal(404, "No hook has this path")
        if not hook.accepts(fields):
            return refusal(401, "The token is missing or wrong", hook)
        return self._rulings[hook.path]

    def _knows(self, host: str) -> bool:
        name = _without_port(host.strip().lower())
        # No browser leaves the Host header out, and no name that leads elsewhere is an address.
        return not name or name in self._hosts or _is_address(name)


def _absolute(target: str, host: str) -> tuple[str, str]:
    """Return host and path of a target in the form that proxies get (RFC 9112, section 3.2.2)."""
    scheme, mark, rest = target.partition("://")
    if not mark or scheme.lower() not in ("http", "https"):
        return host, target
    host, slash, path = rest.partition("/")
    return host, slash + path


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and (":" not in name or name[-1] == "]") else host


@lru_cache(maxsize=64)
def _is_address(name: str) -> bool:
    bare = name[1:-1] if name[:1] + name[-1:] == "[]" else name
    try:
        return bool(ipaddress.ip_address(bare))
    except ValueError:
        return False
