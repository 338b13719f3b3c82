"""What can go wrong with a call, as a tree of errors.

::

    ApiError
      x ConnectionFailed        refused, unreachable, or dropped on the way
        + NameNotResolved       no address behind the host name
        + TlsFailed             no trust: certificate, host name or protocol
        + HungUp                it took the connection and ended it without an answer
        + NotHttp               it said something that is no answer of HTTP
      x TimedOut                no answer in time
      x KeyRejected             401 or 403 in other words than the three below
        + KeyMissing            no key, or one too short to be taken for a key
        + KeyMalformed          does not look like a key
        + KeyUnknown            looks like a key, but opens nothing
      x RateLimited             429: too many calls a minute
      x Refused                 any other 4xx
        + NotFound              404 that is not about the key
      x ServerFailed            5xx
      x Redirected              3xx: redirects are never followed
      x UnreadableAnswer        2xx with a body that cannot be what was asked for
        + TooLong               more bytes than are taken from any answer
        + NotRefiner            not JSON, or not this service: a proxy's page, a wrong address

Misuse that is seen before anything is sent (an empty user reference, a header with a line break) is
a `ValueError` and not part of this tree. Nor is `ReadOnly`: nothing was sent there either.
"""

from __future__ import annotations

SAID_LENGTH = 300


class ReadOnly(Exception):
    """The client only reads: a call other than GET was refused before anything was sent."""


class ApiError(Exception):
    """A call that brought no usable answer.

    `status` is the HTTP status, None if no answer came. `said` is the server's or the system's own
    text, at most 300 characters, empty if there is none. `maybe_done` tells that a call which must
    not be repeated blindly may have had its effect all the same. `host` is the name of another
    server than the service's own, which the call went to.
    """

    host: str = ""

    def __init__(
        self, said: str = "", *, status: int | None = None, maybe_done: bool = False
    ) -> None:
        super().__init__(said)
        self.said = said[:SAID_LENGTH]
        self.status = status
        self.maybe_done = maybe_done

    def __str__(self) -> str:
        status = f"{self.status}: " if self.status else ""
        return f"{status}{self.said or type(self).__name__}"


class ConnectionFailed(ApiError):
    """The server refused, could not be reached, or dropped the connection."""


class NameNotResolved(ConnectionFailed):
    """No address is known for the host name: a typing error, or no network."""


class TlsFailed(ConnectionFailed):
    """The server could not prove who it is, or does not speak TLS there."""


class HungUp(ConnectionFailed):
    """The server ended the connection before it had answered; it may speak another protocol."""


class NotHttp(ConnectionFailed):
    """The server answered with something that is not HTTP."""


class TimedOut(ApiError):
    """No complete answer in the time that `Timeouts` allow."""


class KeyRejected(ApiError):
    """The server does not let this key do this."""


class KeyMissing(KeyRejected):
    """The server saw no key, or one too short to be taken for a key."""


class KeyMalformed(KeyRejected):
    """The key does not look like one; `status` is None if it could not even be sent."""


class KeyUnknown(KeyRejected):
    """The key looks right but opens no environment: revoked, or of another service."""


class RateLimited(ApiError):
    """Too many calls a minute. `retry_after` is the wait in seconds that the server asks for."""

    retry_after: float | None = None


class Refused(ApiError):
    """The server understood and declined: a wrong parameter, say."""


class NotFound(Refused):
    """No such contact, survey, segment, response or path."""


class ServerFailed(ApiError):
    """The server, or a gateway before it, failed."""


class Redirected(ApiError):
    """The server points elsewhere. `location` is where, None if it does not say."""

    location: str | None = None


class UnreadableAnswer(ApiError):
    """The call succeeded, but its body is damaged or lacks what it must hold."""


class TooLong(UnreadableAnswer):
    """The answer goes on beyond the cap; it may have no end."""


class NotRefiner(UnreadableAnswer):
    """The answer comes from something else: a proxy, a sign-in page, another service."""
