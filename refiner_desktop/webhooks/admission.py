"""Who may deliver: judged from a request's head alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from refiner_desktop.webhooks.answering import Answer, answer_of, plain_answer
from refiner_desktop.webhooks.delivery import Verdict
from refiner_desktop.webhooks.hooks import Fields, Hook

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Ruling(Struct, frozen=True):
    """What becomes of a request."""

    verdict: Verdict
    answer: Answer | None
    """What it is answered; None when nobody is left to answer."""
    reason: str = ""
    hook: Hook | None = None
    """The hook it was for; None when its path belongs to none."""

    def on(self, hook: Hook | None) -> Ruling:
        """Return the same about a request to this hook."""
        return Ruling(self.verdict, self.answer, self.reason, hook)


def refusal(status: int | None, reason: str, hook: Hook | None = None) -> Ruling:
    """Return a ruling against a request; `reason` is a sentence."""
    answer = None if status is None else plain_answer(status, reason)
    return Ruling(Verdict.REFUSED, answer, reason, hook)


class Admission:
    """The rules in force. It never changes; other rules are another object, so no lock is needed.

    `hosts` are the names that a Host header may hold: in lower case, without port. `browsers` lets
    pages in a browser send.
    """

    def __init__(
        self,
        hooks: Sequence[Hook] = (),
        hosts: Collection[str] = LOOPBACK,
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

    def judge(self, path: str, fields: Fields) -> Ruling:
        """Decide on a request by its target and headers."""
        path = path.partition("?")[0]
        hook = self._hooks.get(path)
        # A page in a browser can post to this machine, and by DNS rebinding under a name of its
        # own; Refiner's servers send no Origin.
        if b"origin" in fields and not self._browsers:
            return refusal(403, "It came from a page in a browser (Origin header)", hook)
        if not self._knows(host := fields.get(b"host", b"").decode("latin-1")):
            return refusal(403, f"It was addressed to another host, {host}", hook)
        if hook is None:
            return refusal(404, "No hook has this path")
        if not hook.accepts(fields):
            return refusal(401, "The token is missing or wrong", hook)
        return self._rulings[path]

    def _knows(self, host: str) -> bool:
        host = host.strip().lower()
        name, colon, port = host.rpartition(":")
        # No browser leaves the Host header out.
        return not host or (name if colon and port.isdigit() else host) in self._hosts
