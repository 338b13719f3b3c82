"""Takes a delivery in: read, judged, committed, answered, and only then handed on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from msgspec.structs import replace

from refiner_desktop.masking import Mask
from refiner_desktop.webhooks.admission import Admission, Ruling, refusal
from refiner_desktop.webhooks.delivery import Delivery, Headers, Verdict
from refiner_desktop.webhooks.hooks import Fields
from refiner_desktop.webhooks.reading import read

log = logging.getLogger(__name__)

NOT_KEPT = 507  # Insufficient Storage
_WITHOUT_BODY = (204, 304)


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened so far. `received` is `kept`, `failed` and what is being written just now."""

    received: int = 0
    kept: int = 0
    refused: int = 0
    """Those of the kept that were no genuine deliveries."""
    failed: int = 0
    """Those that could not be written to disk; their senders were told so."""


class Reception:
    """The ASGI application behind the listener. It never answers 500.

    `commit` returns a delivery's id once it is on disk. `on_kept` gets the delivery, with its id,
    after the answer. Both get it byte for byte, but for the secrets that `mask` knows. `admission`
    may be replaced at any moment, from any thread.
    """

    def __init__(
        self,
        admission: Admission,
        commit: Callable[[Delivery], Awaitable[int]],
        on_kept: Callable[[Delivery], None],
        mask: Mask,
        body_limit: int,
    ) -> None:
        self.admission = admission
        self._commit = commit
        self._on_kept = on_kept
        self._mask = mask
        self._body_limit = body_limit
        self._too_large = refusal(413, f"The body is over {body_limit:,} bytes")
        self._received = self._kept = self._refused = self._failed = 0

    @property
    def counts(self) -> Counts:
        """How many deliveries came, and what became of them."""
        return Counts(self._received, self._kept, self._refused, self._failed)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one request."""
        try:
            delivery = await self._keep(await self._receive(scope, receive))
        except Exception:
            # A full disk, or a fault of our own: the sender must not take it for delivered.
            log.exception("a delivery could not be kept")
            self._failed += 1
            await _answer(send, NOT_KEPT, "The delivery could not be kept")
            return
        if delivery.answer is not None:
            await _answer(send, delivery.answer, delivery.reason or "Kept")
        self._hand_on(delivery)

    async def _receive(self, scope: dict[str, Any], receive: Any) -> Delivery:
        received_at, started = datetime.now(UTC), perf_counter()
        path, fields = _target(scope), dict(scope["headers"])
        ruling = self.admission.judge(path, fields)
        body, broken = await self._read_body(fields, receive)
        self._received += 1
        if broken:
            ruling = replace(broken, hook=ruling.hook)
        body = self._mask.data(body)
        event = read(body)
        return Delivery(
            ruling.hook,
            received_at,
            scope["method"],
            self._mask.text(path),
            self._legible(scope["raw_headers"]),
            body,
            event.kind,
            ruling.verdict,
            None,
            ruling.status,
            self._mask.text(ruling.reason),
            "{}:{}".format(*scope["client"]) if scope["client"] else "",
            perf_counter() - started,
            event.gist,
            event.project,
        )

    def _legible(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Return raw headers as texts, a character for each byte but where there are dots."""
        mask = self._mask.text
        return tuple(
            [
                (mask(name.decode("latin-1")), mask(value.decode("latin-1")))
                for name, value in headers
            ]
        )

    async def _read_body(self, fields: Fields, receive: Any) -> tuple[bytes, Ruling | None]:
        """Return the body, and a ruling if it is not whole. One that is too large is not kept."""
        length = fields.get(b"content-length", b"")
        if length.isdigit() and int(length) > self._body_limit:
            return b"", self._too_large
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(parts), refusal(None, "The sender left in mid-body")
            parts.append(message["body"])
            size, more = size + len(parts[-1]), message["more_body"]
            if size > self._body_limit:
                return b"", self._too_large
        return b"".join(parts), None

    async def _keep(self, delivery: Delivery) -> Delivery:
        number = await self._commit(delivery)
        self._kept += 1
        self._refused += delivery.verdict is Verdict.REFUSED
        return replace(delivery, id=number)

    def _hand_on(self, delivery: Delivery) -> None:
        try:
            self._on_kept(delivery)
        except Exception:
            log.exception("a kept delivery could not be handed on")


async def _answer(send: Any, status: int, text: str) -> None:
    body = b"" if status in _WITHOUT_BODY else f"{text}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    if status in _WITHOUT_BODY:
        headers.clear()
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _target(scope: dict[str, Any]) -> str:
    path: str = scope["raw_path"].decode("latin-1")
    query: str = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
