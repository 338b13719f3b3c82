"""What a sender is answered, as the bytes that go on the wire."""

from __future__ import annotations

from http import HTTPStatus

from msgspec import Struct

from refiner_desktop.webhooks.delivery import Headers
from refiner_desktop.webhooks.hooks import HookAnswer

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
KEPT = "Kept"

_WITHOUT_BODY = (204, 304)
_PLAIN = (("content-type", "text/plain; charset=utf-8"),)
_CLOSE = b"connection: close\r\n"


class Answer(Struct, frozen=True):
    """An answer that is made once and sent many times."""

    status: int
    head: bytes
    """Status line and headers, without the empty line that ends them."""
    body: bytes
    delay: float = 0.0
    """Seconds that it is held back."""
    whole: bytes = b""
    """Head and body as they go to a sender that stays connected."""

    def wire(self, *, close: bool = False, head_only: bool = False) -> bytes:
        """Return the bytes for one request; a HEAD request gets no body."""
        if not close and not head_only:
            return self.whole
        end = _CLOSE + b"\r\n" if close else b"\r\n"
        return self.head + end + (b"" if head_only else self.body)


def answer_of(answer: HookAnswer) -> Answer:
    """Return what a hook answers a genuine delivery."""
    headers = answer.headers
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, *_PLAIN)
    text = answer.body or f"{KEPT}\n"
    return _answer(answer.status, headers, text, answer.delay)


def plain_answer(status: int, text: str) -> Answer:
    """Return an answer that says a sentence."""
    return _answer(status, _PLAIN, f"{text}\n")


def _answer(status: int, headers: Headers, text: str, delay: float = 0.0) -> Answer:
    bare = status in _WITHOUT_BODY
    body = b"" if bare else text.encode()
    length = () if bare else (("content-length", str(len(body))),)
    kept = [pair for pair in headers if not (bare and pair[0].lower() == "content-type")]
    lines = [f"{name}: {value}\r\n".encode("latin-1") for name, value in (*kept, *length)]
    head = b"".join([b"HTTP/1.1 %d %s\r\n" % (status, _phrase(status)), *lines])
    return Answer(status, head, body, delay, b"".join([head, b"\r\n", body]))


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b""
