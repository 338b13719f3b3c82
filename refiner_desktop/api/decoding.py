"""Takes the compression off an answer, a piece at a time, so that no bomb can go off."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

PIECE = 512 * 1024
"""No piece is longer, however well it was compressed. One takes about a millisecond."""

ENCODINGS = "gzip, deflate"
"""What can be taken off, as `Accept-Encoding` says it."""

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_BEGINS = b"\x1f"


class Damaged(Exception):
    """The bytes are not compressed in the way that their header says."""


class Decoder:
    """Undoes the codings that `Content-Encoding` names. What it does not know stays as it came."""

    def __init__(self, content_encoding: str) -> None:
        codings = [name.strip().lower() for name in content_encoding.split(",")]
        known = all(name in _CODINGS for name in codings)
        self._stages = [_CODINGS[name]() for name in reversed(codings)] if known else []

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what more bytes bring, some of it empty: a pause between two is always short.

        Raises `Damaged`, after all that could be read.
        """
        pieces: Iterable[bytes] = (data,)
        for stage in self._stages:
            pieces = stage.through(pieces)
        yield from pieces

    def finish(self) -> None:
        """Raise `Damaged` if more bytes should have come."""
        if not all(stage.complete for stage in self._stages):
            raise Damaged("the compressed body ends too early")


class _Inflating:
    """One coding; of several `kinds` of zlib, the first that fits the beginning."""

    def __init__(self, *kinds: int) -> None:
        self._kinds = list(kinds)
        self._start()
        self._before_output = b""
        self._silent = True

    @property
    def complete(self) -> bool:
        """Whether the end came, or nothing at all: an answer to HEAD has no body."""
        return self._inflate.eof or (self._silent and not self._before_output)

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for data in pieces:
            yield from self._inflated(data)

    def _start(self) -> None:
        self._inflate = zlib.decompressobj(self._kinds[0])

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        full = False
        while data or full:
            if self._inflate.eof:
                # gzip may go on with another member; what else follows is no part of the body.
                if self._kinds[0] != _GZIP or data[:1] != _GZIP_BEGINS:
                    return
                self._start()
            piece, data = self._next(data)
            full = len(piece) == PIECE
            yield piece

    def _next(self, data: bytes) -> tuple[bytes, bytes]:
        try:
            piece = self._inflate.decompress(data, PIECE)
        except zlib.error as exc:
            if not self._silent or len(self._kinds) == 1:
                raise Damaged(f"the compressed body is damaged: {exc}") from exc
            del self._kinds[0]
            self._start()
            return self._next(self._before_output + data)
        if self._silent:
            self._before_output += data
            self._silent = not piece
        return piece, self._inflate.unused_data or self._inflate.unconsumed_tail


_CODINGS: dict[str, Callable[[], _Inflating]] = {
    "gzip": lambda: _Inflating(_GZIP),
    "x-gzip": lambda: _Inflating(_GZIP),
    # Servers disagree whether deflate has a header.
    "deflate": lambda: _Inflating(zlib.MAX_WBITS, -zlib.MAX_WBITS),
}
