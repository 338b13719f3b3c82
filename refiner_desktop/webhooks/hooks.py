"""Named webhooks: a path, what it watches, the token that opens it, and what it answers."""

from __future__ import annotations

import hmac
import re
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from refiner_desktop.secret import MASK, Secret
from refiner_desktop.webhooks.delivery import Headers, Kind

RawHeader = tuple[bytes, bytes]
RawHeaders = list[RawHeader]
"""Header names and values as they came."""

Fields = Mapping[bytes, bytes]
"""Header values by their names in lower case; those of one name as a list with commas."""

PREFIX = "/hooks/"
LONGEST_DELAY = 300.0
"""Seconds that an answer may be held back."""
SHORTEST_TOKEN = 16
"""Characters of a token: no fewer are safe from guessing, nor from being a word of a payload."""

_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_OURS = frozenset({"connection", "content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What the sender of a genuine delivery gets: `delay` seconds after it was committed.

    An empty body becomes a short word of ours. Length and connection are the listener's to say.
    """

    status: int = 200
    headers: Headers = ()
    body: str = ""
    delay: float = 0.0

    def problems(self) -> dict[str, str]:
        """Return a sentence for every field that cannot be sent as it is."""
        found = {}
        if not 200 <= self.status <= 599:
            found["status"] = "A final answer has a status from 200 to 599."
        if not 0 <= self.delay <= LONGEST_DELAY:
            found["delay"] = f"An answer waits from 0 to {LONGEST_DELAY:g} seconds."
        for name, value in self.headers:
            if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
                found["headers"] = f"“{name}: {value}” is not a header."
            elif name.lower() in _OURS:
                found["headers"] = f"{name} is set by the listener itself."
        return found


def fields_of(headers: RawHeaders) -> Fields:
    """Return headers by their names. Of one that comes twice, neither value counts alone."""
    fields = {name.lower(): value for name, value in headers}
    if len(fields) < len(headers):
        several: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            several.setdefault(name.lower(), []).append(value)
        fields = {name: b", ".join(values) for name, values in several.items()}
    return fields


@lru_cache(maxsize=64)
def _raw(text: str) -> bytes:
    """Return a header's name, or what stands before its token, as it is compared."""
    return text.lower().encode()


def _new_id() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Hook:
    """A place that Refiner delivers to, such as `/hooks/completed-surveys`."""

    name: str
    path: str
    watches: frozenset[Kind] = frozenset()
    """What it was set up for; empty means everything. Other kinds are kept all the same."""
    token: Secret = Secret("")  # noqa: RUF009  (immutable)
    """The secret that its sender must show; empty means that anyone may send."""
    answer: HookAnswer = HookAnswer()
    forward_to: str = ""
    """The address that its genuine deliveries are passed on to; empty for nowhere."""
    header: str = "Authorization"
    """Where the token is looked for. API reference, section 7.1: unverified, so it can be set."""
    prefix: str = "Bearer"
    id: str = field(default_factory=_new_id)

    @property
    def token_name(self) -> str:
        """The name of its token in the secret store; it outlives a change of name and path."""
        return f"webhook {PREFIX}{self.id}"

    def wants(self, kind: Kind) -> bool:
        """Whether it was set up for this kind."""
        return not self.watches or kind in self.watches

    def accepts(self, fields: Fields) -> bool:
        """Whether the headers show the token. It takes the same time for any wrong one."""
        name, begin = _raw(self.header), _raw(self._scheme)
        shown = fields.get(name, b"")
        has_scheme = shown[: len(begin)].lower() == begin  # its name is in any case
        token = shown[len(begin) :].strip() if has_scheme else b""
        return not self.token or hmac.compare_digest(token, self.token.reveal().encode())

    def mask(self, headers: Headers) -> Headers:
        """Return headers with dots where the token is looked for, whatever stands there."""
        if not self.token:
            return headers
        header, begin = self.header.lower(), self._scheme

        def dotted(value: str) -> str:
            return (value[: len(begin)] if value.lower().startswith(begin) else "") + MASK

        return tuple([(n, dotted(value) if n.lower() == header else value) for n, value in headers])

    @property
    def _scheme(self) -> str:
        """What stands before the token, in small letters."""
        return f"{self.prefix.lower()} " if self.prefix else ""

    def unmask(self, headers: Headers) -> Headers:
        """Return headers with the token of now where a masked one was shown, to be sent again.

        Dots in any other header stand for another secret.
        """
        token = self.token.reveal().encode().decode("latin-1")
        return tuple(
            (name, value.replace(MASK, token) if name.lower() == self.header.lower() else value)
            for name, value in headers
        )

    def problems(self, others: Iterable[Hook] = ()) -> dict[str, str]:
        """Return a sentence for every field that cannot stay as it is, by the field's name."""
        found = self.answer.problems()
        rest = [other for other in others if other.id != self.id]
        if not self.name.strip():
            found["name"] = "A hook needs a name."
        elif any(other.name.casefold() == self.name.casefold() for other in rest):
            found["name"] = "Another hook has this name."
        if not _PATH.fullmatch(self.path):
            found["path"] = "A path begins with / and holds no spaces, ? or #."
        elif any(other.path == self.path for other in rest):
            found["path"] = "Another hook has this path."
        if not _HEADER_NAME.fullmatch(self.header):
            found["header"] = "This is not the name of a header."
        if 0 < len(self.token.reveal()) < SHORTEST_TOKEN:
            found["token"] = f"A token has at least {SHORTEST_TOKEN} characters."
        return found


def default_hooks() -> tuple[Hook, ...]:
    """Return the two hooks that are there from the start, each with a fresh token."""
    return (
        Hook(
            "Completed surveys",
            f"{PREFIX}completed-surveys",
            frozenset({Kind.SURVEY_COMPLETED, Kind.SURVEY_PARTIAL}),
            new_token(),
            id="completed-surveys",
        ),
        Hook(
            "Segment entries",
            f"{PREFIX}segment-entries",
            frozenset({Kind.SEGMENT_ENTERED}),
            new_token(),
            id="segment-entries",
        ),
    )


def new_hook(others: Iterable[Hook], name: str = "New hook") -> Hook:
    """Return a hook with a name, a path and a token of its own, to be edited and then added."""
    rest = tuple(others)
    numbered = (f"{name} {number}" for number in range(2, len(rest) + 3))
    for each in (name, *numbered):
        hook = Hook(each, path_for(each), token=new_token())
        if not hook.problems(rest):
            return hook
    return replace(hook, path=path_for(name, unguessable=True))


def path_for(name: str, *, unguessable: bool = False) -> str:
    """Return the path that a name suggests, with a random end if wanted."""
    words = re.findall(r"[a-z0-9]+", name.lower()) or ["hook"]
    end = [secrets.token_hex(8)] if unguessable else []
    return PREFIX + "-".join([*words, *end])


def new_token() -> Secret:
    """Return a random token that pastes well into any form."""
    return Secret(secrets.token_urlsafe(24))
