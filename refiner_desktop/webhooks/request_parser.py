"""Requests out of the bytes of a connection: httptools, with caps, and no way out of HTTP/1.1."""

from __future__ import annotations

from typing import Protocol

import httptools

from refiner_desktop.webhooks.hooks import RawHeaders

HEAD_LIMIT = 64 * 1024
"""Bytes that a request's head and the headers behind its body may have together."""


class HeadTooLarge(Exception):
    """A head, or what stands behind a chunked body, is over `HEAD_LIMIT`."""


class NotHttp(Exception):
    """What came is no HTTP that could be read on."""


class Reader(Protocol):
    """Gets the requests of one connection, bit by bit."""

    def begin(self) -> None:
        """Note that the first byte of a request is there."""

    def head(self, method: str, target: bytes, headers: RawHeaders, *, goes_on: bool) -> None:
        """Take a head. Headers behind the body join `headers` before `end`.

        `goes_on` is whether the sender wants to keep the connection.
        """

    def body(self, part: bytes) -> None:
        """Take some of the body."""

    def end(self) -> None:
        """Note that the request is whole."""


class RequestParser:
    """Reads what one connection sends, for a reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._parser = httptools.HttpRequestParser(self)
        self._target = b""
        self._headers: RawHeaders = []
        self._declined: RawHeaders = []
        self._size = self._unnoticed = 0

    def feed(self, data: bytes) -> None:
        """Read on. Raises `HeadTooLarge`, `NotHttp`, and what the reader raises."""
        self._unnoticed += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as exc:
            if self._offers:
                self._decline(data[exc.args[0] :])
        except httptools.HttpParserCallbackError as exc:
            raise exc.__context__ or exc from None
        except httptools.HttpParserError as exc:
            raise NotHttp from exc
        if self._unnoticed > HEAD_LIMIT:  # a line that does not end
            raise HeadTooLarge

    @property
    def _offers(self) -> bool:
        """Whether this request would also go on in another protocol, such as h2c."""
        return self._parser.should_upgrade() and self._parser.get_method() != b"CONNECT"

    def _decline(self, rest: bytes) -> None:
        """Go on in HTTP/1.1, which a server may (RFC 9110, section 7.8).

        httptools leaves the body of such a request unread. So its head is read once more, without
        the offer.
        """
        old, self._declined = self._parser, self._headers
        line = b"%b %b HTTP/%b\r\n" % (
            old.get_method(), self._target, old.get_http_version().encode()
        )  # fmt: skip
        fields = (pair for pair in self._headers if pair[0].lower() != b"upgrade")
        self._parser = httptools.HttpRequestParser(self)
        self.feed(b"".join([line, *(b"%b: %b\r\n" % pair for pair in fields), b"\r\n"]))
        self.feed(rest)

    # What httptools calls

    def on_message_begin(self) -> None:
        self._target, self._headers = b"", []
        self._size = self._unnoticed = 0
        if not self._declined:
            self._reader.begin()

    def on_url(self, url: bytes) -> None:
        self._target += url
        self._size += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._size += len(name) + len(value) + 4
        if self._size > HEAD_LIMIT:
            raise HeadTooLarge
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._offers:
            return
        if self._declined:
            self._headers, self._declined = self._declined, []
        parser = self._parser
        goes_on = parser.should_keep_alive() and not parser.should_upgrade()
        method = parser.get_method().decode("latin-1")
        self._reader.head(method, self._target, self._headers, goes_on=goes_on)

    def on_body(self, body: bytes) -> None:
        self._unnoticed = 0
        self._reader.body(body)

    def on_message_complete(self) -> None:
        if not self._offers:
            self._unnoticed = 0
            self._reader.end()
