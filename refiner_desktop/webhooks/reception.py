"""Takes a delivery in: read, judged, committed, answered, and only then handed on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from time import monotonic, perf_counter
from typing import Protocol

import msgspec
from msgspec import Struct

from refiner_desktop.masking import Mask
from refiner_desktop.webhooks.admission import Admission, Ruling, refusal
from refiner_desktop.webhooks.answering import KEPT, Answer, plain_answer
from refiner_desktop.webhooks.commits import GroupCommit
from refiner_desktop.webhooks.delivery import Delivery, Gist, Headers, Verdict
from refiner_desktop.webhooks.digest import Digest, digest
from refiner_desktop.webhooks.fragments import Allowance, dotted, guess
from refiner_desktop.webhooks.hooks import Fields, RawHeader, RawHeaders
from refiner_desktop.webhooks.marks import HEADER, UNMARKED, Mark, Marks
from refiner_desktop.webhooks.words import words_of

log = logging.getLogger(__name__)

_TEXTS = 1000
_TEXT_LENGTH = 500
"""So many headers of such a length are remembered as texts: most come again and again."""

SHORT_BODY = 256 * 1024
"""Longer ones are read and masked in a thread: 10 MB take half a second, and all senders wait."""
MOST_ASIDE = 4
"""So many at a time, for what waits takes memory; of further ones the senders wait."""

_MARK = HEADER.lower().encode()
_TESTED = plain_answer(200, KEPT)
_NOT_KEPT = plain_answer(507, "The delivery could not be kept")  # Insufficient Storage


class Counts(Struct, frozen=True):
    """What happened so far. What is neither kept nor failed is being written just now."""

    received: int = 0
    kept: int = 0
    refused: int = 0
    """Those of the kept that were no genuine deliveries."""
    failed: int = 0
    """Those that could not be written to disk; their senders were told so."""
    turned_away: int = 0
    """Connections too many, and what was no request and came too often to be kept."""


class Sender(Protocol):
    """Whoever waits for the answer to a request."""

    def answer(self, answer: Answer | None) -> None:
        """Answer the request; None when nothing is to be said any more."""


class Request(Struct):
    """A request as it was read, before anything was made of it."""

    method: str
    """Empty for what was no request; then there is no target either."""
    target: str
    headers: RawHeaders
    ruling: Ruling
    mark: Mark
    peer: str
    received_at: datetime
    started: float
    """By `perf_counter`."""
    body: bytearray = msgspec.field(default_factory=bytearray)


class Reception:
    """Keeps every request and answers it. Whatever happens, the answer is no 500.

    A request is kept byte for byte, but for the secrets that `mask` knows. `on_kept` gets the ids
    of what was committed, after the answers. `admission` may be replaced at any moment, from any
    thread.
    """

    def __init__(
        self,
        admission: Admission,
        commits: GroupCommit,
        on_kept: Callable[[int], None],
        mask: Mask,
        marks: Marks,
    ) -> None:
        self.admission = admission
        self._commits = commits
        self._on_kept = on_kept
        self._mask = mask
        self._marks = marks
        self._aside = 0
        self._fragments = Allowance(monotonic)
        self._masked_by: object = None
        self._texts: dict[RawHeader, tuple[str, str]] = {}
        self._received = self._kept = self._refused = self._failed = self._turned_away = 0

    @property
    def counts(self) -> Counts:
        """How many deliveries came, and what became of them."""
        return Counts(self._received, self._kept, self._refused, self._failed, self._turned_away)

    def judge(self, target: str, headers: RawHeaders, fields: Fields) -> tuple[Ruling, Mark]:
        """Decide on a request by its head, and take our own mark off its headers.

        `fields` are the same headers by their names in lower case.
        """
        mark = UNMARKED
        if (value := fields.get(_MARK)) and (ours := self._marks.read(value)):
            mark = ours
            headers[:] = [pair for pair in headers if pair[0].lower() != _MARK]
        return self.admission.judge(target, fields), mark

    def turn_away(self) -> None:
        """Count what is not kept."""
        self._turned_away += 1

    def take_fragment(
        self, data: bytes, status: int | None, reason: str, peer: str, sender: Sender
    ) -> None:
        """Keep the first bytes of what was no request, unless too many such came lately."""
        ruling = refusal(status, (data and guess(data)) or reason)
        if not data or not self._fragments.take():
            self.turn_away()
            sender.answer(ruling.answer)
            return
        shown = bytearray(dotted(data, self.admission.secret_headers))
        moment, started = datetime.now(UTC), perf_counter()
        self.take(Request("", "", [], ruling, UNMARKED, peer, moment, started, shown), sender)

    def expects(self, port: int) -> bool:
        """Whether what comes from this port is the listener's own test: it is always let in."""
        return port in self._marks.own_ports

    def take(self, request: Request, sender: Sender) -> None:
        """Keep a request and answer it once it is on disk."""
        if request.mark.self_test:
            self._answer_test(request.ruling, sender)
            return
        headers = self._legible(request.headers)
        self._received += 1
        if len(request.body) <= SHORT_BODY or self._aside >= MOST_ASIDE:
            self._keep(partial(self._delivery, request, headers), request, sender)
            return
        self._aside += 1
        loop = asyncio.get_running_loop()
        reading = loop.run_in_executor(None, self._delivery, request, headers)
        reading.add_done_callback(lambda done: self._keep_long(done.result, request, sender))

    def _keep_long(self, read: Callable[[], Delivery], request: Request, sender: Sender) -> None:
        self._aside -= 1
        self._keep(read, request, sender)

    def _keep(self, read: Callable[[], Delivery], request: Request, sender: Sender) -> None:
        try:
            delivery = read()
        except Exception:  # a fault of our own: the sender must not take it for delivered
            log.exception("a delivery could not be read")
            self._fail(sender)
            return

        def settle(number: int | None) -> None:
            if number is None:
                self._fail(sender)
                return
            self._kept += 1
            self._refused += delivery.verdict is Verdict.REFUSED
            sender.answer(request.ruling.answer)
            self._hand_on(number)

        self._commits.add(delivery, settle)

    def _answer_test(self, ruling: Ruling, sender: Sender) -> None:
        """Tell what would become of a delivery that came like this one."""
        if ruling.verdict is Verdict.REFUSED:
            sender.answer(ruling.answer)
        else:
            self._commits.add(
                None, lambda kept: sender.answer(_NOT_KEPT if kept is None else _TESTED)
            )

    def _fail(self, sender: Sender) -> None:
        self._failed += 1
        sender.answer(_NOT_KEPT)

    def _hand_on(self, number: int) -> None:
        try:
            self._on_kept(number)
        except Exception:
            log.exception("a kept delivery could not be handed on")

    def _delivery(self, request: Request, headers: Headers) -> Delivery:
        """Make a delivery of a request; from any thread."""
        ruling, mark, body = request.ruling, request.mark, bytes(request.body)
        found = digest(ruling, headers, body)  # before dots stand in it
        hook, kept = ruling.hook, self._mask.data(body)
        if found.packed or kept is not body:
            found = self._masked(found)
        delivery = Delivery(
            hook.name if hook else "",
            request.received_at,
            request.method,
            self._mask.text(request.target),
            hook.mask(headers) if hook else headers,
            kept,
            found.kind,
            ruling.verdict,
            None,
            ruling.answer.status if ruling.answer else None,
            self._mask.text(ruling.reason),
            request.peer,
            perf_counter() - request.started,
            found.gist,
            found.project,
            found.repeat_key,
            mark.origin,
            mark.replay_of,
            mark.edited,
            hook_id=hook.id if hook else "",
            waits=ruling.verdict is Verdict.ACCEPTED and bool(hook and hook.forward_to),
        )
        words = words_of(delivery, self._mask)
        return msgspec.structs.replace(delivery, words=words) if words else delivery

    def _masked(self, found: Digest) -> Digest:
        mask, gist = self._mask.text, found.gist
        told = (mask(gist.subject), mask(gist.user), gist.score, mask(gist.sentence))
        gist = Gist(*told, mask(gist.uuid), mask(gist.person))
        return msgspec.structs.replace(found, gist=gist, project=mask(found.project))

    def _legible(self, headers: Iterable[RawHeader]) -> Headers:
        """Return raw headers as texts, a character for each byte but where there are dots."""
        if self._mask.state is not self._masked_by:  # it has learned another secret
            self._masked_by = self._mask.state
            self._texts.clear()
        known = self._texts
        return tuple([known.get(pair) or self._made_legible(pair) for pair in headers])

    def _made_legible(self, pair: RawHeader) -> tuple[str, str]:
        name, value = (self._mask.text(raw.decode("latin-1")) for raw in pair)
        if len(self._texts) < _TEXTS and len(value) < _TEXT_LENGTH:
            self._texts[pair] = (name, value)
        return name, value
