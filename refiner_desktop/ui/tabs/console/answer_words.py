"""An answer of the console in words."""

from __future__ import annotations

import re
from http import HTTPStatus

from refiner_desktop.api.exchange import Answer, Body, CallRequest, Pairs, Timings
from refiner_desktop.secret import MASK
from refiner_desktop.services.requests.all_pages import PagesProgress
from refiner_desktop.services.requests.credentials import is_credential, text_without_key
from refiner_desktop.storage.exchange_rows import ExchangeRecord, ExchangeState
from refiner_desktop.ui.amounts import counted, milliseconds, number, size

_PHASES = (
    ("dns", "name"), ("connect", "connect"), ("tls", "TLS"), ("wait", "wait"), ("read", "read"),
)  # fmt: skip
_STATES = {
    ExchangeState.IN_FLIGHT: "No answer yet",
    ExchangeState.FAILED: "No answer",
    ExchangeState.INTERRUPTED: "Interrupted: the application ended before the answer came",
}
_SNIFFED = 4_096
_LONGEST_ADDRESS = 70
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SUFFIXES = {
    "json": ".json", "html": ".html", "xml": ".xml", "csv": ".csv", "png": ".png", "jpeg": ".jpg",
    "gif": ".gif", "webp": ".webp", "svg": ".svg", "pdf": ".pdf", "zip": ".zip",
}  # fmt: skip


def status_line(answer: Answer) -> str:
    """Return status, time and size."""
    phrase = answer.reason or _phrase(answer.status)
    what = f"{answer.status} {phrase}".strip()
    return f"{what} · {milliseconds(answer.seconds)} · {size(len(answer.body))}"


def counted_items(pages: int, items: int, total: int = 0) -> str:
    """Return how many items came with how many pages, and of how many in all."""
    of = f" of {number(total)}" if total > items else ""
    return f"{number(items)}{of} items from {counted(pages, 'page')}"


def pages_line(progress: PagesProgress, answer: Answer) -> str:
    """Return what came with all pages, and the status line of the first."""
    came = counted_items(progress.pages, progress.items, progress.total)
    return f"{came} · the first: {status_line(answer)}"


def facts(answer: Answer) -> str:
    """Return the phases of the time, what was on the wire, and whether our key was sent."""
    parts = [phases(answer.timings)]
    if answer.wire_size and answer.wire_size != len(answer.body):
        parts.append(f"{size(answer.wire_size)} on the wire")
    parts.append(answer.http_version)
    if not answer.with_key:
        parts.append("sent without the key")
    return " · ".join(filter(None, parts))


def phases(timings: Timings) -> str:
    """Return where the time went, as far as it is known."""
    known = ((word, getattr(timings, name)) for name, word in _PHASES)
    return ", ".join(f"{word} {milliseconds(time)}" for word, time in known if time is not None)


def role_of(status: int) -> str:
    """Return the colour role of a status."""
    return "success" if status < 300 else "warning" if status < 400 else "danger"


def no_answer(record: ExchangeRecord) -> str:
    """Say why a call of the history has no answer."""
    reason = f": {record.error}" if record.error else ""
    return f"{_STATES.get(record.state, 'No answer')}{reason}"


def as_sent(answer: Answer) -> str:
    """Return the head of a request as it was sent, its secrets as dots."""
    lines = [f"{answer.method} {text_without_key(answer.url)} {answer.http_version}"]
    lines += [f"{name}: {value}" for name, value in answer.request_headers]
    return "\n".join(lines)


def as_asked(request: CallRequest) -> str:
    """Return the head of a request of which nothing more is known than what was asked for."""
    lines = [f"{request.method} {address(request.path, request.query)}"]
    lines += [f"{name}: {_dotted(name, value)}" for name, value in request.headers]
    return "\n".join(lines)


def address(path: str, query: Pairs) -> str:
    """Return a path with its query as a person reads it, credentials as dots."""
    path = text_without_key(path)
    pairs = "&".join(f"{name}={_dotted(name, value)}" for name, value in query)
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{pairs}" if pairs else path


def shortened(location: str) -> str:
    """Return both ends of an address, as a button has room for them."""
    if len(location) <= _LONGEST_ADDRESS:
        return location
    return f"{location[: _LONGEST_ADDRESS // 2]}…{location[-_LONGEST_ADDRESS // 2 :]}"


def _dotted(name: str, value: str) -> str:
    return MASK if is_credential(name) else value


def media_type(answer: Answer) -> str:
    """Return what the answer says it is, without parameters and in small letters."""
    return (answer.header("content-type") or "").partition(";")[0].strip().lower()


def is_image(answer: Answer) -> bool:
    """Whether the body is to be looked at."""
    return media_type(answer).startswith("image/") and len(answer.body) > 0


def is_binary(body: Body) -> bool:
    """Whether a body is no text."""
    return _CONTROL.search(bytes(body[:_SNIFFED])) is not None


def is_json(answer: Answer) -> bool:
    """Whether a body is JSON or looks like it."""
    begin = bytes(answer.body[:64]).lstrip()[:1]
    return "json" in media_type(answer) or begin in (b"{", b"[")


def file_name(answer: Answer, path: str) -> str:
    """Return a name for a file with the body."""
    stem = re.sub(r"[^\w.-]+", "-", path.partition("?")[0]).strip("-.") or "answer"
    kind = media_type(answer)
    suffix = next((suffix for word, suffix in _SUFFIXES.items() if word in kind), "")
    if not suffix:
        suffix = ".json" if is_json(answer) else ".bin" if is_binary(answer.body) else ".txt"
    return stem if stem.endswith(suffix) else stem + suffix


def is_paged(answer: Answer) -> bool:
    """Whether there seem to be pages: a list says so at its end, or at its beginning.

    No other method than GET is ever sent again by itself, whatever its answer looks like.
    """
    ends = bytes(answer.body[:2_000]) + bytes(answer.body[-2_000:])
    return answer.method == "GET" and answer.status < 300 and b'"pagination"' in ends


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
