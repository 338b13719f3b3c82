"""Deliveries written to a file: JSON Lines, a table, or HAR, which browsers' tools read."""

from __future__ import annotations

import csv
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

import msgspec

from refiner_desktop import __version__
from refiner_desktop.api.headers import SECRET_HEADERS, dotted
from refiner_desktop.datasets.errors import Interrupted
from refiner_desktop.datasets.exports.files import replacing
from refiner_desktop.datasets.exports.formats import CSV, JSON_LINES, Format
from refiner_desktop.masking import Mask
from refiner_desktop.services.threads import on_this_loop, stoppable
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.storage.encoding import moment_to_text
from refiner_desktop.webhooks.delivery import Delivery, Headers

HAR = Format("har", "HAR (HTTP Archive)", ".har")
FORMATS = (JSON_LINES, CSV, HAR)

TELL_EVERY = 200

_COLUMNS = (
    "id", "received_at", "hook", "kind", "survey_or_segments", "user", "score", "sentence",
    "verdict", "reason", "answer", "method", "path", "peer", "seconds", "origin", "replay_of",
    "edited", "headers", "body", "encoding",
)  # fmt: skip

_HAR_END = b"\n]}}\n"

Json = dict[str, Any]
Progress = Callable[[int, int], None]


class DeliveryExports:
    """Writes kept deliveries, oldest first, with dots for every secret that is known."""

    def __init__(self, store: DeliveryStore, mask: Mask) -> None:
        self._store = store
        self._mask = mask

    async def export(
        self, ids: Sequence[int], file_format: Format, path: Path, on_progress: Progress
    ) -> int:
        """Write these deliveries and return how many; those that were deleted are left out.

        `path` appears or changes only when all is written, so cancelling leaves no trace.
        `on_progress` hears of the deliveries done and of all. Raises `OSError`.
        """
        write = partial(self._write, sorted(ids), file_format, path, on_this_loop(on_progress))
        return await stoppable(write)

    def _write(
        self,
        ids: Sequence[int],
        file_format: Format,
        path: Path,
        on_progress: Progress,
        should_stop: Callable[[], bool],
    ) -> int:
        deliveries = self._deliveries(ids, on_progress, should_stop)
        with replacing(path) as unfinished, unfinished.open("wb") as file:
            return _WRITERS[file_format](file, deliveries, self._mask)

    def _deliveries(
        self, ids: Sequence[int], on_progress: Progress, should_stop: Callable[[], bool]
    ) -> Iterator[Delivery]:
        for done, number in enumerate(ids, 1):
            if should_stop():
                raise Interrupted("the export was stopped")
            if delivery := self._store.get(number):
                yield delivery
            if done % TELL_EVERY == 0 or done == len(ids):
                on_progress(done, len(ids))


def _write_lines(file: BinaryIO, deliveries: Iterator[Delivery], mask: Mask) -> int:
    count = 0
    for delivery in deliveries:
        file.write(mask.data(msgspec.json.encode(_line(delivery))) + b"\n")
        count += 1
    return count


def _write_har(file: BinaryIO, deliveries: Iterator[Delivery], mask: Mask) -> int:
    creator = msgspec.json.encode({"name": "Refiner Desktop", "version": __version__})
    file.write(b'{"log":{"version":"1.2","creator":%s,"entries":[\n' % creator)
    count = 0
    for delivery in deliveries:
        file.write(b",\n" if count else b"")
        file.write(mask.data(msgspec.json.encode(_entry(delivery))))
        count += 1
    file.write(_HAR_END)
    return count


def _line(delivery: Delivery) -> Json:
    return {
        "id": delivery.id,
        "received_at": moment_to_text(delivery.received_at),
        "hook": delivery.hook,
        "kind": delivery.kind,
        "verdict": delivery.verdict,
        "reason": delivery.reason,
        "sentence": delivery.gist.sentence,
        "peer": delivery.peer,
        "seconds": delivery.seconds,
        "answer": delivery.answer,
        "origin": delivery.origin,
        "replay_of": delivery.replay_of,
        "edited": delivery.edited,
        "method": delivery.method,
        "path": delivery.path,
        "headers": _headers(delivery.headers),
        **_body(delivery.body, "body"),
    }


def _entry(delivery: Delivery) -> Json:
    """Return an entry of a HAR 1.2 log."""
    named = {name.lower(): value for name, value in delivery.headers}
    milliseconds = delivery.seconds * 1000
    return {
        "startedDateTime": moment_to_text(delivery.received_at),
        "time": milliseconds,
        "request": {
            "method": delivery.method,
            "url": _absolute(delivery.path, named.get("host", "127.0.0.1")),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _named(_headers(delivery.headers)),
            "queryString": _named(parse_qsl(delivery.path.partition("?")[2], True)),
            "headersSize": -1,
            "bodySize": delivery.size,
            **_posted(delivery.body, named.get("content-type", "")),
        },
        "response": {
            "status": delivery.answer or 0,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": {"size": -1, "mimeType": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": milliseconds},
        "comment": delivery.gist.sentence,
    }


def _absolute(target: str, host: str) -> str:
    return f"http://{host}{target}" if target.startswith("/") else target


def _posted(body: bytes, content_type: str) -> Json:
    """Return a body as HAR has it: none at all where nothing was sent, and texts alone.

    Names of one's own begin with an underscore there.
    """
    if not body:
        return {}
    data = {"mimeType": content_type, **_body(body, "text")}
    if encoding := data.pop("encoding", ""):
        data |= {"_encoding": encoding, "comment": "The text is the Base64 of the body."}
    return {"postData": data}


def _write_csv(file: BinaryIO, deliveries: Iterator[Delivery], mask: Mask) -> int:
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    count = 0
    for delivery in deliveries:
        writer.writerow([mask.text(cell) for cell in _cells(delivery)])
        count += 1
    text.detach()
    return count


def _cells(delivery: Delivery) -> Iterator[str]:
    """Yield a line's cells: the headers as JSON, and the body as text or Base64."""
    gist, line = delivery.gist, _line(delivery)
    line |= {"survey_or_segments": gist.subject, "user": gist.user, "score": gist.score}
    line["headers"] = msgspec.json.encode(line["headers"]).decode()
    for column in _COLUMNS:
        value = line.get(column)
        yield "" if value is None else str(value)


def _body(body: bytes, name: str) -> Json:
    """Return a body as text, or as Base64 where it is none."""
    try:
        return {name: body.decode()}
    except UnicodeDecodeError:
        return {name: b64encode(body).decode(), "encoding": "base64"}


def _headers(headers: Headers) -> Headers:
    return tuple(
        (name, dotted(value) if name.lower() in SECRET_HEADERS else value)
        for name, value in headers
    )


def _named(pairs: Sequence[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]


_WRITERS: dict[Format, Callable[[BinaryIO, Iterator[Delivery], Mask], int]] = {
    JSON_LINES: _write_lines,
    CSV: _write_csv,
    HAR: _write_har,
}
