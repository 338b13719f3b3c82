"""Who may deliver: judged from a request's head alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.webhooks.delivery import Headers, Verdict
from refiner_desktop.webhooks.hooks import Fields, Hook

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Ruling(Struct, frozen=True):
    """What becomes of a request."""

    verdict: Verdict
    status: int | None
    """What it is answered; None when nobody is left to answer."""
    reason: str = ""
    hook: str = ""


def refusal(status: int | None, reason: str, hook: str = "") -> Ruling:
    """Return a ruling against a request; `reason` is a sentence."""
    return Ruling(Verdict.REFUSED, status, reason, hook)


class Admission:
    """The rules in force. It never changes; other rules are another object, so no lock is needed.

    `hosts` are the names that a Host header may hold: in lower case, without port.
    """

    def __init__(self, hooks: Sequence[Hook] = (), hosts: Collection[str] = LOOPBACK) -> None:
        self.hosts = frozenset(hosts)
        self._hooks = {hook.path: hook for hook in reversed(hooks)}  # the first of a path wins
        self._rulings = {
            path: Ruling(Verdict.ACCEPTED, hook.status, hook=hook.name)
            for path, hook in self._hooks.items()
        }
        self._token_headers = {hook.header.lower() for hook in hooks}
        # Header texts hold a byte per character; a token may be any text.
        self._tokens = [Secret(hook.token.reveal().encode().decode("latin-1")) for hook in hooks]

    def judge(self, path: str, fields: Fields) -> Ruling:
        """Decide on a request by its target and headers."""
        path = path.partition("?")[0]
        hook = self._hooks.get(path)
        name = hook.name if hook else ""
        # A page in a browser can post to this machine, and by DNS rebinding under a name of its
        # own; Refiner's servers send no Origin.
        if b"origin" in fields:
            return refusal(403, "It came from a page in a browser (Origin header)", name)
        if not self._knows(host := fields.get(b"host", b"").decode("latin-1")):
            return refusal(403, f"It was addressed to another host, {host}", name)
        if hook is None:
            return refusal(404, "No hook has this path")
        if not hook.accepts(fields):
            return refusal(401, "The token is missing or wrong", name)
        return self._rulings[path]

    def legible(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Return raw headers as texts, without any hook's token in clear."""
        texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        return tuple(
            [
                (name, self._masked(value))
                if name.lower() in self._token_headers
                else (name, value)
                for name, value in texts
            ]
        )

    def _masked(self, value: str) -> str:
        for token in self._tokens:
            value = Mask(token).text(value)
        return value

    def _knows(self, host: str) -> bool:
        host = host.strip().lower()
        name, colon, port = host.rpartition(":")
        # No browser leaves the Host header out.
        return not host or (name if colon and port.isdigit() else host) in self.hosts
