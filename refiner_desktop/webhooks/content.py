"""A delivery's body as its sender meant it: the bytes that came may be compressed."""

from __future__ import annotations

import zlib

from refiner_desktop.webhooks.delivery import Headers

LIMIT = 10 * 1024 * 1024
"""No more than this is unpacked: 10 KB can hold as many megabytes of zeros."""

_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def unpacked(headers: Headers, body: bytes, limit: int = LIMIT) -> bytes:
    """Return a gzip or deflate body unpacked, at most `limit` bytes of it; any other as it is.

    What is damaged, or compressed in another way, is returned as it came.
    """
    window = _WINDOWS.get(_encoding(headers))
    if window is None:
        return body
    try:
        return zlib.decompressobj(window).decompress(body, limit)
    except zlib.error:
        return body


def _encoding(headers: Headers) -> str:
    for name, value in headers:
        if len(name) == 16 and name.lower() == "content-encoding":  # most need no small letters
            return value.strip().lower()
    return ""
