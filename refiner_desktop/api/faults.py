"""Which of our errors an error of httpx means."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from socket import gaierror

import httpx

from refiner_desktop.api.errors import (
    ApiError,
    ConnectionFailed,
    HungUp,
    NameNotResolved,
    NotHttp,
    Redirected,
    TimedOut,
    TlsFailed,
    UnreadableAnswer,
)

# Every error that sending can raise, by its exact class: a test compares this with httpx's tree.
MEANINGS: dict[type[Exception], type[ApiError]] = {
    httpx.HTTPError: ConnectionFailed,
    httpx.RequestError: ConnectionFailed,
    httpx.TransportError: ConnectionFailed,
    httpx.TimeoutException: TimedOut,
    httpx.ConnectTimeout: TimedOut,
    httpx.ReadTimeout: TimedOut,
    httpx.WriteTimeout: TimedOut,
    httpx.PoolTimeout: TimedOut,
    httpx.NetworkError: ConnectionFailed,
    httpx.ConnectError: ConnectionFailed,
    httpx.ReadError: ConnectionFailed,
    httpx.WriteError: ConnectionFailed,
    httpx.CloseError: ConnectionFailed,
    httpx.ProtocolError: ConnectionFailed,
    httpx.LocalProtocolError: ConnectionFailed,
    httpx.RemoteProtocolError: HungUp,
    httpx.ProxyError: ConnectionFailed,
    httpx.UnsupportedProtocol: ConnectionFailed,
    httpx.DecodingError: UnreadableAnswer,
    httpx.TooManyRedirects: Redirected,
}

# A proxy is told the request line before it is asked to connect, so these count as not sent.
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def fault(exc: Exception, *, sent: bool, answered: bool = False) -> ApiError:
    """Return our error for one of httpx, or of the total timeout.

    `maybe_done` is set if the request was on its way, `sent`, when it failed. What happens after
    the server has `answered` is a connection that was dropped.
    """
    causes = list(_causes(exc))
    said = next((text for cause in reversed(causes) if (text := str(cause))), "")
    kind = TimedOut if isinstance(exc, TimeoutError) else MEANINGS.get(type(exc), ConnectionFailed)
    if kind is ConnectionFailed:
        kind = _more_exactly(causes)
    elif kind is HungUp:
        kind = ConnectionFailed if answered else _without_answer(causes)
    return kind(said, maybe_done=sent and not isinstance(exc, _BEFORE_SENDING))


def _more_exactly(causes: list[BaseException]) -> type[ConnectionFailed]:
    if any(isinstance(cause, gaierror | UnicodeError) for cause in causes):
        return NameNotResolved
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return TlsFailed
    return ConnectionFailed


def _without_answer(causes: list[BaseException]) -> type[ConnectionFailed]:
    """Tell bytes that are not HTTP from none: only of those there is a complaint of the parser."""
    _of_httpx, *below = causes
    return NotHttp if len(below) > 1 else HungUp


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    while exc is not None:
        yield exc
        exc = exc.__cause__ or exc.__context__
